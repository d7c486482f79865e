import { describe, expect, test } from "vitest";
import { binomialFrom, seededRandom } from "../../../core/seeded-random.ts";
import { type BucketSums, designEffect } from "../../../detectors/stats/cluster-effect.ts";

const bucket = (n: number, sum: number): BucketSums => ({ n, sum, squares: sum });

/** Buckets of independent calls, 5% of which are events. */
const independent = (buckets: number, calls: number, seed: number): readonly BucketSums[] => {
  const random = seededRandom(seed);
  return Array.from({ length: buckets }, () => bucket(calls, binomialFrom(random, calls, 0.05)));
};

describe("the effect of clusters on the variance of a sum", () => {
  test("of independent calls it is about 1, and the two standard deviations that are added", () => {
    const effects = Array.from({ length: 50 }, (_, seed) => designEffect(independent(256, 100, seed + 1), true) ?? 0);
    expect(Math.max(...effects)).toBeLessThan(1.6);
    expect(effects.reduce((sum, effect) => sum + effect, 0) / 50).toBeLessThan(1.3);
  });

  test("of calls that are all alike within a bucket it is the size of the buckets", () => {
    const buckets = Array.from({ length: 256 }, (_, i) => bucket(20, i % 10 === 0 ? 20 : 0));
    expect(designEffect(buckets, true)).toBeGreaterThan(18);
  });

  test.each([
    ["half", 1000],
    ["nine tenths", 9000],
  ])("one bucket that makes %s of the calls and fails alone is seen, although it makes the mean", (_share, n) => {
    const others = Array.from({ length: 100 }, (_, i) => bucket(10, i % 20 === 0 ? 1 : 0));
    expect(designEffect([...others, bucket(n, 0.12 * n)], true)).toBeGreaterThan(50);
  });

  test("one bucket alone is one draw, and never is an effect more than the calls", () => {
    expect(designEffect([bucket(2000, 100)], true)).toBe(2000);
    expect(designEffect([bucket(1500, 1500), bucket(10, 0), bucket(40, 0)], true)).toBeLessThanOrEqual(1550);
  });

  test("empty buckets change nothing", () => {
    const buckets = independent(40, 100, 3);
    expect(designEffect([...buckets, ...Array.from({ length: 200 }, () => bucket(0, 0))], true)).toBe(
      designEffect(buckets, true),
    );
  });
});
