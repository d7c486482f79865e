import { describe, expect, it } from "vitest";
import { formatAge, formatTime } from "../../status/format-age.ts";
import { formatValue } from "../../status/format-value.ts";

describe("formatValue", () => {
  it.each<[number | null, string, string]>([
    [0.05, "share", "5%"],
    [0.012345, "share", "1.23%"],
    [0, "share", "0%"],
    [1, "share", "100%"],
    [843.4, "ms", "843 ms"],
    [12_345, "ms", "12.3 s"],
    [0.0042, "USD", "$0.0042"],
    [1234.4, "tokens", "1,234 tokens"],
    [12.345, "tokens", "12.3 tokens"],
    [3, "", "3"],
    [null, "ms", "–"],
    [Number.NaN, "ms", "–"],
    [Number.POSITIVE_INFINITY, "share", "–"],
  ])("writes %s %s as %s", (value, unit, text) => {
    expect(formatValue(value, unit)).toBe(text);
  });
});

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

describe("formatTime", () => {
  it("writes UTC to the second", () => {
    expect(formatTime(Date.UTC(2026, 0, 2, 3, 4, 5, 678))).toBe("2026-01-02 03:04:05");
  });
});
