import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Writable } from "node:stream";
import { afterEach, expect, it } from "vitest";
import { loadConfig } from "../../agent/config/load-config.ts";
import { type Agent, createAgent } from "../../agent/create-agent.ts";
import type { StatusView } from "../../status/status-page.ts";
import { enginePid } from "../store/embedded/engine-pid.ts";
import { recordingLog } from "../store/recording-log.ts";
import { documentText } from "./config/documents.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const SETTINGS = `
store: { port: 0 }
collector: { listen: "127.0.0.1:0" }
agent: { listen: "127.0.0.1:0", tick: 1s, settle: 100ms }
`;

let agent: Agent;
afterEach(() => agent.close());

it("an engine that cannot start is said in the status and the metrics, with the reason, until it runs again", async () => {
  const folder = temporaryDirectory({ "leeway.yaml": SETTINGS, "migrations/m.yaml": documentText() });
  const { log } = recordingLog();
  const stdout = new Writable({ write: (_chunk, _encoding, done) => done() });
  agent = await createAgent(loadConfig(join(folder, "leeway.yaml"), {}), {
    now: Date.now,
    log,
    stdout,
    version: "1.2.3",
  });
  const problems = async (): Promise<string> => {
    const view = (await (await fetch(`${agent.url}/api/v1/status`)).json()) as StatusView;
    return view.problems.join("\n");
  };
  const metric = async (name: string): Promise<string | undefined> =>
    new RegExp(`^leeway_${name} (.+)$`, "m").exec(await (await fetch(`${agent.url}/metrics`)).text())?.[1];
  expect([await problems(), await metric("engine_up"), await metric("engine_restarts_total")]).toEqual(["", "1", "0"]);

  const store = join(folder, ".leeway");
  const config = join(store, "clickhouse", "config");
  await rm(config, { recursive: true });
  await writeFile(config, "in the way");
  process.kill((await enginePid(store)) ?? 0, "SIGKILL");
  await expect.poll(problems).toMatch(/^the embedded engine is down: .*cannot open.*in vain/m);
  expect([await metric("engine_up"), await metric("engine_restarts_total")]).toEqual(["0", "1"]);
  // The rounds of the migration fail for the same reason: it is what people are paged with when this lasts.
  await expect.poll(problems).toMatch(/^m: .*the embedded engine is down: /m);

  await rm(config);
  await expect.poll(problems).toBe("");
  expect(await metric("engine_up")).toBe("1");
}, 150_000);
