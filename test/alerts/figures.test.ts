import { describe, expect, it } from "vitest";
import { count, figure, oddsOf, seconds } from "../../alerts/figures.ts";
import { percent } from "../../core/percent.ts";

describe("figures as people read them", () => {
  it.each([
    [0.198, "share", "19.8%"],
    [0, "share", "0%"],
    [0.000123, "share", "0.0123%"],
    [1, "share", "100%"],
    [340.44, "ms", "340 ms"],
    [1_522, "ms", "1.52 s"],
    [61_000, "ms", "61 s"],
    [0.00424, "USD", "$0.00424"],
    [812.4, "tokens", "812 tokens"],
    [null, "ms", "unknown"],
  ])("%f in %s is %s", (value, unit, text) => {
    expect(figure(value, unit)).toBe(text);
  });

  it("separates thousands and rounds seconds", () => {
    expect([count(12_940), seconds(3_449), percent(0.05)]).toEqual(["12,940", "3.4 s", "5%"]);
  });

  it.each([
    [9.31, "at most 1 in 11,000"],
    [7.09, "at most 1 in 1,200"],
    [1, "at most 1 in 2.7"],
    [40, "less than 1 in a billion"],
    [-3, "no evidence"],
  ])("a log e-value of %f means %s", (logE, text) => {
    expect(oddsOf(logE)).toBe(text);
  });
});
