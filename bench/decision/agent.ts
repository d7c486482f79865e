import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startChild } from "../../demo/child.ts";
import { freePort } from "../../demo/free-port.ts";
import { readerUrl } from "../../demo/reader-url.ts";
import { readStore } from "../../test/e2e/read-store.ts";

/** An agent in a process of its own, on the embedded engine, with the default tick and settle. */
export interface BenchAgent {
  /** Sends one OTLP/JSON request; throws when it is not taken. */
  readonly send: (body: string) => Promise<void>;
  /** Rows of a query on the store. */
  readonly query: <T>(sql: string) => Promise<readonly T[]>;
  /** Where it listens. */
  readonly urls: { readonly agent: string; readonly collector: string };
  /** What it has printed. */
  readonly output: () => string;
  readonly close: () => Promise<void>;
}

/** The flag system that routes them all: its name and its entry in leeway.yaml. */
export interface BenchTarget {
  readonly name: string;
  readonly entry: string;
}

const BUILTIN: BenchTarget = { name: "builtin", entry: "{ type: builtin }" };

const MAIN = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const READY_MS = 60_000;

const documentOf = (name: string, target: string): string => `migration: ${name}
owner: bench
baseline:  { model: baseline }
candidate: { model: canary }
match:     { service: ${name}, operation: chat }
route:     { flag: ${name}, target: ${target} }
segments:  [input_type]
stages:
  - { canary: 20%, for: 4h }
rules: playbook
projections: { cost_usd: 0.0042 }
`;

/**
 * Starts it with one migration per name: the playbook's rules, a canary share of 20%. `more` are further keys of its
 * section `agent`, such as `tick: 1s`; `target` is where their flags are, of the same names.
 */
export const startBenchAgent = async (
  names: readonly string[],
  more: readonly string[] = [],
  target: BenchTarget = BUILTIN,
): Promise<BenchAgent> => {
  const folder = await mkdtemp(join(tmpdir(), "leeway-bench-"));
  const [store, collector, agent] = [await freePort(), await freePort(), await freePort()];
  const urls = { agent: `http://127.0.0.1:${agent}`, collector: `http://127.0.0.1:${collector}` };
  await mkdir(join(folder, "migrations"));
  await writeFile(
    join(folder, "leeway.yaml"),
    `store:     { url: embedded, dir: .leeway, port: ${store} }
collector: { listen: "127.0.0.1:${collector}" }
agent:     { ${[`listen: "127.0.0.1:${agent}"`, ...more].join(", ")} }
flags:
  ${target.name}: ${target.entry}
`,
  );
  for (const name of names) await writeFile(join(folder, "migrations", `${name}.yaml`), documentOf(name, target.name));
  const storeUrl = await readerUrl(join(folder, ".leeway"), store);
  const child = await startChild([MAIN, "start"], { cwd: folder });
  const deadline = Date.now() + READY_MS;
  while (!(await fetch(`${urls.agent}/readyz`).catch(() => null))?.ok) {
    if (Date.now() > deadline || !child.isRunning()) throw new Error(`the agent is not ready: ${child.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return {
    urls,
    output: child.output,
    send: async (body) => {
      const headers = { "content-type": "application/json" };
      const answer = await fetch(`${urls.collector}/v1/traces`, { method: "POST", headers, body });
      if (!answer.ok) throw new Error(`the collector answered ${answer.status}`);
    },
    query: <T>(sql: string) => readStore<T>(storeUrl, sql),
    close: async () => {
      await child.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
