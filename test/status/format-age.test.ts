import { describe, expect, it } from "vitest";
import { formatAge } from "../../status/format-age.ts";

describe("formatAge", () => {
  it.each<[number | null, string]>([
    [0, "0 s"],
    [59_999, "59 s"],
    [61_000, "1 min 1 s"],
    [3_600_000, "1 h"],
    [90_061_000, "1 d 1 h"],
    [-5000, "0 s"],
    [null, "never"],
  ])("writes %s ms ago as %s", (age, text) => {
    expect(formatAge(age === null ? null : 1_000_000_000 - age, 1_000_000_000)).toBe(text);
  });
});
