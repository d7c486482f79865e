import { afterAll, beforeAll, expect, it } from "vitest";
import { type FakeProvider, startFakeProvider } from "../../demo/fake-provider.ts";
import { freePort } from "../package/start-agent.ts";
import { runApp } from "./run-app.ts";

let provider: FakeProvider;
beforeAll(async () => {
  provider = await startFakeProvider({ seed: 1, models: { good: { latencyMs: { median: 10, sigma: 0 } } } });
});
afterAll(() => provider.close());

const env = async () => ({
  OPENAI_BASE_URL: provider.url,
  LEEWAY_ENDPOINT: `http://127.0.0.1:${await freePort()}`,
});

it("an app whose stderr is read is told that the collector is down", async () => {
  const run = runApp(["--require", "leeway/instrumentation"], "calls.cjs", await env());
  expect([await run.ended, run.output()]).toEqual([0, "chunks 10\n"]);
  expect(run.errors()).toMatch(/^leeway: .*\n/);
});

it("an app whose stderr is closed does not die of our line about it", async () => {
  const run = runApp(["--require", "leeway/instrumentation"], "calls.cjs", await env());
  run.child.stderr?.destroy();
  expect([await run.ended, run.output()]).toEqual([0, "chunks 10\n"]);
});
