import { expect, it } from "vitest";
import { oddsOf } from "../../alerts/odds-of.ts";

it.each([
  [9.31, "at most 1 in 11,000"],
  [7.09, "at most 1 in 1,200"],
  [1, "at most 1 in 2.7"],
  [40, "less than 1 in a billion"],
  [-3, "no evidence"],
])("a log e-value of %f means %s", (logE, text) => {
  expect(oddsOf(logE)).toBe(text);
});
