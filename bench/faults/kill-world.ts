import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Child, startChild } from "../../demo/child.ts";
import { freePort } from "../../demo/free-port.ts";
import { readerUrl } from "../../demo/reader-url.ts";
import { readStore } from "../../test/e2e/read-store.ts";
import { enginePid } from "../../test/store/embedded/engine-pid.ts";

/** An agent that is killed and started again on the same folder. */
export interface KillWorld {
  readonly collectorUrl: string;
  /** Starts the agent; resolves when it is ready. */
  readonly start: () => Promise<void>;
  readonly isReady: () => Promise<boolean>;
  readonly agent: () => Child;
  /** Process id of the engine, also while it starts; null while there is none. */
  readonly engine: () => Promise<number | null>;
  /** Rows of a query on the store. */
  readonly query: <T>(sql: string) => Promise<readonly T[]>;
  readonly close: () => Promise<void>;
}

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const READY_MS = 120_000;

const DOCUMENT = `migration: m
owner: bench
baseline:  { model: baseline }
candidate: { model: canary }
match:     { service: m, operation: chat }
route:     { flag: m, target: builtin }
stages:
  - { canary: 20%, for: 4h }
rules:
  - { signal: error, limit: 50%, unit: absolute, severity: pause }
`;

/** Waits until `check` is true; a rejection is "not yet". Throws after two minutes, with what was waited for. */
export const until = async (what: string, check: () => Promise<boolean>): Promise<void> => {
  const deadline = performance.now() + READY_MS;
  while (!(await check().catch(() => false))) {
    if (performance.now() > deadline) throw new Error(`${what}: not within two minutes`);
    await sleep(20);
  }
};

/** Writes the documents; nothing is started yet. */
export const createKillWorld = async (): Promise<KillWorld> => {
  const folder = await mkdtemp(join(tmpdir(), "leeway-kills-"));
  const [store, collector, agentPort] = [await freePort(), await freePort(), await freePort()];
  await mkdir(join(folder, "migrations"));
  await writeFile(join(folder, "migrations", "m.yaml"), DOCUMENT);
  await writeFile(
    join(folder, "leeway.yaml"),
    `store:     { url: embedded, dir: .leeway, port: ${store} }
collector: { listen: "127.0.0.1:${collector}" }
agent:     { listen: "127.0.0.1:${agentPort}", tick: 1s, settle: 100ms }
flags:
  builtin: { type: builtin }
`,
  );
  const dir = join(folder, ".leeway");
  const url = await readerUrl(dir, store);
  let agent: Child | null = null;
  const running = (): Child => {
    if (agent === null) throw new Error("the agent was not started");
    return agent;
  };
  const isReady = async (): Promise<boolean> => (await fetch(`http://127.0.0.1:${agentPort}/readyz`)).ok;
  return {
    collectorUrl: `http://127.0.0.1:${collector}`,
    isReady,
    start: async () => {
      agent = await startChild([MAIN, "start"], { cwd: folder });
      // One that ended will not get ready.
      await until("the agent is ready", async () => !running().isRunning() || isReady());
      if (!running().isRunning()) throw new Error(`the agent ended: ${running().output()}`);
    },
    agent: running,
    engine: () => enginePid(dir),
    query: <T>(sql: string) => readStore<T>(url, sql),
    close: async () => {
      await agent?.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};
