import { expect, test } from "vitest";
import { createRefusalLog } from "../../collector/refusal-log.ts";
import { OUTCOME_DAYS, SPAN_DAYS } from "../../core/retention.ts";
import { createSpans } from "../../store/schema/llm-spans.ts";
import { createOutcomeEvents, createOutcomes } from "../../store/schema/outcomes.ts";
import { chatSpan, decodeResponse, jsonLogs, jsonRequest, protobufRequest, START_MS } from "./otlp-request.ts";
import { createRecordingLog } from "./recording-log.ts";
import { startCollector } from "./start-collector.ts";

const DAY_MS = 86_400_000;
const NOW = START_MS + 2000;

const spanAt = (n: number, endMs: number, startMs: number = endMs - 500) => ({ ...chatSpan(n), startMs, endMs });
const oldest = NOW - SPAN_DAYS * DAY_MS;

test("what is refused as too old is what the store drops", () => {
  const placement = { database: "leeway", cluster: null };
  expect(createSpans(placement)).toContain(`TTL toDateTime(end_ms) + INTERVAL ${SPAN_DAYS} DAY`);
  for (const create of [createOutcomeEvents, createOutcomes]) {
    expect(create(placement)).toContain(`+ INTERVAL ${OUTCOME_DAYS} DAY`);
  }
});

test.each([
  ["one that ended ninety days ago", spanAt(1, oldest + 1000), 1, 0],
  ["one that ended a moment before that", spanAt(1, oldest - 1), 0, 1],
  ["one that began before that and has just ended", spanAt(1, NOW, oldest - 1), 0, 1],
  ["one of 1970", spanAt(1, 5000), 0, 1],
])("of calls, %s: %j", async (_what, span, rows, refused) => {
  const { collector, post } = await startCollector();
  expect((await post("/v1/traces", jsonRequest([span]))).status).toBe(200);
  expect(collector.stats()).toMatchObject({ rows, refused: { "too-old": refused, "invalid-time": 0 } });
});

test("a sender of 20,000 dates is told in the answer, in the counters and once in the log; the others' calls are stored", async () => {
  const { collector, post, rows, log } = await startCollector();
  const dates = Array.from({ length: 2000 }, (_, day) => spanAt(day + 10, NOW - (day + 90) * DAY_MS - 1));
  const body = { rejectedSpans: "2000", errorMessage: "refused spans: 2000 too-old" };
  const sender = { resource: { "service.name": "a-sender\nof dates" } };
  for (let request = 0; request < 10; request += 1) {
    const answer = await post("/v1/traces", jsonRequest(dates, sender));
    expect(await answer.json()).toEqual({ partialSuccess: body });
  }
  const binary = await post("/v1/traces", protobufRequest([...dates, chatSpan(1)], sender));
  expect(decodeResponse("ExportTraceServiceResponse", new Uint8Array(await binary.arrayBuffer()))).toMatchObject({
    partialSuccess: { rejectedSpans: 2000 },
  });
  await collector.flush();
  expect(rows()).toHaveLength(1);
  expect(collector.stats().refused["too-old"]).toBe(22_000);
  expect(log.lines.filter((line) => line.includes("kept for 90 days"))).toHaveLength(1);
});

test("times in another unit are told in the answer, in the counters and in the log by the name of the unit", async () => {
  const { collector, post, log, outcomes } = await startCollector();
  const answer = await post("/v1/traces", jsonRequest([spanAt(1, NOW / 1e6), spanAt(2, NOW / 1e3), spanAt(3, NOW)]));
  const errorMessage = "refused spans: 1 milliseconds-as-nanoseconds, 1 microseconds-as-nanoseconds";
  expect(await answer.json()).toEqual({ partialSuccess: { rejectedSpans: "2", errorMessage } });
  expect(collector.stats()).toMatchObject({ rows: 1, refused: { "milliseconds-as-nanoseconds": 1, "too-old": 0 } });
  expect(log.lines.join()).toContain("its times are milliseconds where OTLP has nanoseconds");
  const { traceId = "", spanId = "" } = chatSpan(1);
  const attributes = { "gen_ai.evaluation.name": "quality", "gen_ai.evaluation.score.value": 1 };
  const told = await post("/v1/logs", jsonLogs([{ traceId, spanId, timeMs: NOW / 1e6, attributes }]));
  expect(await told.text()).toContain("1 milliseconds-as-nanoseconds");
  expect(outcomes()).toEqual([]);
});

test("an outcome from before what is kept is refused, one without a time is not", async () => {
  const { collector, post, outcomes } = await startCollector();
  const said = { "gen_ai.evaluation.name": "quality", "gen_ai.evaluation.score.value": 1 };
  const { traceId = "", spanId = "" } = chatSpan(1);
  const at = (timeMs: number) => ({ traceId, spanId, timeMs, attributes: said });
  const tooOld = NOW - OUTCOME_DAYS * DAY_MS - 1;
  const answer = await post("/v1/logs", jsonLogs([at(tooOld), at(tooOld + 2), at(0)]));
  expect(await answer.json()).toEqual({
    partialSuccess: { rejectedLogRecords: "1", errorMessage: "refused log records: 1 too-old" },
  });
  await collector.flush();
  expect(outcomes().map(({ at_ms }) => at_ms)).toEqual([tooOld + 2, NOW]);
});

test("the log tells of each sender and reason once in ten minutes, and never of more than twenty", () => {
  let now = 0;
  const log = createRecordingLog();
  const refusals = createRefusalLog(log, () => now);
  for (let repeat = 0; repeat < 3; repeat += 1) {
    refusals.tell("a", "too-old");
    refusals.tell("a", "invalid-time");
    refusals.tell("b", "too-old");
  }
  expect(log.lines).toHaveLength(3);
  for (let sender = 0; sender < 1000; sender += 1) refusals.tell(`sender ${sender}`, "too-old");
  expect(log.lines).toHaveLength(20);
  now += 600_000;
  refusals.tell("a", "too-old");
  expect(log.lines).toHaveLength(21);
});
