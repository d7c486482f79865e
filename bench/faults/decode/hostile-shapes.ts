import { gzipSync } from "node:zlib";
import { type Shape, shape } from "./shape.ts";
import { field, filled, fixed64, nested } from "./wire.ts";

const json = { encoding: "json" } as const;
const plain = { gzip: false };
const taken = { expected: [200] };

const request = (spans: Uint8Array): Buffer => field(1, field(2, spans));
const oneSpan = (content: Uint8Array): Buffer => request(field(2, content));
const attribute = (value: Uint8Array): Buffer => field(9, Buffer.concat([field(1, "k"), field(2, value)]));

const jsonRequest = (spans: string): Buffer => Buffer.from(`{"resourceSpans":[{"scopeSpans":[{"spans":[${spans}]}]}]}`);
const list = (entry: string, bytes: number): string => `${filled(`${entry},`, bytes).toString()}${entry}`;
const jsonAttributes = (attributes: string): Buffer => jsonRequest(`{"attributes":[${attributes}]}`);

const now = BigInt(Date.now()) * 1_000_000n;

/** A call of a model in 120 bytes or so: as many rows as a body can make, each a hundred times itself. */
const smallCall = (index: number): Buffer => {
  const ids = Buffer.alloc(24);
  ids.writeUInt32BE(index + 1, 12);
  ids.writeUInt32BE(index + 1, 20);
  const name = Buffer.concat([field(1, "gen_ai.operation.name"), field(2, field(1, "chat"))]);
  return field(
    2,
    Buffer.concat([
      field(1, ids.subarray(0, 16)),
      field(2, ids.subarray(16)),
      fixed64(7, now),
      fixed64(8, now),
      field(9, name),
    ]),
  );
};

const smallCalls = (count: number, around: Uint8Array): Buffer =>
  field(
    1,
    Buffer.concat([around, field(2, Buffer.concat(Array.from({ length: count }, (_, index) => smallCall(index))))]),
  );

const longResource = field(
  1,
  Buffer.concat(
    ["service.name", "service.instance.id"].map((name) =>
      field(1, Buffer.concat([field(1, name), field(2, field(1, "x".repeat(1_000_000)))])),
    ),
  ),
);

const protobuf: readonly Shape[] = [
  shape("empty spans", (bytes) => request(filled([0x12, 0], bytes))),
  shape("empty spans, not compressed", (bytes) => request(filled([0x12, 0], bytes)), plain),
  shape("empty scopes", (bytes) => field(1, filled([0x12, 0], bytes))),
  shape("empty resources", (bytes) => filled([0x0a, 0], bytes)),
  shape("a span of empty attributes", (bytes) => oneSpan(filled([0x4a, 0], bytes)), plain),
  shape("a span of empty events", (bytes) => oneSpan(filled([0x5a, 0], bytes)), plain),
  shape("an attribute of empty values", (bytes) => oneSpan(attribute(field(5, filled([0x0a, 0], bytes)))), plain),
  shape("spans of 20,000 events", (bytes) => request(filled(field(2, filled([0x5a, 0], 40_000)), bytes)), plain),
  shape(
    "lists in lists",
    (bytes) => oneSpan(attribute(nested([1, 5], 2 * Math.floor(bytes / 12), Buffer.alloc(0)))),
    plain,
  ),
  shape(
    "structures in structures",
    (bytes) => oneSpan(attribute(nested([2, 1, 6], 3 * Math.floor(bytes / 18), Buffer.alloc(0)))),
    plain,
  ),
  shape("one attribute set again and again", (bytes) => oneSpan(filled(attribute(field(1, "v")), bytes)), plain),
  shape(
    "one value that merges with itself",
    (bytes) => oneSpan(field(9, filled(field(2, field(1, "v")), bytes))),
    plain,
  ),
  shape("one resource that merges with itself", (bytes) => field(1, filled(field(1, field(1, "")), bytes)), plain),
  shape("unknown fields", (bytes) => oneSpan(filled([0xa8, 0x06, 0x01], bytes)), plain),
  shape("unknown fields of the body", (bytes) => filled([0xa8, 0x06, 0x01], bytes), plain),
  shape("an unknown field of any bytes", (bytes) => oneSpan(field(101, filled([0xff], bytes))), plain),
  shape("groups", (bytes) => oneSpan(filled([0xab, 0x06], bytes)), { ...plain, expected: [400] }),
  shape("a length beyond the body", () => Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x07]), { expected: [400] }),
  shape("one text of 8 MB", (bytes) => oneSpan(attribute(field(1, filled("a", bytes / 2)))), { ...plain, ...taken }),
  shape("one text of 16 MB", (bytes) => oneSpan(attribute(field(1, filled("a", bytes)))), plain),
  shape("8 MB of three-byte characters", (bytes) => oneSpan(attribute(field(1, filled("漢", bytes / 2)))), {
    ...plain,
    ...taken,
  }),
  shape("calls of 120 bytes", () => smallCalls(49_000, Buffer.alloc(0)), { ...plain, ...taken }),
  shape("calls beside a resource of 2 MB", () => smallCalls(49_000, longResource), { ...plain, ...taken }),
  shape("log records, empty", (bytes) => field(1, field(2, filled([0x12, 0], bytes))), { path: "/v1/logs" }),
  shape("metrics, empty", (bytes) => field(1, field(2, filled([0x12, 0], bytes))), { path: "/v1/metrics" }),
  shape("a metric of millions of points", (bytes) => field(1, field(2, field(2, field(5, filled([0x0a, 0], bytes))))), {
    ...plain,
    ...taken,
    path: "/v1/metrics",
  }),
  shape("zeros", (bytes) => Buffer.alloc(bytes), {}),
  shape("gzip of gzip", (bytes) => gzipSync(filled([0x12, 0], bytes)), { expected: [400, 413] }),
  shape("a body that inflates 1,000 times", (bytes) => filled("a", bytes * 4), {}),
];

