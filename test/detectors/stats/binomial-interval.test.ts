import { expect, it } from "vitest";
import { binomialInterval } from "../../../detectors/stats/binomial-interval.ts";

it.each([
  ["none of twenty", 0, 20, 0, 1 - 0.025 ** (1 / 20)],
  ["all of twenty", 20, 20, 0.025 ** (1 / 20), 1],
  ["one of one", 1, 1, 0.025, 1],
  ["none at all", 0, 0, 0, 1],
])("%s has its closed form", (_name, events, n, lower, upper) => {
  const interval = binomialInterval(events, n);
  expect(interval.lower).toBeCloseTo(lower, 12);
  expect(interval.upper).toBeCloseTo(upper, 12);
});

/** P(exactly k of n), by products of small numbers. */
const exactly = (k: number, n: number, p: number): number => {
  let chance = (1 - p) ** (n - k);
  for (let i = 0; i < k; i++) chance *= ((n - i) / (k - i)) * p;
  return chance;
};

const between = (from: number, to: number, n: number, p: number): number =>
  Array.from({ length: to - from + 1 }, (_, i) => exactly(from + i, n, p)).reduce((sum, chance) => sum + chance, 0);

it.each([
  [1, 20],
  [5, 500],
  [37, 60],
])("%i of %i: at either end of the interval what was seen has a chance of 2.5%%", (events, n) => {
  const { lower, upper } = binomialInterval(events, n);
  expect(between(0, events, n, upper)).toBeCloseTo(0.025, 9);
  expect(between(events, n, n, lower)).toBeCloseTo(0.025, 9);
});
