import { describe, expect, it } from "vitest";
import { clamp } from "../../alerts/clamp.ts";

describe("clamp", () => {
  it.each([
    ["text that fits is left alone", "abc", 3, "abc"],
    ["text that does not is cut with a mark", "abcd", 3, "ab…"],
    ["a pair of surrogates is kept whole or dropped", "😀😀😀", 5, "😀😀…"],
    ["a pair that would be split is dropped", "😀😀😀", 4, "😀…"],
    ["a lone surrogate becomes a replacement character", "\ud800", 3, "\ufffd"],
    ["nothing stays nothing", "", 3, ""],
    ["a limit of one leaves the mark", "abc", 1, "…"],
  ])("%s", (_what, text, limit, expected) => {
    expect(clamp(text, limit)).toBe(expected);
  });

  it("counts what the transform makes of a character and never splits it", () => {
    expect(clamp("a&b", 7, (c) => (c === "&" ? "&amp;" : c))).toBe("a&amp;b");
    expect(clamp("a&b", 6, (c) => (c === "&" ? "&amp;" : c))).toBe("a…");
  });
});
