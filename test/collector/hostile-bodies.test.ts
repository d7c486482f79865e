import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { field, filled } from "../../bench/faults/decode/wire.ts";
import { createAdmission, DEFAULT_ADMISSION } from "../../collector/http/admission.ts";
import { answerRequest, type RequestPolicy } from "../../collector/http/answer-request.ts";
import { chatSpan, decodeResponse, jsonRequest, protobufRequest } from "./otlp-request.ts";
import { startCollector } from "./start-collector.ts";

const TRACES = "/v1/traces";

const emptySpans = (bytes: number): Buffer => field(1, field(2, filled([0x12, 0], bytes)));
const emptyJson = (bytes: number): string =>
  `{"resourceSpans":[{"scopeSpans":[{"spans":[${filled("{},", bytes)}{}]}]}]}`;

const ZIPPED = { "content-encoding": "gzip" };

test.each([
  ["16 KB of gzip that are 8 million spans", gzipSync(emptySpans(16_000_000)), ZIPPED, "inflates to more than 3"],
  ["16 MB that are 8 million spans", emptySpans(16_000_000), {}, "more than 50000 resources, scopes and records"],
  ["a KB of gzip that is 450,000 spans", gzipSync(emptySpans(900_000)), ZIPPED, "more than 50000 resources"],
])("%s are refused with a reason in protobuf", async (_what, body, headers, reason) => {
  const { collector, post, rows } = await startCollector();
  const answer = await post(TRACES, body, headers);
  expect([answer.status, answer.headers.get("content-type")]).toEqual([413, "application/x-protobuf"]);
  const status = decodeResponse("RpcStatus", new Uint8Array(await answer.arrayBuffer()));
  expect(status).toMatchObject({ code: 8, message: expect.stringContaining(reason) });
  expect(collector.stats().refused).toMatchObject({ "too-large": 1, malformed: 0 });
  expect((await post(TRACES, protobufRequest([chatSpan(1)]))).status).toBe(200);
  await collector.flush();
  expect(rows()).toHaveLength(1);
});

test.each([
  ["/v1/traces", emptyJson(3_000_000)],
  ["/v1/logs", emptyJson(3_000_000).replace("resourceSpans", "resourceLogs")],
  ["/v1/metrics", emptyJson(3_000_000).replace("resourceSpans", "resourceMetrics")],
])("a million records for %s are refused with a reason in JSON", async (path, body) => {
  const { post } = await startCollector();
  const answer = await post(path, body);
  expect([answer.status, await answer.json()]).toEqual([
    413,
    {
      code: 8,
      message: expect.stringContaining("more than 50000 resources, scopes and records; send smaller batches"),
    },
  ]);
});

test("several members of gzip are taken as one body", async () => {
  const { collector, post } = await startCollector();
  const body = protobufRequest([chatSpan(1), chatSpan(2)]);
  const members = [gzipSync(body.subarray(0, 50)), gzipSync(body.subarray(50, 51)), gzipSync(body.subarray(51))];
  expect((await post(TRACES, Buffer.concat(members), ZIPPED)).status).toBe(200);
  expect(collector.stats()).toMatchObject({ rows: 2 });
});

test("nothing of a body that is malformed at its end is taken note of", async () => {
  const { collector, post } = await startCollector();
  const report = { name: "leeway.export_report", attributes: { "leeway.export.made": 5 } };
  const text = JSON.stringify(jsonRequest([report, chatSpan(1), { ...chatSpan(2), endMs: 1 }, chatSpan(3)]));
  const answer = await post(TRACES, text.replace(/"name":"chat"(?!.*"name":"chat")/, '"name":7'));
  expect(answer.status).toBe(400);
  const { receivedSpans, rows, exporters, refused } = collector.stats();
  expect([receivedSpans, rows, exporters, refused["invalid-time"]]).toEqual([0, 0, [], 0]);
});

test("more evaluations than calls could have are refused as a whole", async () => {
  const { collector, post } = await startCollector();
  const attributes = Object.fromEntries(Array.from({ length: 11_000 }, (_, n) => [`eval.${n}.score`, 1]));
  const answer = await post(TRACES, jsonRequest(Array.from({ length: 6 }, (_, n) => ({ ...chatSpan(n), attributes }))));
  expect(answer.status).toBe(413);
  expect(collector.stats()).toMatchObject({ outcomes: 0, refused: { "too-large": 1 } });
});

test("an ordinary request is answered while large ones are decoded", async () => {
  const { collector, post } = await startCollector();
  const large = Array.from({ length: 4 }, (_, request) =>
    post(TRACES, protobufRequest(Array.from({ length: 3000 }, (_each, n) => chatSpan(request * 3000 + n)))),
  );
  const order: string[] = [];
  for (const [request, answer] of large.entries()) void answer.then(() => order.push(`large ${request}`));
  await post(TRACES, protobufRequest([chatSpan(99_999)]));
  order.push("small");
  expect((await Promise.all(large)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect(order.indexOf("small")).toBeLessThan(4);
  expect(collector.stats()).toMatchObject({ rows: 12_001 });
});

test("a body that finds no room in time is answered with 503 and when to come back", async () => {
  const refused: string[] = [];
  const policy: RequestPolicy = {
    token: null,
    hosts: [],
    maxBodyBytes: 1000,
    admission: createAdmission(
      { ...DEFAULT_ADMISSION, maxBodyBytes: 1000, maxBytes: 8000 },
      { elapsed: () => 0, random: () => 0 },
    ),
    room: { enter: async () => null },
    served: {},
    signals: { [TRACES]: { accept: () => Promise.reject(new Error("not to be decoded")), isFull: () => false } },
    countRefusal: (why) => refused.push(why),
  };
  const headers = { host: "127.0.0.1", "content-type": "application/json" };
  const request = Object.assign(Readable.from([Buffer.from("{}")]), { url: TRACES, method: "POST", headers });
  const reply = await answerRequest(request as unknown as IncomingMessage, policy);
  expect(reply).toMatchObject({ status: 503, headers: { "retry-after": "2" } });
  expect(refused).toEqual(["overloaded"]);
});
