import { expect, test } from "vitest";
import { jsonLogs, type LogSpec, protobufLogs, START_MS } from "./otlp-request.ts";
import { startCollector } from "./start-collector.ts";

const LOGS = "/v1/logs";
const ID = "0123456789abcdef0123456789abcdef";
const SERVED = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331" };
const NAMED = {
  "leeway.pair_id": ID,
  "leeway.migration": "bot",
  "leeway.pair.kind": "candidate",
  "leeway.pair.outcome": "paired",
};

const pair = (attributes: LogSpec["attributes"] = {}): LogSpec => ({
  ...SERVED,
  eventName: "leeway.pair",
  attributes: { ...NAMED, ...attributes },
});

test("stores a pair, the same from JSON and from protobuf, once", async () => {
  const { collector, post, pairs } = await startCollector();
  const told = pair({
    "leeway.pair.other_trace_id": "1".repeat(32),
    "leeway.pair.other_span_id": "2".repeat(16),
    "leeway.pair.cluster": "u1",
    "leeway.pair.served_model": "gpt-4o",
    "leeway.pair.other_model": "gpt-5",
    "leeway.segment.tier": "free",
    "leeway.pair.number.length_ratio": 1.25,
    "leeway.pair.label.judge": "tie",
    "leeway.pair.changed": ["text", "tool-lost:search"],
    "leeway.pair.served_values": ["finish:stop"],
    "leeway.pair.other_values": ["finish:length"],
  });
  expect((await post(LOGS, jsonLogs([told]))).status).toBe(200);
  expect((await post(LOGS, protobufLogs([told]))).status).toBe(200);
  await collector.flush();
  expect(pairs()).toEqual([
    {
      ...{ id: ID, at_ms: START_MS + 1700, received_ms: START_MS + 2000, kind: "candidate", outcome: "paired" },
      ...{ calls: 1, migration: "bot", service: "support-api", instance: "" },
      ...{ trace_id: SERVED.traceId, span_id: SERVED.spanId, cluster: "u1", error_type: "" },
      ...{ other_trace_id: "1".repeat(32), other_span_id: "2".repeat(16), segments: { tier: "free" } },
      ...{ served_model: "gpt-4o", other_model: "gpt-5", numbers: { length_ratio: 1.25 }, labels: { judge: "tie" } },
      changed: ["text", "tool-lost:search"],
      served_values: ["finish:stop"],
      other_values: ["finish:length"],
    },
  ]);
  expect(collector.stats()).toMatchObject({ pairs: 1, duplicates: 1, logRecords: 2 });
});

test("stores a count of calls that made no pair, which are of no call", async () => {
  const { collector, post, pairs } = await startCollector();
  const counted = pair({ "leeway.pair.outcome": "sampled-out", "leeway.pair.calls": 40 });
  await post(LOGS, jsonLogs([{ ...counted, traceId: "", spanId: "" }]));
  await collector.flush();
  expect(pairs()).toMatchObject([{ outcome: "sampled-out", calls: 40, trace_id: "", span_id: "" }]);
});

test("refuses what is no pair, says so, and keeps what came with it", async () => {
  const { collector, post, pairs } = await startCollector();
  const broken = [
    pair({ "leeway.pair_id": "zz" }),
    pair({ "leeway.migration": "" }),
    pair({ "leeway.pair.kind": "twin" }),
    pair({ "leeway.pair.outcome": "vanished" }),
  ];
  const answer = await post(LOGS, jsonLogs([...broken, pair()]));
  expect(await answer.json()).toEqual({
    partialSuccess: { rejectedLogRecords: "4", errorMessage: "refused log records: 4 invalid-pair" },
  });
  await collector.flush();
  expect(pairs()).toHaveLength(1);
});

test("bounds what a hostile sender can store in a pair", async () => {
  const { collector, post, pairs } = await startCollector();
  const many = Array.from({ length: 500 }, (_, i) => `code-${i}`);
  const numbers = Object.fromEntries(many.map((name) => [`leeway.pair.number.${name}`, 1.5]));
  await post(
    LOGS,
    jsonLogs([
      pair({
        ...numbers,
        "leeway.pair.number.words": "1",
        "leeway.pair.changed": many,
        "leeway.pair.other_values": ["x".repeat(10_000)],
        "leeway.pair.other_trace_id": "1".repeat(32),
        "leeway.pair.calls": -3,
      }),
    ]),
  );
  await collector.flush();
  const [row] = pairs();
  expect(Object.keys(row?.numbers ?? {})).toHaveLength(64);
  expect(row?.changed).toHaveLength(64);
  expect(row?.other_values).toEqual(["x".repeat(256)]);
  expect(row).toMatchObject({ other_trace_id: "", other_span_id: "", calls: 1 });
});

test("keeps pairs on disk while the store is away", async () => {
  const { collector, post } = await startCollector({}, { insertPairs: () => Promise.reject(new Error("away")) });
  expect((await post(LOGS, jsonLogs([pair()]))).status).toBe(200);
  await expect(collector.flush()).rejects.toThrow("away");
  expect(collector.stats().pairSpool.rows).toBe(1);
});
