import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { DEFAULT_COLLECTOR_SETTINGS } from "../../collector/collector-settings.ts";
import { createCollector } from "../../collector/create-collector.ts";
import { seededRandom } from "../../core/seeded-random.ts";
import { chatSpan, decodeResponse, jsonRequest, protobufRequest, START_MS } from "./otlp-request.ts";
import { createRecordingLog } from "./recording-log.ts";
import { startCollector } from "./start-collector.ts";
import { temporaryDirectory } from "./temporary-directory.ts";
import { unstored } from "./unstored.ts";

const TRACES = "/v1/traces";

test("stores the calls of an acknowledged request", async () => {
  const { collector, post, rows } = await startCollector();
  const answer = await post(TRACES, jsonRequest([chatSpan(1, { "leeway.cohort": "canary" }), chatSpan(2)]));
  expect([answer.status, await answer.json()]).toEqual([200, {}]);
  await collector.flush();
  expect(rows()).toMatchObject([
    { span_id: "0000000000000002", cohort: "canary", migration: "m", request_model: "gpt-4o", service: "support-api" },
    { span_id: "0000000000000003", cohort: "", received_ms: START_MS + 2000 },
  ]);
});

test.each(["identity", "gzip"])("stores identical rows from protobuf and JSON (%s)", async (compression) => {
  const stored = [];
  for (const body of [Buffer.from(JSON.stringify(jsonRequest([chatSpan(1)]))), protobufRequest([chatSpan(1)])]) {
    const { collector, post, rows } = await startCollector();
    const type = stored.length === 0 ? "application/json; charset=utf-8" : "application/x-protobuf";
    const sent = compression === "gzip" ? gzipSync(body) : body;
    const answer = await post(TRACES, sent, { "content-type": type, "content-encoding": compression });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe(type.split(";")[0]);
    await collector.flush();
    stored.push(rows());
  }
  expect(stored[0]).toHaveLength(1);
  expect(stored[1]).toEqual(stored[0]);
});

test("asks for the cohort with everything an assignment can rest on", async () => {
  const { post, calls } = await startCollector();
  await post(
    TRACES,
    jsonRequest([
      chatSpan(1, {
        "leeway.cohort": "canary",
        "leeway.migration": "to-gpt-5",
        "gen_ai.prompt.name": "support",
        "gen_ai.prompt.version": "42",
        "feature_flag.key": "support-model",
        "feature_flag.result.variant": "baseline",
      }),
    ]),
  );
  expect(calls).toMatchObject([
    {
      service: "support-api",
      operation: "chat",
      request_model: "gpt-4o",
      prompt_name: "support",
      prompt_version: "42",
      flag_key: "support-model",
      flag_variant: "baseline",
      explicitCohort: "canary",
      explicitMigration: "to-gpt-5",
    },
  ]);
});

test("prices a call by its tokens, and leaves an unknown price unknown", async () => {
  const { collector, post, rows } = await startCollector();
  await post(TRACES, jsonRequest([chatSpan(1, { "gen_ai.usage.input_tokens": 500 }), chatSpan(2)]));
  await collector.flush();
  expect(rows().map((row) => row.cost_usd)).toEqual([0.5, null]);
});

test("counts what is no call and stores none of it", async () => {
  const { collector, post, rows } = await startCollector();
  await post(TRACES, jsonRequest([{ attributes: { "http.route": "/" } }, chatSpan(1)]));
  await collector.flush();
  expect(rows()).toHaveLength(1);
  expect(collector.stats()).toMatchObject({ receivedSpans: 2, rows: 1, other: 1, duplicates: 0 });
});

const broken = [chatSpan(1), { ...chatSpan(2), spanId: "" }, { ...chatSpan(3), endMs: START_MS - 9000 }];

test("says in JSON which spans of an accepted request were refused", async () => {
  const { collector, post } = await startCollector();
  const answer = await post(TRACES, jsonRequest(broken));
  expect([answer.status, await answer.json()]).toEqual([
    200,
    { partialSuccess: { rejectedSpans: "2", errorMessage: "refused spans: 1 invalid-id, 1 invalid-time" } },
  ]);
  expect(collector.stats()).toMatchObject({ rows: 1, refused: { "invalid-id": 1, "invalid-time": 1 } });
});

