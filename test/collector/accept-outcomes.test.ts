import { expect, test } from "vitest";
import { ALL_STORED } from "../../collector/collaborators.ts";
import { chatSpan, decodeResponse, jsonLogs, jsonRequest, protobufLogs, START_MS } from "./otlp-request.ts";
import { startCollector } from "./start-collector.ts";

const LOGS = "/v1/logs";
const CALL = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331" };
const SCORE = {
  ...CALL,
  attributes: {
    "gen_ai.evaluation.name": "quality",
    "gen_ai.evaluation.score.value": 0.75,
    "gen_ai.evaluation.score.label": "good",
    "gen_ai.evaluation.explanation": "answers the question",
  },
};

test("stores an evaluation event, the same from JSON and from protobuf", async () => {
  const { collector, post, outcomes } = await startCollector();
  expect((await post(LOGS, jsonLogs([SCORE]))).status).toBe(200);
  await collector.flush();
  expect(outcomes()).toEqual([
    {
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      at_ms: START_MS + 1700,
      received_ms: START_MS + 2000,
      trace_id: CALL.traceId,
      span_id: CALL.spanId,
      response_id: "",
      service: "support-api",
      name: "quality",
      value: 0.75,
      label: "good",
      error_type: "",
      explanation: "answers the question",
    },
  ]);
  // the same event by the other encoding is the same event
  expect((await post(LOGS, protobufLogs([SCORE]))).status).toBe(200);
  await collector.flush();
  expect(outcomes()).toHaveLength(1);
  expect(collector.stats()).toMatchObject({ outcomes: 1, duplicates: 1, logRecords: 2 });
});

test("tells a second outcome of a call from the first one sent again", async () => {
  const { collector, post, outcomes } = await startCollector();
  const second = { ...SCORE, timeMs: START_MS + 1800 };
  const other = { ...SCORE, attributes: { ...SCORE.attributes, "gen_ai.evaluation.score.value": 0.5 } };
  await post(LOGS, jsonLogs([SCORE, second, other, SCORE]));
  await collector.flush();
  expect(outcomes()).toHaveLength(3);
});

test("takes evaluation events that were written on a span", async () => {
  const { collector, post, rows, outcomes } = await startCollector();
  const event = { name: "gen_ai.evaluation.result", attributes: SCORE.attributes };
  const span = { ...chatSpan(1), events: [event, { name: "other", attributes: {} }] };
  expect((await post("/v1/traces", jsonRequest([span]))).status).toBe(200);
  await collector.flush();
  expect(rows()).toHaveLength(1);
  expect(outcomes()).toMatchObject([{ span_id: span.spanId, trace_id: span.traceId, name: "quality", value: 0.75 }]);
});

test("says which events it refused, and why, and keeps the others", async () => {
  const { collector, post, outcomes } = await startCollector();
  const events = [
    SCORE,
    { attributes: SCORE.attributes },
    { ...CALL, attributes: { "gen_ai.evaluation.name": "quality" } },
    { ...CALL, attributes: { "gen_ai.evaluation.score.value": 1 } },
  ];
  const answer = await post(LOGS, jsonLogs(events));
  expect(await answer.json()).toEqual({
    partialSuccess: {
      rejectedLogRecords: "3",
      errorMessage: "refused log records: 1 unlinked-outcome, 2 empty-outcome",
    },
  });
  const binary = await post(LOGS, protobufLogs(events));
  expect(decodeResponse("ExportTraceServiceResponse", new Uint8Array(await binary.arrayBuffer()))).toMatchObject({
    partialSuccess: { rejectedSpans: 3 },
  });
  await collector.flush();
  expect(outcomes()).toHaveLength(1);
});

test("counts other log records and stores nothing of them", async () => {
  const { collector, post, outcomes } = await startCollector();
  const log = { ...SCORE, eventName: "feature_flag.evaluation" };
  expect((await post(LOGS, jsonLogs([log]))).status).toBe(200);
  await collector.flush();
  expect([outcomes(), collector.stats().logRecords]).toEqual([[], 1]);
});

test("counts evaluations of flags by service, flag and variant", async () => {
  const { collector, post } = await startCollector();
  const evaluation = (variant: string) => ({
    eventName: "feature_flag.evaluation",
    attributes: { "feature_flag.key": "model", "feature_flag.result.variant": variant },
  });
  await post(LOGS, jsonLogs([evaluation("canary"), evaluation("baseline")]));
  await post(LOGS, jsonLogs([evaluation("baseline")]));
  expect(collector.stats().flagEvaluations).toEqual([
    { service: "support-api", flag: "model", variant: "canary", count: 1 },
    { service: "support-api", flag: "model", variant: "baseline", count: 2 },
  ]);
});

test("takes note of what an app process says about the outcomes it sent", async () => {
  const { collector, post } = await startCollector();
  const report = (made: number, dropped: number) => ({
    eventName: "leeway.export_report",
    attributes: { "leeway.export.made": made, "leeway.export.sent": made - dropped, "leeway.export.dropped": dropped },
  });
  await post(LOGS, jsonLogs([report(10, 2)]));
  await post(LOGS, jsonLogs([report(5, 0)]));
  const [counters] = collector.stats().outcomeExporters;
  expect(counters).toMatchObject({ service: "support-api", made: 10, sent: 8, dropped: 2 });
  expect(collector.stats().exporters).toEqual([]);
});

test("keeps outcomes on disk while the store is away, and answers a resent one without storing it twice", async () => {
  let isUp = false;
  const stored: number[] = [];
  const { collector, post } = await startCollector(
    {},
    {
      insertOutcomes: async ({ rows }) => {
        if (!isUp) throw new Error("the store is down");
        stored.push(rows);
        return ALL_STORED;
      },
    },
  );
  expect((await post(LOGS, jsonLogs([SCORE]))).status).toBe(200);
  expect((await post(LOGS, jsonLogs([SCORE]))).status).toBe(200);
  await expect(collector.flush()).rejects.toThrow("the store is down");
  expect(collector.stats().outcomeSpool.rows).toBe(1);
  isUp = true;
  await collector.flush();
  expect(stored).toEqual([1]);
});

test("answers 503 when outcomes have no room on disk, and stores the calls all the same", async () => {
  const { collector, post, rows } = await startCollector(
    { batch: { maxRows: 1000, maxDelayMs: 60_000 } },
    { insertOutcomes: () => Promise.reject(new Error("the store is down")) },
  );
  const explanation = "x".repeat(1024);
  const flood = Array.from({ length: 5000 }, (_, index) => ({
    ...SCORE,
    timeMs: START_MS + index / 10,
    attributes: { ...SCORE.attributes, "gen_ai.evaluation.explanation": explanation },
  }));
  const answer = await post(LOGS, jsonLogs(flood));
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
  expect((await post("/v1/traces", jsonRequest([chatSpan(1)]))).status).toBe(200);
  await collector.flush().catch(() => undefined);
  expect(rows()).toHaveLength(1);
  expect(collector.stats().refused["spool-full"]).toBe(1);
});
