import { describe, expect, it } from "vitest";
import type { AskedFor, ToolCall } from "../../../features/answer.ts";
import { digest } from "../../../features/json/digest.ts";
import { answered, compared } from "./pair-of.ts";

const SCHEMA = {
  type: "object",
  properties: { verdict: { enum: ["approve", "deny"] }, amount: { type: "number" }, note: {} },
  required: ["verdict"],
};
const JSON_ASKED: AskedFor = { json: true, schema: SCHEMA, tools: [] };
const TOOLS: AskedFor = {
  json: false,
  tools: ["find", "list"],
  toolSchemas: new Map([["find", { required: ["id"] }]]),
};
const call = (name: string, text = "{}"): ToolCall => ({ name, arguments: text });
const calls = (...toolCalls: ToolCall[]) => answered(null, { toolCalls });
const path = (code: string, at: string): string => `${code}:${digest(at)}`;

describe("two texts", () => {
  it("that are the same differ in nothing", () => {
    const { changed, numbers } = compared("Paris is the capital.", "Paris is the capital.");
    expect(changed).toEqual([]);
    expect(numbers).toMatchObject({ equal_exact: 1, equal_normalised: 1, similarity_chars: 1, length_ratio: 1 });
  });

  it.each([
    ["blanks and case", "Paris  is\nthe capital", "paris is the capital."],
    ["Unicode form and quotes", "caf\u00e9 \u201cx\u201d \u2013 it\u2019s", 'cafe\u0301 "x" - it\'s'],
    ["a fence", "```python\nx = 1\n```", "x = 1"],
  ])("that differ in %s alone are spelled in another way", (_what, served, other) => {
    const { changed, numbers } = compared(served, other);
    expect(changed.filter((code) => !code.startsWith("format"))).toEqual(["spelling"]);
    expect(numbers).toMatchObject({ equal_exact: 0, equal_normalised: 1 });
  });

  it.each([
    ["Chinese", "巴黎是法国的首都", "巴黎是法国首都", "柏林位于德国东部"],
    ["Japanese", "パリはフランスの首都です", "パリがフランスの首都です", "東京タワーに行きました"],
    ["Thai", "ปารีสเป็นเมืองหลวงของฝรั่งเศส", "ปารีสคือเมืองหลวงของฝรั่งเศส", "วันนี้อากาศร้อนมาก"],
    ["emoji", "👍👍🎉🎉🚀", "👍👍🎉🎉", "🐶🐱🐭🐹"],
    ["English", "Paris is the capital of France", "Paris is France's capital", "I like green tea a lot"],
  ])("of %s are the more alike, the more they share", (_language, served, near, far) => {
    const like = (other: string): number => compared(served, other).numbers.similarity_chars ?? Number.NaN;
    expect(like(near)).toBeGreaterThan(like(far) + 0.3);
    expect(like(far)).toBeGreaterThanOrEqual(0);
  });

  it("that are long are spelled in another way, or differ, wherever that is", () => {
    const long = "The cat sat on the mat. ".repeat(2000);
    expect(compared(long, long.toUpperCase()).changed).toEqual(["spelling"]);
    expect(compared(long, `${" ".repeat(30_000)}${long}`).changed).toContain("spelling");
    const middle = `${long.slice(0, 20_000)}dog${long.slice(20_003)}`;
    expect(compared(long, middle)).toMatchObject({ changed: ["text"], numbers: { equal_normalised: 0 } });
    expect(compared(long, `A dog. ${long}`).numbers.equal_normalised).toBe(0);
  });

  it("without words are compared by characters alone", () => {
    expect(compared("👍", "🎉").numbers).not.toHaveProperty("similarity_tokens");
  });

  it.each([
    ["1,234.50 of them", "1234.5 of them", 0],
    ["1.234,50 EUR", "1234.5 EUR", 0],
    ["it costs 12 or 13", "it costs 13 or 14", 2],
    ["- a thing\n- another thing", "1. a thing\n2. another thing", 0],
  ])("%j and %j differ in numbers: %j", (served, other, numbers) => {
    expect(compared(served, other).numbers.numbers_changed).toBe(numbers);
  });

  it.each([
    ["due March 5, 2024", "due 2024-03-05", 0],
    ["due 5 March 2024", "due 6 March 2024", 2],
  ])("%j and %j differ in dates: %j", (served, other, dates) => {
    const { numbers, changed } = compared(served, other);
    expect(numbers).toMatchObject({ dates_changed: dates, numbers_changed: 0 });
    expect(changed.includes("dates")).toBe(dates > 0);
  });

  it("that are short are an answer each", () => {
    expect(compared("[Yes]", "[No]").changed).toContain("answer");
    expect(compared("[Yes]", "[Yes] because it has no divisors but one and itself").changed).not.toContain("answer");
  });

  it("are told by language, layout, length and class of refusal", () => {
    const english = "The capital of France is Paris, and it has been for many years.";
    const french = "La capitale de la France est Paris, et elle l'est depuis des années.";
    expect(compared(english, french).changed).toContain("language:fr");
    expect(compared(english, `# Paris\n\n${english}`).changed).toContain("format:markdown");
    expect(compared(english, english.repeat(3)).changed).toContain("longer");
    expect(compared("x".repeat(200), "y".repeat(90)).changed).toContain("shorter");
  });
});

