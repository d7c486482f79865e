import { describe, expect, it, test } from "vitest";
import { membersOf, otherwise, unreachable } from "../../core/exhaustive.ts";

describe("unreachable", () => {
  it.each<[string, unknown, string]>([
    ["a name", "later", 'no case for "later": a bug'],
    ["a member by its type", { type: "later", url: "https://hooks.example/secret" }, 'no case for type "later": a bug'],
    ["a member by its kind", { kind: "later", text: "an answer" }, 'no case for kind "later": a bug'],
    ["a member by its outcome", { rule: "error", outcome: "later" }, 'no case for outcome "later": a bug'],
    ["what has no name", { url: "https://hooks.example/secret" }, "no case for an object: a bug"],
    ["what is no text", 7, "no case for number: a bug"],
    ["nothing", null, "no case for object: a bug"],
  ])("names %s, and nothing else of it", (_what, value, message) => {
    expect(() => unreachable(value as never)).toThrow(new TypeError(message));
  });
});

test("otherwise has the fallback for what a newer version wrote", () => {
  expect(otherwise({ type: "later" } as never, 3)).toBe(3);
});

test("membersOf lists a table's members in its order", () => {
  expect(membersOf<"b" | "a">({ b: true, a: true })).toEqual(["b", "a"]);
});
