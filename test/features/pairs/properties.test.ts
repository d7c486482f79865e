import { describe, expect, it } from "vitest";
import {
  isPairNumber,
  PAIR_CHANGES,
  PAIR_NUMBERS,
  pairChangeOf,
  pairValueKindOf,
} from "../../../core/pair-measures.ts";
import { seededRandom } from "../../../core/seeded-random.ts";
import type { AskedFor, ToolCall } from "../../../features/answer.ts";
import type { ComparedAnswer } from "../../../features/pairs/compared-answer.ts";
import { answered, compared } from "./pair-of.ts";

const PIECES: readonly string[] = [
  ..." \n\t.,!?'\"`*_#-|()[]{}<>\\0$é“’—…。、",
  ...["```\n", "```json\n", '{"a":', '{"a":1}', "[1,2]", "null", "1,234.5", "2024-03-05", "1. ", "- x\n", "| a |\n"],
  ...[
    "\ud83d\ude00",
    "\ud800",
    "\u0000",
    "\ufdfa",
    "漢字",
    "かな",
    "ไทย",
    "سلام",
    "I can't help with that. ",
    "The cat is on the mat. ",
  ],
  ...['{"__proto__":{"a":1}}', '{"constructor":null}', "Je ne peux pas. ", "def f(x):\n  return x\n", "9".repeat(40)],
];
const TOOLS = ["find", "list", "toString", "__proto__"];
const ASKED: readonly AskedFor[] = [
  { json: false, tools: [] },
  { json: true, schema: { type: "object", properties: { a: { enum: [1, 2] } }, required: ["a"] }, tools: TOOLS },
  {
    json: true,
    schema: { $ref: "#" },
    tools: TOOLS,
    toolRequired: true,
    toolSchemas: new Map([["find", { type: "object" }]]),
  },
];
const FINISH = ["", "stop", "length", "content_filter", "tool_calls", "__proto__", "a word of its own"];

const pick = <T>(random: () => number, from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;

const textFrom = (random: () => number): string =>
  Array.from({ length: Math.floor(random() ** 3 * 60) }, () => pick(random, PIECES)).join("");

const answerFrom = (random: () => number): ComparedAnswer => {
  const text = random() < 0.1 ? null : textFrom(random);
  const toolCalls: ToolCall[] =
    random() < 0.7
      ? []
      : Array.from({ length: 1 + Math.floor(3 * random()) }, () => ({
          name: pick(random, [...TOOLS, "made up"]),
          arguments: pick(random, ["", "{}", '{"a":1}', '{"a": 1.0}', "{", textFrom(random)]),
        }));
  const known = (): number | null => (random() < 0.3 ? null : Math.floor(random() * 1000));
  return {
    ...answered(text, { toolCalls, finishReason: pick(random, FINISH), refusal: random() < 0.05 ? "no" : null }),
    ...{ inputTokens: known(), outputTokens: known(), latencyMs: known(), costUsd: known() },
  };
};

const RUNS = 1500;
const pairs = Array.from({ length: RUNS }, (_, seed) => {
  const random = seededRandom(seed);
  return { served: answerFrom(random), other: answerFrom(random), asked: pick(random, ASKED), seed };
});
const namesOf = (codes: readonly string[]): readonly string[] => codes.map((code) => pairChangeOf(code) ?? code).sort();
const hasOneSide = (code: string): boolean => code !== "tool-lost" && code !== "tool-extra";

describe("any two answers", () => {
  it("of which one is the other differ in nothing", () => {
    for (const { served, asked, seed } of pairs) {
      const { changed, numbers, servedValues, otherValues } = compared(served, served, asked);
      expect({ seed, changed }).toEqual({ seed, changed: [] });
      expect(numbers.equal_exact).toBe(1);
      expect(numbers.similarity_chars ?? 1).toBe(1);
      expect(numbers.fields_equal).toBe(numbers.fields_compared);
      expect(otherValues).toEqual(servedValues);
    }
  });

  it("differ in the mirror image when they change places", () => {
    for (const { served, other, asked, seed } of pairs) {
      const [one, two] = [compared(served, other, asked), compared(other, served, asked)];
      const mirrored = namesOf(one.changed)
        .map((name) => PAIR_CHANGES[name as keyof typeof PAIR_CHANGES].mirror)
        .sort();
      expect({ seed, codes: namesOf(two.changed).filter(hasOneSide) }).toEqual({
        seed,
        codes: mirrored.filter(hasOneSide),
      });
      expect(two.servedValues).toEqual(one.otherValues);
      for (const [name, value] of Object.entries(one.numbers)) {
        if (!isPairNumber(name)) throw new Error(`${name} is not in the catalogue`);
        if (PAIR_NUMBERS[name].swapped === "same") expect(two.numbers[name]).toBe(value);
        if (PAIR_NUMBERS[name].swapped === "inverse" && value > 0) expect(two.numbers[name]).toBeCloseTo(1 / value, 9);
      }
    }
  });

  it("are told in words of the catalogue, within the ranges and the caps it states", () => {
    for (const { served, other, asked } of pairs) {
      const { changed, numbers, servedValues, otherValues } = compared(served, other, asked);
      for (const code of changed) expect(pairChangeOf(code)).not.toBeNull();
      for (const value of [...servedValues, ...otherValues]) expect(pairValueKindOf(value)).not.toBeNull();
      expect(changed).toEqual([...changed].sort());
      expect(changed.length).toBeLessThanOrEqual(64);
      expect(Math.max(servedValues.length, otherValues.length)).toBeLessThanOrEqual(128);
      for (const [name, value] of Object.entries(numbers)) {
        expect(Number.isFinite(value)).toBe(true);
        const { unit } = PAIR_NUMBERS[name as keyof typeof PAIR_NUMBERS];
        if (unit === "share" || unit === "flag") expect(value >= 0 && value <= 1).toBe(true);
        else if (unit !== "cosine") expect(value).toBeGreaterThanOrEqual(0);
      }
    }
  });

  it("keep facts before plain differences, and the same ones each time, where there are too many", () => {
    const keys = (from: number) =>
      JSON.stringify(Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`k${from + i}`, 1])));
    const schema = { type: "object", required: ["k0"] };
    const asked: AskedFor = { json: true, schema, tools: [] };
    const { changed } = compared(keys(0), keys(100), asked);
    expect(changed).toHaveLength(64);
    expect(changed).toContain("schema-broken");
    expect(compared(keys(0), keys(100), asked).changed).toEqual(changed);
  });

  it("quote nothing of an answer", () => {
    const secret = "Zaphod42Beeblebrox";
    const asked: AskedFor = { json: true, tools: ["find"] };
    const json = (value: string) => JSON.stringify({ [value]: value, list: [value] });
    const found = [
      compared(secret, `${secret} ${secret}`),
      compared(json("a"), json(secret), asked),
      compared(answered(null, { toolCalls: [{ name: secret, arguments: json(secret) }] }), secret, asked),
      compared(answered("a", { finishReason: `${secret} ${secret}` }), answered("a", { finishReason: "stop" })),
    ];
    expect(JSON.stringify(found)).not.toMatch(/Zaphod/i);
  });
});

