import { describe, expect, test } from "vitest";
import { distributionOf, lognormalWeights, scaledLognormal } from "../../../bench/detection/streams/distribution.ts";
import { meansBound, rateBound, twoRatesBound } from "../../../bench/detection/table/bounds.ts";
import { CASES } from "../../../bench/detection/table/cases.ts";
import { joinedRandom, poissonFrom } from "../../../bench/detection/whole/joined-random.ts";
import { bucketValue } from "../../../core/histogram.ts";

describe("a distribution", () => {
  test("is drawn as often as it says", () => {
    const distribution = distributionOf(
      new Map([
        [0, 1],
        [10, 2],
        [20, 5],
      ]),
    );
    const { bins, sum } = distribution.draw(joinedRandom(1), 80_000);
    expect((bins[0] ?? 0) / 80_000).toBeCloseTo(1 / 8, 2);
    expect((bins[20] ?? 0) / 80_000).toBeCloseTo(5 / 8, 2);
    expect(sum / 80_000).toBeCloseTo(distribution.mean, 2);
    expect(distribution.mean).toBeCloseTo((bucketValue(0) + 2 * bucketValue(10) + 5 * bucketValue(20)) / 8, 12);
  });

  test("is scaled to exactly the ratio asked for", () => {
    for (const ratio of [1, 1.2, 1.25, 1.4]) {
      const scaled = scaledLognormal(600, 0.5, ratio);
      expect(scaled.mean / distributionOf(lognormalWeights(600, 0.5)).mean).toBeCloseTo(ratio, 10);
    }
  });

  test("has above a quantile at most what the quantile leaves", () => {
    const distribution = distributionOf(lognormalWeights(300, 0.5));
    for (const q of [0.5, 0.95, 0.99]) expect(distribution.above(distribution.quantile(q))).toBeLessThanOrEqual(1 - q);
  });
});

describe("a lower bound on the calls", () => {
  test("of an error rate is log(1/alpha) over the divergence from the limit", () => {
    expect(rateBound(0.01, 0.1, 0.05)).toBeCloseTo(4.60517 / (0.1 * Math.log(2) + 0.9 * Math.log(0.9 / 0.95)), 3);
  });

  test("of two rates is that of one against a baseline that is known, and no smaller", () => {
    const two = twoRatesBound(0.01, 0.13, 0.03, { ratio: 1, delta: 0.05 });
    expect(two).toBeGreaterThan(rateBound(0.01, 0.13, 0.08));
    expect(two).toBeLessThan(1.2 * rateBound(0.01, 0.13, 0.08));
  });

  test("of means grows with the square of the distance", () => {
    const at = (mean: number): number =>
      meansBound(0.01, { mean, variance: 1 }, { mean: 1, variance: 1 }, { ratio: 1, delta: 0 });
    expect(at(1.5)).toBeCloseTo(4 * at(2), 9);
  });
});

test("every row of the table asks something, and one that asks for an alarm knows the least it can take", () => {
  expect(CASES.length).toBeGreaterThan(35);
  for (const { asked, bound, runs, name } of CASES) {
    expect(runs, name).toBeGreaterThanOrEqual(20);
    expect(bound !== null, name).toBe(asked === "alarm" || asked === "clear");
  }
});

test("a Poisson count has its mean and variance", () => {
  const random = joinedRandom(7);
  const counts = Array.from({ length: 4000 }, () => poissonFrom(random, 75));
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / counts.length;
  expect(Math.abs(mean - 75)).toBeLessThan(0.6);
  expect(Math.abs(variance - 75)).toBeLessThan(8);
});
