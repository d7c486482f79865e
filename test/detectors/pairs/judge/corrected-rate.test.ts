import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../../core/seeded-random.ts";
import { correctedRate, type Label } from "../../../../detectors/pairs/judge/corrected-rate.ts";
import { orderError } from "../../../../detectors/pairs/judge/order-error.ts";
import { drawLabels, type JudgeWorld } from "./judge-world.ts";

const ALPHA = 0.05;
const repeat = (n: number, label: Label): readonly Label[] => Array.from({ length: n }, () => label);

describe("the rate by a judge of many and people of few", () => {
  it("is unknown without labels, however many the judge read", () => {
    expect(correctedRate({ n: 10_000, sum: 0, labels: [] }, ALPHA)).toEqual({ upper: 1, value: null });
  });

  it("without a judge is that of the labels", () => {
    const labels = [...repeat(5, { truth: 1, judged: null }), ...repeat(95, { truth: 0, judged: null })];
    const { upper, value } = correctedRate({ n: 0, sum: 0, labels }, ALPHA);
    expect(value).toBeCloseTo(0.05, 12);
    expect(upper).toBeCloseTo(0.1513253869, 8);
  });

  it.each([
    ["labels alone", { n: 0, sum: 0, labels: repeat(100, { truth: 0, judged: null }) }, 0.0495538384],
    [
      "a judge that is right",
      { n: 5000, sum: 1500, labels: drawLabels({ rate: 0.3, missed: 0, invented: 0 }, 200, 1) },
      0.3522378745,
    ],
    [
      "one that is wrong",
      { n: 5000, sum: 1750, labels: drawLabels({ rate: 0.3, missed: 0.3, invented: 0.2 }, 200, 1) },
      0.4061207053,
    ],
  ])("of %s has its golden value", (_what, judged, upper) => {
    expect(correctedRate(judged, ALPHA).upper).toBeCloseTo(upper, 8);
  });

  it("is the narrower, the better the judge is, and never much wider than by the labels alone", () => {
    const upper = (world: JudgeWorld): number => {
      const labels = drawLabels(world, 400, 7);
      const mean = world.rate * (1 - world.missed) + (1 - world.rate) * world.invented;
      return correctedRate({ n: 20_000, sum: 20_000 * mean, labels }, ALPHA).upper;
    };
    const alone = correctedRate(
      { n: 0, sum: 0, labels: drawLabels({ rate: 0.3, missed: 0, invented: 0 }, 400, 7) },
      ALPHA,
    ).upper;
    const [right, good, coin] = [0, 0.1, 0.5].map((error) => upper({ rate: 0.3, missed: error, invented: error }));
    expect(right).toBeLessThan(good ?? 0);
    expect(good).toBeLessThan(coin ?? 0);
    expect(coin).toBeLessThan(alone + 0.02);
  });

  it("is the wider, the more the pairs are alike", () => {
    const judged = { n: 5000, sum: 500, labels: drawLabels({ rate: 0.1, missed: 0.1, invented: 0.1 }, 200, 3) };
    expect(correctedRate(judged, ALPHA, 3).upper).toBeGreaterThan(correctedRate(judged, ALPHA).upper);
  });

  it.each<[string, JudgeWorld]>([
    ["that is wrong in 20% and finds too much by 10 points", { rate: 0.3, missed: 0.05 / 0.3, invented: 0.15 / 0.7 }],
    ["that is wrong in 20% and finds too little by 10 points", { rate: 0.3, missed: 0.5, invented: 0.05 / 0.7 }],
  ])("holds the truth under peeking, by a judge %s", (_what, world) => {
    const mean = world.rate * (1 - world.missed) + (1 - world.rate) * world.invented;
    let misses = 0;
    for (let seed = 0; seed < 100; seed++) {
      const random = seededRandom(seed);
      const labels = drawLabels(world, 160, seed + 1000);
      const sizes = [20, 40, 80, 160];
      const isMissed = sizes.some((size) => {
        const n = size * 20;
        const sum = Array.from({ length: n }, () => Number(random() < mean)).reduce((a, b) => a + b, 0);
        return correctedRate({ n, sum, labels: labels.slice(0, size) }, ALPHA).upper < world.rate;
      });
      misses += Number(isMissed);
    }
    expect(misses).toBeLessThanOrEqual(8);
  });
});

describe("what both orders got wrong", () => {
  it("is nothing where they never disagree, and a half where they do as a coin would", () => {
    expect(orderError(0, 100_000, 0.05)).toBeLessThan(1e-6);
    expect(orderError(500, 1000, 0.05)).toBeCloseTo(0.5, 6);
    expect(orderError(0, 0, 0.05)).toBeCloseTo(0.5, 6);
    // 18% differ by an error of 10% in each order: 1% of 82% that agree.
    expect(orderError(180_000, 1_000_000, 0.05)).toBeCloseTo(0.01 / 0.82, 2);
  });
});