const text: readonly Shape[] = [
  shape("JSON: empty spans", (bytes) => jsonRequest(list("{}", bytes)), json),
  shape("JSON: empty spans, not compressed", (bytes) => jsonRequest(list("{}", bytes)), { ...json, ...plain }),
  shape("JSON: empty resources", (bytes) => Buffer.from(`{"resourceSpans":[${list("{}", bytes)}]}`), {
    ...json,
    ...plain,
  }),
  shape("JSON: a span of empty attributes", (bytes) => jsonAttributes(list("{}", bytes)), { ...json, ...plain }),
  shape("JSON: a span of numbers", (bytes) => jsonRequest(`{"x":[${list("1", bytes)}]}`), { ...json, ...plain }),
  shape(
    "JSON: spans of 20,000 empty attributes",
    (bytes) => jsonRequest(list(`{"attributes":[${list("{}", 60_000)}]}`, bytes * 0.98)),
    { ...json, ...plain },
  ),
  shape("JSON: [[[[", (bytes) => filled("[", bytes), { ...json, ...plain }),
  shape("JSON: [[[[ in an attribute", (bytes) => jsonAttributes(filled("[", bytes).toString()), { ...json, ...plain }),
  shape('JSON: {"a":{"a":', (bytes) => filled('{"a":', bytes), { ...json, ...plain }),
  shape(
    "JSON: a million members",
    (bytes) => {
      const members = Array.from({ length: Math.floor(bytes / 14) }, (_, index) => `"${index.toString(36)}":0`);
      return jsonRequest(`{${members.join()}}`);
    },
    { ...json, ...plain },
  ),
  shape("JSON: white space", (bytes) => Buffer.concat([filled(" ", bytes), Buffer.from("{}")]), { ...json, ...plain }),
  shape("JSON: 8 MB of escapes", (bytes) => jsonRequest(`{"name":"${filled("\\u0041", bytes / 2)}"}`), {
    ...json,
    ...plain,
    ...taken,
  }),
  shape("JSON: 8 MB of quotes", (bytes) => jsonRequest(`{"name":"${filled('\\"', bytes / 2)}"}`), {
    ...json,
    ...plain,
    ...taken,
  }),
  shape("JSON: an id of 8 MB", (bytes) => jsonRequest(`{"traceId":"${filled("a", bytes / 2)}"}`), {
    ...json,
    ...plain,
    ...taken,
  }),
  shape(
    "JSON: an answer of 250 KB of [[[[ in each span",
    (bytes) =>
      jsonRequest(
        list(
          `{"attributes":[${[
            "gen_ai.operation.name",
            "gen_ai.output.messages",
            "gen_ai.completion",
            "gen_ai.tool.definitions",
          ]
            .map((key, at) => `{"key":"${key}","value":{"stringValue":"${at === 0 ? "chat" : "[".repeat(250_000)}"}}`)
            .join()}],"traceId":"${"a".repeat(32)}","spanId":"${"b".repeat(16)}","startTimeUnixNano":"${now}","endTimeUnixNano":"${now}"}`,
          bytes * 0.9,
        ),
      ),
    { ...json, ...plain, ...taken },
  ),
  shape(
    "JSON: evaluations in names of attributes",
    (bytes) => {
      const evaluations = Array.from(
        { length: 12_000 },
        (_, index) => `{"key":"eval.${index}.score","value":{"intValue":1}}`,
      );
      return jsonRequest(list(`{"attributes":[${evaluations.join()}]}`, bytes * 0.9));
    },
    { ...json, ...plain },
  ),
  shape(
    "JSON: a list of millions of numbers in each metric",
    (bytes) =>
      Buffer.from(
        `{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"sum":{"dataPoints":[${list("0", bytes)}]}}]}]}]}`,
      ),
    { ...json, ...plain, ...taken, path: "/v1/metrics" },
  ),
  shape(
    "JSON: log records, empty",
    (bytes) => Buffer.from(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[${list("{}", bytes)}]}]}]}`),
    { ...json, path: "/v1/logs" },
  ),
];

/** Bodies that are made to hurt. */
export const HOSTILE: readonly Shape[] = [...protobuf, ...text];
