import { expect, test } from "vitest";
import { field, filled, nested } from "../../../bench/faults/decode/wire.ts";
import { decodeBody } from "../../../collector/otlp/decode-body.ts";
import { DECODE_LIMITS } from "../../../collector/otlp/decode-limits.ts";
import type { Encoding } from "../../../collector/otlp/encoding.ts";
import type { Signal } from "../../../collector/otlp/signal.ts";
import { LOGS, METRICS, TRACES } from "../../../collector/otlp/signals.ts";
import { decodeAtOnce } from "./received-spans.ts";

/** Limits that a few bytes go beyond. */
const LIMITS = { pieces: 10, values: 100, valuesInPiece: 40, bytesInPiece: 2000, depth: 12 };

const limited = <T>(signal: Signal<T>): Signal<T> => ({ ...signal, limits: LIMITS });

const inSpan = (content: Uint8Array): Buffer => field(1, field(2, field(2, content)));
const attribute = (value: Uint8Array): Buffer => field(9, Buffer.concat([field(1, "k"), field(2, value)]));
const empty = Buffer.alloc(0);

const protobuf: readonly (readonly [string, Buffer, string])[] = [
  ["resources", filled([0x0a, 0], 22), "more than 10 resources, scopes and records"],
  ["scopes", field(1, filled([0x12, 0], 20)), "more than 10 resources, scopes and records"],
  ["spans", field(1, field(2, filled([0x12, 0], 18))), "more than 10 resources, scopes and records"],
  ["attributes of a span", inSpan(filled([0x4a, 0], 82)), "more than 40 values in one"],
  ["events of a span", inSpan(filled([0x5a, 0], 82)), "more than 40 values in one"],
  ["values of an attribute", inSpan(attribute(field(5, filled([0x0a, 0], 90)))), "more than 40 values in one"],
  ["repeats of an attribute", inSpan(field(9, filled(field(2, empty), 90))), "more than 40 values in one"],
  ["unknown fields of a span", inSpan(filled([0xa8, 0x06, 0x01], 123)), "more than 40 values in one"],
  ["unknown fields of the body", filled([0xa8, 0x06, 0x01], 123), "more than 40 values in one"],
  ["attributes of a resource", field(1, field(1, filled([0x0a, 0], 90))), "more than 40 values in one"],
  [
    "values of all spans together",
    field(1, field(2, filled(field(2, filled([0x4a, 0], 60)), 62 * 4))),
    "more than 100 values; send smaller batches",
  ],
  ["bytes of a span", inSpan(field(5, "x".repeat(2100))), "more than 2000 bytes in one"],
  ["bytes of an unknown field", field(101, filled([0], 2100)), "more than 2000 bytes in one"],
  ["lists in lists", inSpan(attribute(nested([1, 5], 20, empty))), "more than 12 levels of nesting"],
  ["structures in structures", inSpan(attribute(nested([2, 1, 6], 21, empty))), "more than 12 levels of nesting"],
];

test.each(protobuf)("protobuf with too many %s is refused before any of it is decoded", (_what, body, problem) => {
  const decoded = decodeAtOnce(limited(TRACES), "protobuf", body);
  expect(decoded).toEqual({ outcome: "too-large", problem: expect.stringContaining(problem), records: [] });
});

const list = (entry: string, count: number): string => Array.from({ length: count }, () => entry).join();
const spans = (text: string): string => `{"resourceSpans":[{"scopeSpans":[{"spans":[${text}]}]}]}`;

const json: readonly (readonly [string, string, string])[] = [
  ["resources", `{"resourceSpans":[${list("{}", 11)}]}`, "more than 10 resources, scopes and records"],
  ["scopes", `{"resourceSpans":[{"scopeSpans":[${list("{}", 10)}]}]}`, "more than 10 resources, scopes and records"],
  ["spans", spans(list("{}", 9)), "more than 10 resources, scopes and records"],
  ["attributes of a span", spans(`{"attributes":[${list("{}", 30)}]}`), "more than 40 values in one"],
  ["numbers in a span", spans(`{"x":[${list("1", 50)}]}`), "more than 40 values in one"],
  ["members of a span", spans(`{${list('"a":0', 50)}}`), "more than 40 values in one"],
  ["members of the body", `{${list('"a":0', 50)}}`, "more than 40 values in one"],
  ["values of all spans together", spans(list(`{"x":[${list("1", 30)}]}`, 5)), "more than 100 values"],
  ["bytes of a span", spans(`{"name":"${"x".repeat(2100)}"}`), "more than 2000 bytes in one"],
  ["bytes of white space", `${" ".repeat(2100)}{}`, "more than 2000 bytes in one"],
  ["lists in lists", "[".repeat(20), "more than 12 levels of nesting"],
  ["objects in objects", '{"a":'.repeat(20), "more than 12 levels of nesting"],
];

test.each(json)("JSON with too many %s is refused before any of it is decoded", (_what, body, problem) => {
  const decoded = decodeAtOnce(limited(TRACES), "json", Buffer.from(body));
  expect(decoded).toEqual({ outcome: "too-large", problem: expect.stringContaining(problem), records: [] });
});