describe("facts", () => {
  const refusal = "I'm sorry, but I can't help with that request.";
  it.each([
    ["a refusal where there was an answer", "Here is the list: a, b, c.", refusal, "refusal-new"],
    ["no answer at all", "Here is the list.", " ", "answer-lost"],
  ])("%s, and its mirror image", (_what, served, other, code) => {
    const mirror = code === "refusal-new" ? "refusal-gone" : "answer-found";
    expect(compared(served, other).changed).toContain(code);
    expect(compared(other, served).changed).toContain(mirror);
    expect(compared(other, served).changed).not.toContain(code);
  });

  it("JSON that breaks, keeps or breaks its schema", () => {
    const good = '{"verdict":"deny"}';
    const fenced = `\`\`\`json\n${good}\n\`\`\``;
    expect(compared(good, fenced, JSON_ASKED).changed).toEqual(
      expect.arrayContaining(["json-broken", "schema-broken", "format:fenced-json"]),
    );
    expect(compared(fenced, good, JSON_ASKED).changed).toEqual(
      expect.arrayContaining(["json-mended", "schema-mended"]),
    );
    expect(compared(good, '{"amount":1}', JSON_ASKED).changed).toEqual(
      expect.arrayContaining(["schema-broken", path("key-lost", ".verdict"), path("key-new", ".amount")]),
    );
  });

  it("an answer that is cut", () => {
    const [whole, cut] = [answered("a b c", { finishReason: "stop" }), answered("a b", { finishReason: "length" })];
    expect(compared(whole, cut).changed).toEqual(expect.arrayContaining(["cut-new", "finish:length"]));
    expect(compared(cut, whole).changed).toContain("cut-gone");
    expect(compared(answered("a b c"), cut).changed).not.toContain("cut-new");
  });

  it("tool calls that are lost, made up, broken or demanded", () => {
    expect(compared(calls(call("find", '{"id":1}')), answered("Done."), TOOLS).changed).toContain("tool-lost:find");
    expect(compared(answered("Done."), calls(call("find", '{"id":1}')), TOOLS).changed).toContain("tool-extra:find");
    expect(compared(calls(call("find", '{"id":1}')), calls(call("find", "{}")), TOOLS).changed).toEqual(
      expect.arrayContaining(["tool-arguments-broken", "tool-arguments:find"]),
    );
    const required: AskedFor = { ...TOOLS, toolRequired: true };
    expect(compared(calls(call("list")), answered("No."), required).changed).toContain("tool-missing");
    expect(compared(answered("No."), calls(call("list")), required).changed).toContain("tool-found");
    const madeUp = compared(calls(call("list")), calls(call("my secret tool")), TOOLS);
    expect(madeUp.changed).toContain("tool-unknown");
    expect(madeUp.changed).toContain(`tool-extra:#${digest("my secret tool")}`);
    expect(JSON.stringify(madeUp)).not.toContain("secret");
  });
});

