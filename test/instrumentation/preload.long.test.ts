import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type FakeProvider, startFakeProvider } from "../../demo/fake-provider.ts";
import { eventually } from "./eventually.ts";
import { type OtlpReceiver, startOtlpReceiver } from "./otlp-receiver.ts";
import { runApp } from "./run-app.ts";

const REQUIRE = ["--require", "leeway/instrumentation"];
const IMPORT = ["--import", "leeway/instrumentation"];

describe("the preload", () => {
  let provider: FakeProvider;
  let receiver: OtlpReceiver;
  beforeAll(async () => {
    provider = await startFakeProvider({ seed: 1, models: { good: { latencyMs: { median: 10, sigma: 0 } } } });
  });
  afterAll(() => provider.close());
  beforeEach(async () => {
    receiver = await startOtlpReceiver();
  });
  afterEach(() => receiver.close());
  const env = (more: Readonly<Record<string, string>> = {}) => ({
    OPENAI_BASE_URL: provider.url,
    LEEWAY_ENDPOINT: receiver.url,
    ...more,
  });
  const names = () => receiver.spans.map(({ name }) => name);

  it("says which Node it needs on one that is too old, and leaves the app alone", async () => {
    const old = "data:text/javascript,Object.defineProperty(process,'version',{value:'v20.20.2'})";
    const run = runApp(["--import", old, ...IMPORT], "custom-fetch.mjs", env());
    expect(await run.ended).toBe(0);
    expect([run.output(), run.errors()]).toEqual([
      "calls 1\n",
      "leeway: instrumentation is off: this is Node v20.20.2; Leeway needs Node 22.15 or newer\n",
    ]);
    expect(names()).toEqual([]);
  });

  it.each([
    ["one span with the preload", REQUIRE, ["chat good"]],
    ["nothing without it", [], []],
  ])("makes of a call through a wrapped custom fetch %s", async (_name, flags, expected) => {
    const run = runApp(flags, "custom-fetch.mjs", env());
    expect(await run.ended).toBe(0);
    expect([run.output(), run.errors()]).toEqual(["calls 1\n", ""]);
    expect(names()).toEqual(expected);
  });

  it.each([
    ["--require, CommonJS", REQUIRE, "calls.cjs", {}],
    ["--require, ES module", REQUIRE, "calls.mjs", {}],
    ["--import, CommonJS", IMPORT, "calls.cjs", {}],
    ["--import, ES module", IMPORT, "calls.mjs", {}],
    ["both flags, once", [...REQUIRE, ...IMPORT], "calls.mjs", {}],
    ["NODE_OPTIONS", [], "calls.mjs", { NODE_OPTIONS: "--import leeway/instrumentation" }],
  ])("records the calls of an app and delivers them before it ends: %s", async (_name, flags, app, more) => {
    const run = runApp(flags, app, env(more));
    expect(await run.ended).toBe(0);
    expect([run.output(), run.errors()]).toEqual(["chunks 10\n", ""]);
    expect(names()).toEqual(["chat good", "chat good"]);
    const [plain, streamed] = receiver.spans;
    expect(plain).toMatchObject({ kind: 3, status: 0, resource: { "service.name": "leeway" } });
    expect(plain?.attributes).toMatchObject({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "good",
      "gen_ai.response.model": "good",
      "gen_ai.response.finish_reasons": ["stop"],
      "http.response.status_code": 200,
      "leeway.attempt": 0,
      "leeway.cohort": "canary",
      "leeway.output.refusal_class": "none",
      "leeway.output.code_fence": false,
      "leeway.output.truncated": false,
      "server.address": "127.0.0.1",
      "server.port": Number(new URL(provider.url).port),
    });
    expect(plain?.attributes["gen_ai.usage.input_tokens"]).toBeGreaterThan(0);
    expect(plain?.attributes["leeway.output.chars"]).toBeGreaterThan(0);
    expect(streamed?.attributes).toMatchObject({ "gen_ai.request.stream": true, "leeway.cohort": "baseline" });
    const ttft = Number(streamed?.attributes["gen_ai.response.time_to_first_chunk"]);
    expect(ttft).toBeGreaterThan(0.001);
    expect(ttft * 1000).toBeLessThan((streamed?.end ?? 0) - (streamed?.start ?? 0) + 1);
  });

  it("does nothing when it is switched off", async () => {
    const run = runApp(REQUIRE, "calls.mjs", env({ LEEWAY_DISABLED: "1" }));
    expect(await run.ended).toBe(0);
    expect(run.output()).toBe("chunks 10\n");
    expect(receiver.requests).toEqual([]);
  });

  it.each([
    [{ LEEWAY_ENDPOINT: "agent:4318" }, "LEEWAY_ENDPOINT"],
    [{ LEEWAY_MAX_QUEUE: "many" }, "LEEWAY_MAX_QUEUE"],
  ])("says in one line what is wrong with its settings, and lets the app run: %j", async (wrong, variable) => {
    const run = runApp(REQUIRE, "calls.mjs", env(wrong));
    expect(await run.ended).toBe(0);
    expect(run.output()).toBe("chunks 10\n");
    expect(run.errors()).toMatch(new RegExp(`^leeway: [^\\n]*${variable}[^\\n]*\\n$`));
  });

  it("neither breaks nor holds up an app whose agent is down or silent", async () => {
    const plain = runApp([], "calls.mjs", env());
    const start = performance.now();
    expect(await plain.ended).toBe(0);
    const alone = performance.now() - start;
    await receiver.close();
    const run = runApp(REQUIRE, "calls.mjs", env());
    const startDown = performance.now();
    expect(await run.ended).toBe(0);
    expect(run.output()).toBe("chunks 10\n");
    // The flush at the end is capped at 2 s; a refused connection is known at once.
    expect(performance.now() - startDown).toBeLessThan(alone * 2 + 2500);
    receiver = await startOtlpReceiver();
  });

  it("instruments the main thread only", async () => {
    const run = runApp(REQUIRE, "worker.mjs", env());
    expect(await run.ended).toBe(0);
    expect(names()).toEqual(["chat good"]);
  });

  it.each([[REQUIRE], [IMPORT]])("instruments worker threads when asked to: %j", async (flags) => {
    const run = runApp(flags, "worker.mjs", env({ LEEWAY_WORKERS: "1" }));
    expect(await run.ended).toBe(0);
    expect([run.errors(), names()]).toEqual(["", ["chat good", "chat good"]]);
    expect(new Set(receiver.spans.map(({ resource }) => resource["service.instance.id"])).size).toBe(2);
  });

  it("delivers before a SIGTERM that the app does not handle ends it, by that signal", async () => {
    const run = runApp(REQUIRE, "waits.mjs", env());
    await eventually(() => run.output().includes("made"));
    run.child.kill("SIGTERM");
    expect(await run.ended).toBe("SIGTERM");
    expect(names()).toEqual(["chat good"]);
  });

  it("leaves a SIGTERM that the app handles to the app", async () => {
    const run = runApp(REQUIRE, "waits.mjs", env({ HANDLE: "1" }));
    await eventually(() => run.output().includes("made"));
    run.child.kill("SIGTERM");
    expect(await run.ended).toBe(7);
    expect(names()).toEqual(["chat good"]);
  });

  it("keeps what fits while the agent is down, counts the rest, and reports it when the agent is back", async () => {
    const port = Number(new URL(receiver.url).port);
    await receiver.close();
    const run = runApp(REQUIRE, "waits.mjs", env({ CALLS: "300", LEEWAY_MAX_QUEUE: "100" }));
    await eventually(() => run.output().includes("made"), 20_000);
    await eventually(() => run.errors().includes("does not take spans"));
    receiver = await startOtlpReceiver(port);
    const report = await eventually(() => receiver.spans.find(({ name }) => name === "leeway.export_report"), 20_000);
    run.child.kill("SIGTERM");
    await run.ended;
    const calls = receiver.spans.filter(({ name }) => name === "chat good");
    expect(calls).toHaveLength(100);
    expect(new Set(calls.map(({ spanId }) => spanId)).size).toBe(100);
    expect(report.attributes).toMatchObject({
      "leeway.export.made": 300,
      "leeway.export.sent": 100,
      "leeway.export.dropped": 200,
    });
    expect(run.errors().trim().split("\n")).toHaveLength(1);
  });
});
