import { expect, it } from "vitest";
import { shapleyValues } from "../../../detectors/stats/shapley.ts";

it("one factor has all of it, none none of it", () => {
  expect(shapleyValues(1, (set) => 7 * set)).toEqual([7]);
  expect(shapleyValues(0, () => 3)).toEqual([]);
});

// The textbook's three players with gloves: one left (bit 0), two right; only a pair is worth anything.
it("is the textbook's", () => {
  const values = shapleyValues(3, (set) => (set % 2 === 1 && set > 1 ? 1 : 0));
  for (const [i, expected] of [2 / 3, 1 / 6, 1 / 6].entries()) expect(values[i]).toBeCloseTo(expected, 12);
});

it("sums to the whole for a product of many", () => {
  const values = shapleyValues(8, (set) =>
    Array.from({ length: 8 }, (_, i) => ((set >> i) % 2 === 1 ? i + 2 : 1)).reduce((a, b) => a * b),
  );
  expect(values.reduce((a, b) => a + b)).toBeCloseTo(362_880 - 1, 6);
});
