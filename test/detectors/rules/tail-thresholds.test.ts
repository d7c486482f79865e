import { describe, expect, test } from "vitest";
import { bucketOf, upperEdge, ZERO_BUCKET } from "../../../core/histogram.ts";
import { countTails, placeThresholds } from "../../../detectors/rules/tail-thresholds.ts";

const totals = (counts: readonly (readonly [value: number, count: number])[]) => ({
  n: counts.reduce((sum, [, count]) => sum + count, 0),
  sum: 0,
  bins: new Map(counts.map(([value, count]) => [String(bucketOf(value)), count])),
});
const at = (quantile: number, margin: number) => ({ quantile, margin: () => margin });

describe("where a tail begins", () => {
  test.each([
    [
      "a lump with a smaller tail beyond it",
      [
        [40, 9700],
        [2500, 300],
      ],
      0.95,
      40,
    ],
    [
      "a lump that is the tail",
      [
        [40, 9000],
        [2500, 1000],
      ],
      0.95,
      2500,
    ],
    [
      "values at a cap",
      [
        [900, 9800],
        [30_000, 200],
      ],
      0.99,
      30_000,
    ],
    ["one value", [[700, 10_000]], 0.99, 700],
    ["nothing but zeros", [[0, 10_000]], 0.5, 0],
  ] as const)("%s: what counts as the tail is 1 - quantile of the baseline's calls", (_, counts, quantile, value) => {
    const baseline = totals(counts);
    const placed = placeThresholds(baseline, at(quantile, 5), 1);
    expect(placed?.baseline).toBe(bucketOf(value));
    if (placed === null) throw new Error("not placed");
    const { strict } = countTails({ pair: { canary: baseline, baseline }, share: 0.5 }, placed);
    expect(strict.pair.baseline.sum).toBeCloseTo((1 - quantile) * baseline.n, 6);
    expect(strict.pair.canary.sum).toBeLessThanOrEqual(strict.pair.baseline.sum);
  });

  test("a zero is not beyond a limit of zero", () => {
    const placed = placeThresholds(totals([[0, 10_000]]), at(0.5, 0), 1);
    expect([placed?.canaryHigh, placed?.canaryLow]).toEqual([ZERO_BUCKET, ZERO_BUCKET]);
  });

  test("at the edge of a lump both sides are measured from the lump that is to their disadvantage", () => {
    const placed = placeThresholds(
      totals([
        [40, 9_520],
        [2500, 480],
      ]),
      at(0.95, 200),
      1,
    );
    expect(placed?.baseline).toBe(bucketOf(40));
    expect(upperEdge(placed?.canaryHigh ?? 0)).toBeGreaterThanOrEqual(2700);
    expect(upperEdge(placed?.canaryLow ?? 0)).toBeLessThan(250);
    const other = placeThresholds(
      totals([
        [40, 9_480],
        [2500, 520],
      ]),
      at(0.95, 200),
      1,
    );
    expect(other?.baseline).toBe(bucketOf(2500));
    expect(upperEdge(other?.canaryLow ?? 0)).toBeLessThan(250);
  });

  test("likeness of calls widens where the true quantile may be", () => {
    const lumps = totals([
      [40, 9_600],
      [2500, 400],
    ]);
    expect(upperEdge(placeThresholds(lumps, at(0.95, 200), 1)?.canaryHigh ?? 0)).toBeLessThan(250);
    expect(upperEdge(placeThresholds(lumps, at(0.95, 200), 10)?.canaryHigh ?? 0)).toBeGreaterThan(2500);
  });

  test("without lumps both sides are measured from the observed quantile", () => {
    const even = totals(Array.from({ length: 300 }, (_, i) => [100 * 1.01 ** i * 1.005, 30] as const));
    const placed = placeThresholds(even, at(0.95, 200), 1);
    expect((placed?.canaryHigh ?? 0) - (placed?.canaryLow ?? 0)).toBeLessThanOrEqual(1);
  });
});
