import { describe, expect, it } from "vitest";
import { z } from "zod";
import { configInvalid, formatProblem, nearest, parseWith, unknownName } from "../../../agent/config/problem.ts";

const inner = z.strictObject({ name: z.string().min(1), unit: z.enum(["points", "relative"]).optional() });
const schema: z.ZodType = z.strictObject({
  list: z.array(inner).min(1).default([]),
  choice: z.union([z.literal("all"), z.array(inner)]).optional(),
  named: z.record(z.string(), inner).optional(),
  count: z.int().min(2).max(9).optional(),
  token: z.string().min(8).nullable().optional(),
});

const problemsOf = (input: unknown): readonly string[] => {
  const read = parseWith(schema, input, "f.yaml");
  return "problems" in read ? read.problems.map(formatProblem) : [];
};

describe("one problem per mistake, each with path, problem and expectation", () => {
  it.each([
    ["an unknown key", { lsit: [] }, 'f.yaml: lsit: unknown key "lsit"; did you mean "list"?'],
    ["an unknown key far from all", { zebra: 1 }, 'f.yaml: zebra: unknown key "zebra"; expected one of list, choice'],
    ["one inside a list", { list: [{ nmae: "" }] }, 'f.yaml: list[0].nmae: unknown key "nmae"; did you mean "name"?'],
    [
      "one inside a record",
      { named: { a: { name: "x", untis: 1 } } },
      'named.a.untis: unknown key "untis"; did you mean "unit"?',
    ],
    [
      "one inside a union",
      { choice: [{ name: "x", nam: 1 }] },
      'choice[0].nam: unknown key "nam"; did you mean "name"?',
    ],
    [
      "a wrong name",
      { list: [{ name: "x", unit: "point" }] },
      'list[0].unit: unknown value "point"; did you mean "points"?',
    ],
    ["no alternative of a union", { choice: "al" }, 'f.yaml: choice: "al"; expected all or a list'],
    ["no alternative, and no text", { choice: 3 }, "f.yaml: choice: is a number; expected all or a list"],
    ["a missing key", { list: [{}] }, "f.yaml: list[0].name: missing; expected text"],
    ["an empty value", { list: null }, "f.yaml: list: empty; expected a list"],
    ["an empty text", { list: [{ name: "" }] }, "f.yaml: list[0].name: empty; expected text"],
    ["an empty list", { list: [] }, "f.yaml: list: empty; expected at least one entry"],
    ["a list of the wrong thing", { list: ["x"] }, "f.yaml: list[0]: is text; expected keys with values"],
    ["a number too small", { count: 1 }, "f.yaml: count: too small; expected at least 2"],
    ["a number too large", { count: 10 }, "f.yaml: count: too large; expected at most 9"],
    ["a text too short", { token: "1234567" }, "f.yaml: token: too short; expected at least 8 characters"],
  ])("%s", (_what, input, expected) => {
    expect(problemsOf(input).some((line) => line.includes(expected))).toBe(true);
  });

  it("reports every mistake, not the first", () => {
    expect(problemsOf({ list: [{ name: "" }, { name: 3 }], count: 1, a: 1, b: 2 })).toHaveLength(5);
  });

  it("is one error with a line for each", () => {
    const error = configInvalid([
      { file: "a.yaml", path: "x", text: "missing; expected y" },
      { file: "a.yaml", path: "", text: "empty; expected keys" },
    ]);
    expect(error.code).toBe("config-invalid");
    expect(error.message).toBe("a.yaml: x: missing; expected y\na.yaml: empty; expected keys");
  });
});

describe("secrets", () => {
  it.each([
    ["a token written as a number", { token: 1234567890 }],
    ["a token too short", { token: "1234567" }],
    ["a token written as a list", { token: ["1234567890"] }],
  ])("are not repeated: %s", (_what, input) => {
    expect(problemsOf(input)).not.toEqual([]);
    expect(problemsOf(input).join()).not.toContain("1234");
  });
});

describe("the nearest name", () => {
  it.each([
    ["late", ["latency_ms", "error"], null],
    ["latencyms", ["latency_ms", "error"], "latency_ms"],
    ["errro", ["latency_ms", "error"], "error"],
    ["x", ["on", "url"], null],
    ["anything", [], null],
  ])("of %s in %j is %s", (name, known, expected) => expect(nearest(name, known)).toBe(expected));

  it("is offered, or everything that is known", () => {
    expect(unknownName("signal", "errro", ["error", "refusal"])).toBe('unknown signal "errro"; did you mean "error"?');
    expect(unknownName("signal", "zzz", ["error", "refusal"])).toBe(
      'unknown signal "zzz"; expected one of error, refusal',
    );
  });
});