test("says in protobuf which spans of an accepted request were refused", async () => {
  const { post } = await startCollector();
  const answer = await post(TRACES, protobufRequest(broken));
  const body = decodeResponse("ExportTraceServiceResponse", new Uint8Array(await answer.arrayBuffer()));
  expect(body).toMatchObject({ partialSuccess: { rejectedSpans: 2 } });
});

interface Refusal {
  readonly what: string;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly status: number;
  readonly counter: string;
}

const refusals: readonly Refusal[] = [
  { what: "malformed JSON", body: "{", status: 400, counter: "malformed" },
  { what: "broken gzip", headers: { "content-encoding": "gzip" }, status: 400, counter: "malformed" },
  { what: "a body over the limit", body: "x".repeat(30_000), status: 413, counter: "too-large" },
  {
    what: "a body that inflates over the limit",
    headers: { "content-encoding": "gzip" },
    body: new Uint8Array(gzipSync(Buffer.alloc(4_000_000, 32))),
    status: 413,
    counter: "too-large",
  },
  { what: "another type", headers: { "content-type": "text/plain" }, status: 415, counter: "wrong-type" },
  ...["br", "zstd", "deflate", "snappy"].map((encoding) => ({
    ...{ what: `another compression: ${encoding}`, headers: { "content-encoding": encoding } },
    ...{ status: 415, counter: "wrong-type" as const },
  })),
  { what: "no token", headers: { authorization: "" }, status: 401, counter: "unauthorised" },
  { what: "a wrong token", headers: { authorization: "Bearer secres" }, status: 401, counter: "unauthorised" },
  { what: "another path", path: "/v1/profiles", status: 404, counter: "not-found" },
  { what: "a path of Object", path: "/constructor", status: 404, counter: "not-found" },
  { what: "another method", method: "PUT", status: 405, counter: "wrong-method" },
];

test.each(refusals)("refuses $what with $status and goes on", async (refusal) => {
  const { collector, post } = await startCollector({ token: "secret", maxBodyBytes: 20_000 });
  const authorization = "Bearer secret";
  const answer = await fetch(`${collector.url}${refusal.path ?? TRACES}`, {
    method: refusal.method ?? "POST",
    headers: { "content-type": "application/json", authorization, ...refusal.headers },
    body: refusal.body ?? "{}",
  });
  expect([answer.status, await answer.json()]).toEqual([
    refusal.status,
    { code: expect.any(Number), message: expect.stringMatching(/^[^\n]+$/) },
  ]);
  expect(collector.stats().refused).toMatchObject({ [refusal.counter]: 1 });
  expect((await post(TRACES, jsonRequest([chatSpan(1)]), { authorization })).status).toBe(200);
  expect(collector.stats().rows).toBe(1);
});

test("writes errors in protobuf to those who sent protobuf", async () => {
  const { post } = await startCollector();
  const answer = await post(TRACES, new Uint8Array([0x0a, 0x05, 0x01]));
  expect([answer.status, answer.headers.get("content-type")]).toEqual([400, "application/x-protobuf"]);
  const status = decodeResponse("RpcStatus", new Uint8Array(await answer.arrayBuffer()));
  expect(status).toMatchObject({ code: 3, message: expect.stringContaining("ExportTraceServiceRequest") });
});