test.each([
  ["eight spans", Buffer.from(spans(list("{}", 8))), 8],
  ["text with braces, quotes and backslashes", Buffer.from(spans('{"name":"}]{[\\"\\\\"},{"name":"\\\\"}')), 2],
  ["white space around everything", Buffer.from(spans(" \n{ } , {\t}\r").replaceAll(/([[\]{}:,])/g, " $1 ")), 2],
  ["a byte order mark", Buffer.from(`\ufeff${spans("{}")}`), 1],
  ["a field that is given twice: the last one counts", Buffer.from('{"resourceSpans":[{}],"resourceSpans":[]}'), 0],
  ["lists in the place of messages, in fields that are not known", Buffer.from('{"x":[[{}],{"y":[[1]]}]}'), 0],
  ["null in the place of lists", Buffer.from('{"resourceSpans":[{"scopeSpans":null}]}'), 0],
  ["members that look like what stands for a piece", Buffer.from('{"resourceSpans":[{"child":5,"scopeSpans":[]}]}'), 0],
])("JSON with %s is taken", (_what, body, count) => {
  const { outcome, records } = decodeAtOnce(limited(TRACES), "json", body);
  expect([outcome, records.length]).toEqual(["decoded", count]);
});

test.each([
  ["a list in the place of a span", spans("[]")],
  ["a number in the place of a span", spans("{},7")],
  ["what stands for a piece in the place of one", '{"resourceSpans":{"child":0}}'],
  ["a brace too many", `${spans("{}")}}`],
  ["a brace too few", spans("{}").slice(0, -1)],
  ["braces that close brackets", spans('{"a":[}').replace("]}]}", "]]]}")],
  ["two bodies", `${spans("{}")}${spans("{}")}`],
  ["text without an end", '{"resourceSpans":"'],
  ["nothing", ""],
])("JSON with %s is malformed", (_what, body) => {
  expect(decodeAtOnce(TRACES, "json", Buffer.from(body)).outcome).toBe("malformed");
});

test.each([
  ["a group", inSpan(Buffer.from([0xab, 0x06, 0xac, 0x06]))],
  ["a field longer than the span", field(1, field(2, Buffer.from([0x12, 0x02, 0x2a, 0x05])))],
  ["a length without an end", Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])],
  ["a length beyond all", Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f])],
  ["a tag without a value", Buffer.from([0x0a])],
])("protobuf with %s is malformed", (_what, body) => {
  expect(decodeAtOnce(TRACES, "protobuf", body).outcome).toBe("malformed");
});

test("a resource may come in parts and behind its scopes, and spans in several scopes", () => {
  const named = (name: string, text: string) => field(1, Buffer.concat([field(1, name), field(2, field(1, text))]));
  const scope = (name: string, count: number) =>
    field(2, Buffer.concat([filled([0x12, 0], count * 2), field(1, field(1, name))]));
  const body = field(
    1,
    Buffer.concat([scope("a", 2), field(1, named("x", "1")), scope("b", 1), field(1, named("y", "2"))]),
  );
  const { records } = decodeAtOnce(TRACES, "protobuf", body);
  const both = new Map([
    ["x", "1"],
    ["y", "2"],
  ]);
  expect(records).toMatchObject([
    { scope: "a", resource: both },
    { scope: "a", resource: both },
    { scope: "b", resource: both },
  ]);
});

test.each<readonly [string, Encoding, Buffer]>([
  ["protobuf", "protobuf", field(1, field(2, field(2, field(5, filled([0x0a, 0], 1_000_000)))))],
  [
    "JSON",
    "json",
    Buffer.from(
      `{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"sum":{"dataPoints":[${list("0", 300_000)}]}}]}]}]}`,
    ),
  ],
])("a metric may have any number of points: it is counted and not decoded (%s)", (_what, encoding, body) => {
  expect(decodeAtOnce(METRICS, encoding, body)).toMatchObject({ outcome: "decoded", records: [{}] });
});

test("log records have the same limits", () => {
  const body = field(1, field(2, filled([0x12, 0], 22)));
  expect(decodeAtOnce(limited(LOGS), "protobuf", body).outcome).toBe("too-large");
});

test.each<readonly [Encoding, Buffer]>([
  ["protobuf", field(1, field(2, filled(field(2, filled([0x4a, 0], 40)), 42 * 40_000)))],
  ["json", Buffer.from(spans(list('{"attributes":[{},{},{}]}', 40_000)))],
])("a large body is looked at and decoded in many pieces (%s)", (encoding, body) => {
  let pauses = 0;
  const work = decodeBody(TRACES, encoding, body);
  for (let step = work.next(); step.done !== true; step = work.next()) pauses += 1;
  expect(pauses).toBeGreaterThan(40_000);
});

test("a batch of 8,192 spans with 25 attributes is half of what is let in", () => {
  expect(8192 * (25 * 4 + 12)).toBeLessThan(DECODE_LIMITS.values / 2);
});
