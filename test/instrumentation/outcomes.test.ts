import { mkdtempSync, rmSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type FakeProvider, startFakeProvider } from "../../demo/fake-provider.ts";
import { eventually } from "./eventually.ts";
import { listen, type OtlpReceiver, startOtlpReceiver } from "./otlp-receiver.ts";
import { runApp } from "./run-app.ts";

const REQUIRE = ["--require", "leeway/instrumentation"];

describe("outcomes of an app", () => {
  let provider: FakeProvider;
  let receiver: OtlpReceiver;
  let spool: string;
  beforeAll(async () => {
    provider = await startFakeProvider({ seed: 1, models: { good: { latencyMs: { median: 10, sigma: 0 } } } });
  });
  afterAll(() => provider.close());
  beforeEach(async () => {
    receiver = await startOtlpReceiver();
    spool = mkdtempSync(join(tmpdir(), "leeway-outcomes-"));
  });
  afterEach(async () => {
    await receiver.close();
    rmSync(spool, { recursive: true, force: true });
  });
  const run = (more: Readonly<Record<string, string>> = {}) =>
    runApp(REQUIRE, "outcomes.mjs", { OPENAI_BASE_URL: provider.url, LEEWAY_ENDPOINT: receiver.url, ...more });
  const outcomes = () => receiver.logs.filter(({ eventName }) => eventName === "gen_ai.evaluation.result");

  it("name the span of their call, which is sent beside them, or its response", async () => {
    const app = run();
    expect([await app.ended, app.errors()]).toEqual([0, ""]);
    const { call, responseId, untied } = JSON.parse(app.output());
    expect(untied).toBe(false);
    const [span] = receiver.spans.filter(({ name }) => name === "chat good");
    expect(span).toMatchObject(call);
    expect(span?.attributes["gen_ai.response.id"]).toBe(responseId);
    expect(outcomes().map(({ traceId, spanId, attributes }) => ({ traceId, spanId, attributes }))).toEqual([
      { ...call, attributes: { "gen_ai.evaluation.name": "thumbs", "gen_ai.evaluation.score.label": "up" } },
      {
        attributes: {
          "gen_ai.evaluation.name": "quality",
          "gen_ai.evaluation.score.value": 0.75,
          "gen_ai.response.id": responseId,
        },
      },
      { ...call, attributes: { "gen_ai.evaluation.name": "task_completed", "gen_ai.evaluation.score.value": 1 } },
    ]);
    expect(receiver.logs.map(({ eventName }) => eventName)).toContain("feature_flag.evaluation");
    expect(receiver.requests.map(({ body }) => body).join()).not.toContain("user-1");
  });

  it("survive an outage of the collector and process.exit(): the next process sends them", async () => {
    receiver.answer = () => ({ status: 503 });
    const first = run({ EXIT: "1", LEEWAY_SPOOL_DIR: spool });
    expect(await first.ended).toBe(0);
    expect(receiver.logs).toEqual([]);
    receiver.answer = null;
    const second = run({ LEEWAY_SPOOL_DIR: spool });
    expect(await second.ended).toBe(0);
    await eventually(() => outcomes().length === 6);
    const named = outcomes().map(({ attributes }) => attributes["gen_ai.evaluation.name"]);
    expect(named.sort()).toEqual(["quality", "quality", "task_completed", "task_completed", "thumbs", "thumbs"]);
  });

  it("and everything else that is said about a call reach no model provider, not even as baggage", async () => {
    const seen: IncomingHttpHeaders[] = [];
    const model = await listen(async (incoming, response) => {
      seen.push(incoming.headers);
      for await (const _part of incoming);
      response.writeHead(200, { "content-type": "application/json" }).end('{"id":"r","model":"good","choices":[]}');
    });
    const app = runApp(["--import", "leeway/sdk"], "propagates.mjs", {
      OPENAI_BASE_URL: model.url,
      LEEWAY_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_METRICS_EXPORTER: "none",
      OTEL_LOGS_EXPORTER: "none",
    });
    expect([await app.ended, app.errors()]).toEqual([0, ""]);
    await model.close();
    expect(seen).toHaveLength(1);
    // the app's own tracing is at work …
    expect(seen[0]?.traceparent).toMatch(/^00-/);
    // … and carries nothing of ours
    expect(seen[0]?.baggage).toBeUndefined();
    expect(JSON.stringify(seen)).not.toMatch(/SECRET|canary|leeway/i);
    expect(outcomes()).toHaveLength(1);
  });
});