test("cuts off a sender of an endless body", async () => {
  const { collector } = await startCollector({ maxBodyBytes: 10_000 });
  const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(4096)) });
  const sent = fetch(`${collector.url}${TRACES}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: endless,
    duplex: "half",
  } as RequestInit);
  const status = await sent.then(
    (answer) => answer.status,
    () => "cut off",
  );
  expect([413, "cut off"]).toContain(status);
});

const LOG_RECORD = { timeUnixNano: "1", body: { stringValue: "hi" }, attributes: [] };

test("accepts and counts log records and metrics", async () => {
  const { collector, post } = await startCollector();
  const logs = { resourceLogs: [{ scopeLogs: [{ logRecords: [LOG_RECORD, LOG_RECORD] }] }] };
  const metrics = { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: "m" }] }] }] };
  expect((await post("/v1/logs", logs)).status).toBe(200);
  expect((await post("/v1/metrics", metrics)).status).toBe(200);
  expect((await post("/v1/logs", new Uint8Array(0))).status).toBe(200);
  expect((await post("/v1/logs", { resourceLogs: 7 })).status).toBe(400);
  expect((await post("/v1/metrics", new Uint8Array([0xff]))).status).toBe(400);
  expect(collector.stats()).toMatchObject({ logRecords: 2, metrics: 1, refused: { malformed: 2 } });
});

test("answers every broken body of a fuzz with 200 or 400 and loses nothing else", async () => {
  const random = seededRandom(7);
  const { collector, post, rows } = await startCollector();
  const whole = protobufRequest([chatSpan(0), chatSpan(1)]);
  const statuses = new Set<number>();
  for (let round = 0; round < 150; round += 1) {
    const body = Buffer.from(whole);
    for (let edits = 0; edits < 3; edits += 1) body[Math.floor(random() * body.length)] = Math.floor(random() * 256);
    statuses.add((await post(TRACES, body)).status);
    expect((await post(TRACES, jsonRequest([chatSpan(1000 + round)]))).status).toBe(200);
  }
  await collector.flush();
  const ids = new Set(rows().map((row) => row.span_id));
  expect([...statuses].sort()).toEqual([200, 400]);
  for (let round = 0; round < 150; round += 1) expect(ids).toContain(chatSpan(1000 + round).spanId);
});

test("a resent span is acknowledged again and stored once", async () => {
  const { collector, post, rows } = await startCollector();
  await post(TRACES, jsonRequest([chatSpan(1), chatSpan(1)]));
  await collector.flush();
  expect((await post(TRACES, protobufRequest([chatSpan(1), chatSpan(2)]))).status).toBe(200);
  await collector.flush();
  expect(rows().map((row) => row.span_id)).toEqual([chatSpan(1).spanId, chatSpan(2).spanId]);
  expect(collector.stats()).toMatchObject({ rows: 2, duplicates: 2 });
});

test("a span the store had before the start is not stored again", async () => {
  const { traceId, spanId } = chatSpan(1);
  const asked: number[] = [];
  const { collector, post, rows } = await startCollector(
    {},
    {
      recentSpanKeys: async (sinceMs) => {
        asked.push(sinceMs);
        return [`${traceId}${spanId}`];
      },
    },
  );
  expect((await post(TRACES, jsonRequest([chatSpan(1)]))).status).toBe(200);
  await collector.flush();
  expect(rows()).toEqual([]);
  expect(asked).toEqual([START_MS + 2000 - 900_000]);
});

test("starts without a store and says that repeated calls may slip through", async () => {
  const { post, log } = await startCollector({}, { recentSpanKeys: () => Promise.reject(new Error("no store")) });
  expect((await post(TRACES, jsonRequest([chatSpan(1)]))).status).toBe(200);
  expect(log.lines.join("\n")).toContain("warn collector: recent rows are not known yet");
});

test("moves calls that ended after they arrived to their arrival, and names their sender", async () => {
  const heard: number[] = [];
  const now = START_MS + 1_000;
  const clocks = { now: () => now, heard: (endMs: number) => void heard.push(endMs) };
  const { collector, post, rows } = await startCollector({}, clocks);
  const day = 86_400_000;
  const ahead = { ...chatSpan(1), startMs: now + day - 700, endMs: now + day };
  const right = { ...chatSpan(2), startMs: now - 700, endMs: now };
  const reply = await post(TRACES, jsonRequest([ahead, right], { resource: { "service.name": "api" } }));
  expect([reply.status, await reply.json()]).toEqual([200, {}]);
  await collector.flush();
  expect(rows()).toMatchObject([
    { start_ms: now - 700, end_ms: now, duration_ms: 700, clock_skew_ms: day },
    { start_ms: now - 700, end_ms: now, duration_ms: 700, clock_skew_ms: 0 },
  ]);
  expect(collector.stats().senderClocks).toMatchObject([{ service: "api", skewMs: day, calls: 1 }]);
  expect(heard).toEqual([now + day, now]);
});

test("counts calls that arrive more than ten minutes after they ended", async () => {
  const { collector, post } = await startCollector({}, { now: () => START_MS + 1500 + 600_001 });
  await post(TRACES, jsonRequest([chatSpan(1), { ...chatSpan(2), endMs: START_MS + 1600 }]));
  expect(collector.stats()).toMatchObject({ rows: 2, late: 1 });
});

test("keeps the largest counters of every exporter and stores no row for them", async () => {
  const { collector, post, rows } = await startCollector();
  const report = (instance: string, made: number, sent: number, dropped: number) =>
    jsonRequest(
      [
        {
          name: "leeway.export_report",
          attributes: { "leeway.export.made": made, "leeway.export.sent": sent, "leeway.export.dropped": dropped },
        },
      ],
      { resource: { "service.name": "support-api", "service.instance.id": instance } },
    );
  for (const body of [report("a", 100, 90, 10), report("b", 5, 4, 1), report("a", 80, 75, 5)]) await post(TRACES, body);
  await collector.flush();
  expect(rows()).toEqual([]);
  expect(collector.stats().exporters).toMatchObject([
    { service: "support-api", instance: "b", made: 5, sent: 4, dropped: 1 },
    { instance: "a", made: 100, sent: 90, dropped: 10 },
  ]);
});

const numbered = (index: number, instance = "pod-1") =>
  jsonRequest(
    [{ ...chatSpan(index), attributes: { ...chatSpan(index).attributes, "leeway.export.sequence": index } }],
    {
      resource: { "service.name": "support-api", "service.instance.id": instance },
    },
  );

test("sees which calls of a process never arrived, whatever it reports", async () => {
  const { collector, post } = await startCollector();
  for (const index of [5, 6, 9, 9, 3]) await post(TRACES, numbered(index));
  await post(TRACES, numbered(1, "pod-2"));
  expect(collector.stats().exporters).toMatchObject([
    { instance: "pod-1", received: 3, missing: 2, unexplained: 2 },
    { instance: "pod-2", received: 1, missing: 0, unexplained: 0 },
  ]);
  const report = { "leeway.export.dropped": 1, "leeway.export.spooled": 0 };
  const resource = { "service.name": "support-api", "service.instance.id": "pod-1" };
  await post(TRACES, jsonRequest([{ name: "leeway.export_report", attributes: report }], { resource }));
  expect(collector.stats().exporters).toMatchObject([{}, { missing: 2, unexplained: 1 }]);
  await post(TRACES, numbered(7));
  expect(collector.stats().exporters).toMatchObject([{}, { received: 4, missing: 1, unexplained: 0 }]);
});

/** Two spans of one call: by another instrumentation, and ours inside it. */
const foreign = (more: object = {}) => ({ ...chatSpan(1), ...more });
const ours = (more: object = {}) => ({
  ...chatSpan(2),
  traceId: chatSpan(1).traceId ?? "",
  parentSpanId: chatSpan(1).spanId ?? "",
  attributes: { ...chatSpan(2).attributes, "leeway.covers_span_id": chatSpan(1).spanId ?? "" },
  ...more,
});
const FROM_OURS = { scope: "leeway" };
const FROM_OTHERS = { scope: "com.anthropic.sdk.typescript" };

test.each([
  ["ours first", [jsonRequest([ours()], FROM_OURS), jsonRequest([foreign()], FROM_OTHERS)], chatSpan(2).spanId],
  ["the other first", [jsonRequest([foreign()], FROM_OTHERS), jsonRequest([ours()], FROM_OURS)], chatSpan(2).spanId],
])("makes one row of a call that two instrumentations saw, ours: %s", async (_order, requests, kept) => {
  const { collector, post, rows } = await startCollector({ batch: { maxRows: 1000, maxDelayMs: 60_000 } });
  for (const request of [...requests, ...requests]) expect((await post(TRACES, request)).status).toBe(200);
  await collector.flush();
  expect(rows().map((row) => row.span_id)).toEqual([kept]);
  expect(collector.stats()).toMatchObject({ rows: 1, covered: 2, duplicates: 1 });
});

test("knows a span of ours inside another instrumentation's call, also where it names none", async () => {
  const { collector, post, rows } = await startCollector();
  const { attributes } = chatSpan(2);
  await post(TRACES, jsonRequest([ours({ attributes })], FROM_OURS));
  await post(TRACES, jsonRequest([foreign()], FROM_OTHERS));
  const elsewhere = { ...chatSpan(5), traceId: chatSpan(1).traceId ?? "" };
  await post(TRACES, jsonRequest([elsewhere], FROM_OTHERS));
  await collector.flush();
  expect(rows().map((row) => row.span_id)).toEqual([chatSpan(2).spanId, chatSpan(5).spanId]);
});

test("knows two spans of one call by trace and response id, where neither names the other", async () => {
  const { collector, post } = await startCollector();
  const attributes = { ...chatSpan(1).attributes, "gen_ai.response.id": "chatcmpl-7" };
  await post(TRACES, jsonRequest([foreign({ attributes })], FROM_OTHERS));
  await post(TRACES, jsonRequest([ours({ attributes })], FROM_OURS));
  const elsewhere = { ...chatSpan(3), traceId: "1".repeat(32), attributes };
  await post(TRACES, jsonRequest([elsewhere], FROM_OURS));
  expect(collector.stats()).toMatchObject({ rows: 2, covered: 1 });
});

test("makes no row of a span that says that ours stands for its call", async () => {
  const { collector, post } = await startCollector();
  const attributes = { ...chatSpan(1).attributes, "leeway.covered": true };
  await post(TRACES, jsonRequest([foreign({ attributes })], FROM_OTHERS));
  expect(collector.stats()).toMatchObject({ rows: 0, covered: 1, other: 0 });
});

test("answers 500 when the agent's own code fails, and takes the span when it is sent again", async () => {
  let broken = true;
  const { collector, post } = await startCollector(
    {},
    {
      assign: () => {
        if (broken) throw new Error("a bug");
        return { migration: "", cohort: "" };
      },
    },
  );
  expect((await post(TRACES, jsonRequest([chatSpan(1)]))).status).toBe(500);
  broken = false;
  expect((await post(TRACES, jsonRequest([chatSpan(1)]))).status).toBe(200);
  expect(collector.stats()).toMatchObject({ rows: 1, duplicates: 0, refused: { internal: 1 } });
});

const collaborators = { ...unstored(createRecordingLog()), now: () => START_MS, random: () => 0 };

test("names the port that is in use and what to do", async () => {
  const { collector } = await startCollector();
  const listen = { host: "127.0.0.1", port: Number(new URL(collector.url).port) };
  const spool = { dir: await temporaryDirectory(), maxBytes: 1 };
  const second = createCollector({ ...DEFAULT_COLLECTOR_SETTINGS, listen, spool }, collaborators);
  await expect(second).rejects.toMatchObject({
    code: "listen-failed",
    message: expect.stringContaining(`127.0.0.1:${listen.port} is in use`),
  });
});

test("refuses a spool directory that another collector uses, and leaves that one alone", async () => {
  const dir = await temporaryDirectory();
  const spool = { dir, maxBytes: 1_000_000 };
  const { collector, post, rows } = await startCollector({ spool });
  const listen = { host: "127.0.0.1", port: 0 };
  const second = createCollector({ ...DEFAULT_COLLECTOR_SETTINGS, listen, spool }, collaborators);
  await expect(second).rejects.toMatchObject({
    code: "store-locked",
    message: `collector.spool.dir: ${dir} is in use by process ${process.pid}; stop that agent or set another directory`,
  });
  expect((await post(TRACES, jsonRequest([chatSpan(1)]))).status).toBe(200);
  await collector.flush();
  expect(rows()).toHaveLength(1);
});

test("refuses to listen beyond this machine without a token", async () => {
  const listen = { host: "0.0.0.0", port: 0 };
  const started = createCollector({ ...DEFAULT_COLLECTOR_SETTINGS, listen }, collaborators);
  await expect(started).rejects.toMatchObject({ code: "config-invalid" });
});

test("names a spool directory that cannot be used, and gives the port free", async () => {
  const listen = { host: "127.0.0.1", port: 0 };
  const spool = { dir: "/dev/null/spool", maxBytes: 1000 };
  const started = createCollector({ ...DEFAULT_COLLECTOR_SETTINGS, listen, spool }, collaborators);
  await expect(started).rejects.toMatchObject({
    code: "config-invalid",
    message: expect.stringContaining("collector.spool.dir: /dev/null/spool"),
  });
});

test("what was acknowledged around a close is stored", async () => {
  const { collector, post, rows } = await startCollector();
  const statuses = Array.from({ length: 20 }, (_, n) =>
    post(TRACES, jsonRequest([chatSpan(n)])).then(
      (answer) => answer.status,
      () => "connection refused",
    ),
  );
  await Promise.race(statuses);
  await collector.close();
  const acknowledged = (await Promise.all(statuses)).filter((status) => status === 200).length;
  expect(acknowledged).toBeGreaterThan(0);
  expect(rows().length).toBeGreaterThanOrEqual(acknowledged);
});