describe("tool calls", () => {
  it("are equal whatever the order of keys and the blanks, and said to be spelled in another way", () => {
    const { numbers, changed } = compared(
      calls(call("find", '{"id":1,"q":"a"}')),
      calls(call("find", '{ "q": "a", "id": 1.0 }')),
      TOOLS,
    );
    expect(numbers).toMatchObject({ tool_calls_compared: 1, tool_calls_equal: 1, equal_normalised: 1, equal_exact: 0 });
    expect(changed).toEqual(["tool-spelling:find"]);
  });

  it("differ in number and in order", () => {
    const [a, b] = [call("find", '{"id":1}'), call("list")];
    expect(compared(calls(a, b), calls(b, a), TOOLS).changed).toEqual(["tool-order"]);
    expect(compared(calls(b, b), calls(b), TOOLS).changed).toEqual(["tool-fewer:list"]);
  });
});

describe("two answers in JSON", () => {
  const of = (value: unknown): string => JSON.stringify(value);
  it("are compared field by field", () => {
    const { numbers, changed } = compared(
      of({ verdict: "deny", amount: 1, note: null, tags: ["a", "b"], by: { name: "x" } }),
      of({ verdict: "approve", amount: 1.0000000001, note: "n", tags: ["b", "a"], by: "x" }),
      JSON_ASKED,
    );
    expect(changed).toEqual(
      expect.arrayContaining([
        path("enum", ".verdict"),
        path("key-filled", ".note"),
        path("list-order", ".tags"),
        path("type", ".by"),
      ]),
    );
    expect(changed).not.toContain(path("value", ".amount"));
    expect(numbers).toMatchObject({ fields_compared: 6, fields_equal: 3, types_changed: 1, keys_lost: 0 });
  });

  it("are read as reordered only while that is little work", () => {
    const matrix = (rows: number, from: number) => Array.from({ length: rows }, (_, i) => Array(100).fill(from + i));
    const reversed = (rows: number) => of({ m: matrix(rows, 0).reverse() });
    expect(compared(of({ m: matrix(20, 0) }), reversed(20)).changed).toContain(path("list-order", ".m"));
    expect(compared(of({ m: matrix(190, 0) }), reversed(190)).changed).not.toContain(path("list-order", ".m"));
  });

  it("tell null, a value and no key apart", () => {
    const codes = (served: unknown, other: unknown) =>
      compared(of(served), of(other)).changed.filter((code) => code.includes(digest(".a")));
    expect(codes({ a: null, b: 1 }, { b: 1 })).toEqual([path("null-gone", ".a")]);
    expect(codes({ b: 1 }, { a: null, b: 1 })).toEqual([path("null-new", ".a")]);
    expect(codes({ a: 1, b: 1 }, { a: null, b: 1 })).toEqual([path("key-null", ".a")]);
    expect(codes({ a: 1, b: 1 }, { b: 1 })).toEqual([path("key-lost", ".a")]);
    expect(compared(of({ a: null, b: 1 }), of({ b: 1 })).numbers.keys_lost).toBe(0);
  });

  it("tell a lost object once, and not its keys", () => {
    const { numbers, changed } = compared(of({ a: { b: 1, c: 2 }, d: 1 }), of({ d: 1 }));
    expect(changed).toContain(path("key-lost", ".a"));
    expect(numbers.keys_lost).toBe(1);
    expect(changed.filter((code) => code.startsWith("key-"))).toHaveLength(1);
  });

  it("give values without their texts", () => {
    const { otherValues, changed } = compared(of({ amount: 1 }), of({ amount: 2, iban: "DE44" }), JSON_ASKED);
    expect(otherValues).toContain(`key:k${digest(".iban")}`);
    expect(otherValues).toContain("format:json");
    expect(JSON.stringify([otherValues, changed])).not.toMatch(/DE44|iban/);
  });
});

describe("what a call took", () => {
  it("is compared where both are known", () => {
    const took = (latencyMs: number | null, outputTokens: number) => ({ ...answered("x"), latencyMs, outputTokens });
    expect(compared(took(100, 10), took(150, 20)).numbers).toMatchObject({
      latency_ratio: 1.5,
      output_tokens_ratio: 2,
    });
    expect(compared(took(null, 0), took(150, 20)).numbers).not.toHaveProperty("latency_ratio");
    expect(compared(took(null, 0), took(150, 20)).numbers).not.toHaveProperty("output_tokens_ratio");
  });
});