describe("enormous answers", () => {
  const MB = 1 << 20;
  it.each([
    ["prose", "The cat sat on the mat. ".repeat(MB / 24), "The dog sat on the log. ".repeat(MB / 24)],
    ["one letter", "a".repeat(MB), "b".repeat(MB)],
    ["blanks", " ".repeat(MB), `${" ".repeat(MB)}x`],
    ["final punctuation", `${".".repeat(MB)}`, `x${".".repeat(MB)}`],
    ["ligatures that grow", "\ufdfa".repeat(MB / 4), "\ufdfb".repeat(MB / 4)],
    ["digits", "1".repeat(MB), "1,".repeat(MB / 2)],
    ["brackets", "[".repeat(MB), "{".repeat(MB)],
    ["nested lists", `${"[".repeat(50_000)}${"]".repeat(50_000)}`, `${"[".repeat(40_000)}1${"]".repeat(40_000)}`],
    ["a list of 60,000", `[${"1,".repeat(60_000)}1]`, `[${"2,".repeat(60_000)}1]`],
    ["fences", "```\n".repeat(MB / 4), "~~~\n".repeat(MB / 4)],
    ["dashes and spaces", "- ".repeat(MB / 2), "-".repeat(MB)],
    ["stars", "*".repeat(MB), "**".repeat(MB / 4) + "[".repeat(MB / 2)],
  ])("of %s are compared on a part that is told", (_what, served, other) => {
    const { numbers } = compared(served, other, { json: true, tools: [] });
    expect(numbers.equal_exact).toBe(0);
    expect(numbers.compared_share).toBeGreaterThan(0);
    expect(numbers.compared_share).toBeLessThan(1);
  });

  it("keep their exact equality, of the whole", () => {
    const long = "word ".repeat(MB / 5);
    expect(compared(long, long).changed).toEqual([]);
    expect(compared(long, `${long.slice(0, MB / 2)}X${long.slice(MB / 2 + 1)}`).numbers.equal_exact).toBe(0);
  });
});
