import { expect, test } from "vitest";
import { TRACES } from "../../../collector/otlp/signals.ts";
import { seededRandom } from "../../../core/seeded-random.ts";
import { chatSpan, jsonRequest, protobufRequest, type SpanSpec, START_MS } from "../otlp-request.ts";
import { decodeAtOnce } from "./received-spans.ts";

const decode = (encoding: "json" | "protobuf", body: Uint8Array) => decodeAtOnce(TRACES, encoding, body);

const spans: readonly SpanSpec[] = [
  chatSpan(1, { "gen_ai.usage.input_tokens": 123, "leeway.output.code_fence": true, ratio: 0.5 }),
  {
    ...chatSpan(2, { "gen_ai.response.finish_reasons": ["stop", "length"], text: "héllo 👋 \u0000" }),
    parentSpanId: "00f067aa0ba902b7",
    startMs: START_MS + 0.125,
    status: 2,
    events: [{ name: "exception", attributes: { "exception.type": "E" } }],
  },
  { attributes: { negative: -5, large: 2 ** 52, empty: "", no: false, zero: 0 } },
];

test("protobuf and JSON of one request decode to the same spans", () => {
  const json = decode("json", Buffer.from(JSON.stringify(jsonRequest(spans))));
  expect(json.outcome).toBe("decoded");
  expect(decode("protobuf", protobufRequest(spans))).toEqual(json);
});

test("reads numbers, lists, structures and bytes of attributes", () => {
  const value = {
    kvlistValue: {
      values: [
        { key: "__proto__", value: { stringValue: "own" } },
        { key: "n", value: { intValue: 3 } },
      ],
    },
  };
  const attributes = [
    { key: "map", value },
    { key: "bytes", value: { bytesValue: "AAAA" } },
    { key: "none", value: {} },
    { key: "absent" },
  ];
  const body = { resourceSpans: [{ scopeSpans: [{ spans: [{ attributes }] }] }] };
  const decoded = decode("json", Buffer.from(JSON.stringify(body)));
  if (decoded.outcome !== "decoded") throw new Error(decoded.problem);
  const read = decoded.records[0]?.attributes;
  expect(JSON.stringify(read?.get("map"))).toBe('{"__proto__":"own","n":3}');
  expect([read?.get("bytes"), read?.get("none"), read?.get("absent")]).toEqual([null, null, null]);
});

test.each([
  ["no JSON", "{"],
  ["JSON that is no message", "[]"],
  ["null", "null"],
  ["resourceSpans that is no list", '{"resourceSpans":{}}'],
  ["a span that is no message", '{"resourceSpans":[{"scopeSpans":[{"spans":[7]}]}]}'],
  ["a name that is no text", '{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":7}]}]}]}'],
  ["an attribute that is no message", '{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":["a"]}]}]}]}'],
  ["a key that is no text", '{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[{"key":{}}]}]}]}]}'],
])("refuses %s without quoting it", (_what, body) => {
  const decoded = decode("json", Buffer.from(body));
  expect(decoded.outcome).toBe("malformed");
  expect(decoded).toMatchObject({ problem: expect.not.stringContaining("\n") });
});

test("refuses bytes that are no UTF-8", () => {
  expect(decode("json", Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])).outcome).toBe("malformed");
});

test("never quotes the body of a malformed request", () => {
  const decoded = decode("json", Buffer.from('{"resourceSpans": secret prompt }'));
  expect(JSON.stringify(decoded)).not.toContain("secret");
});

test("refuses values nested far deeper than real ones, in both encodings", () => {
  const depth = 50_000;
  const value = `${'{"arrayValue":{"values":['.repeat(depth)}{}${"]}}".repeat(depth)}`;
  const body = `{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[{"key":"deep","value":${value}}]}]}]}]}`;
  const levels = expect.stringContaining("more than 100 levels of nesting");
  expect(decode("json", Buffer.from(body))).toMatchObject({ outcome: "too-large", problem: levels });
  // length-delimited field 5 (arrayValue) inside field 1 (values), again and again
  let bytes: Buffer = Buffer.alloc(0);
  for (let level = 0; level < 60; level += 1) {
    for (const tag of [0x0a, 0x2a]) bytes = Buffer.concat([Buffer.from([tag, ...varint(bytes.length)]), bytes]);
  }
  const wrap = (tag: number, inner: Buffer) => Buffer.concat([Buffer.from([tag, ...varint(inner.length)]), inner]);
  const span = wrap(0x4a, wrap(0x12, bytes));
  const deep = decode("protobuf", wrap(0x0a, wrap(0x12, wrap(0x12, span))));
  expect(deep).toMatchObject({ outcome: "too-large", problem: levels });
});

const varint = (n: number): number[] => (n < 128 ? [n] : [(n & 127) | 128, ...varint(n >>> 7)]);

const mutate = (body: Uint8Array, random: () => number): Uint8Array => {
  const copy = Buffer.from(body);
  const at = () => Math.floor(random() * copy.length);
  for (let edits = 1 + Math.floor(random() * 4); edits > 0; edits -= 1) copy[at()] = Math.floor(random() * 256);
  return random() < 0.3 ? copy.subarray(0, at()) : copy;
};

test.each(["json", "protobuf"] as const)("no broken %s body ever throws", (encoding) => {
  const random = seededRandom(42);
  const whole = encoding === "json" ? Buffer.from(JSON.stringify(jsonRequest(spans))) : protobufRequest(spans);
  const outcomes = { decoded: 0, malformed: 0, "too-large": 0 };
  for (let round = 0; round < 3000; round += 1) outcomes[decode(encoding, mutate(whole, random)).outcome] += 1;
  expect(outcomes.malformed).toBeGreaterThan(300);
  expect(outcomes.decoded + outcomes.malformed).toBe(3000);
});
