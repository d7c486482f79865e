import { describe, expect, test } from "vitest";
import { seededRandom } from "../../../core/seeded-random.ts";
import { labelLogE } from "../../../detectors/stats/arm-label.ts";
import { betLogE } from "../../../detectors/stats/betting.ts";
import { eventShareIncrements, shareLogE } from "../../../detectors/stats/event-share.ts";
import { fortnightPart } from "../../../detectors/stats/fortnights.ts";
import { gridVector } from "../../../detectors/stats/grid.ts";
import { createStarts, startWeight } from "../../../detectors/stats/multi-start.ts";
import { mixture, propLogE, propLower, propUpper } from "../../../detectors/stats/one-sample.ts";

// An e-value is valid when its mean under the null is at most 1. For a handful of calls that mean is a finite sum:
// every outcome, weighted by its probability. No simulation, no tolerance but rounding.
const ROUNDING = 1e-9;

const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);
const binomialMass = (n: number, k: number, p: number): number => choose(n, k) * p ** k * (1 - p) ** (n - k);

/** Mean of exp(logE(c, b)) over all outcomes of two independent binomials. */
const meanOver = (
  canary: { readonly n: number; readonly p: number },
  baseline: { readonly n: number; readonly p: number },
  logE: (canaryEvents: number, baselineEvents: number) => number,
): number => {
  let mean = 0;
  for (let c = 0; c <= canary.n; c++) {
    for (let b = 0; b <= baseline.n; b++) {
      const mass = binomialMass(canary.n, c, canary.p) * binomialMass(baseline.n, b, baseline.p);
      mean += mass * Math.exp(logE(c, b));
    }
  }
  return mean;
};

const repeat = (times: number, work: (random: () => number) => void): void => {
  const random = seededRandom(17);
  for (let i = 0; i < times; i++) work(random);
};
const between = (random: () => number, low: number, high: number): number => low + (high - low) * random();
const whole = (random: () => number, low: number, high: number): number => Math.floor(between(random, low, high + 1));

describe("the mean of the e-value under the null is at most 1", () => {
  test("one sample against a limit, both signs", () => {
    repeat(300, (random) => {
      const n = whole(random, 1, 12);
      const limit = between(random, 0.01, 0.6);
      const [below, above] = [limit * random(), limit + (1 - limit) * random()];
      const mean = (p: number, sign: 1 | -1): number =>
        meanOver({ n, p }, { n: 0, p: 0 }, (events) => propLogE(events, n, limit, sign));
      expect(mean(below, 1)).toBeLessThanOrEqual(1 + ROUNDING);
      expect(mean(limit, 1)).toBeLessThanOrEqual(1 + ROUNDING);
      expect(mean(above, -1)).toBeLessThanOrEqual(1 + ROUNDING);
    });
  });

  test("event share at the slice's own canary share, whatever that share is", () => {
    repeat(300, (random) => {
      const [nc, nb] = [whole(random, 1, 8), whole(random, 1, 12)];
      const rho = between(random, 0.5, 2);
      const baseline = between(random, 0, Math.min(1, 1 / rho));
      const canary = rho * baseline * random();
      const share = nc / (nc + nb);
      const mean = meanOver({ n: nc, p: canary }, { n: nb, p: baseline }, (c, b) => shareLogE(c, b, share, rho));
      expect(mean).toBeLessThanOrEqual(1 + ROUNDING);
      const worst = meanOver({ n: nc, p: rho * baseline }, { n: nb, p: baseline }, (c, b) =>
        shareLogE(c, b, share, rho),
      );
      expect(worst).toBeLessThanOrEqual(1 + ROUNDING);
    });
  });

  test("event share with lifts taken from anywhere, and a baseline whose calls on a lump count in part", () => {
    repeat(300, (random) => {
      const [nc, nb] = [whole(random, 1, 8), whole(random, 1, 12)];
      const lifts = gridVector().map(() => between(random, 0.01, 4));
      const [onLump, part, above] = [between(random, 0.1, 0.6), random(), between(random, 0, 0.3)];
      const tail = above + part * onLump;
      const sign = random() < 0.5 ? 1 : -1;
      const share = nc / (nc + nb);
      let mean = 0;
      for (let c = 0; c <= nc; c++) {
        for (let lump = 0; lump <= nb; lump++) {
          for (let beyond = 0; beyond <= nb - lump; beyond++) {
            const mass =
              binomialMass(nc, c, tail) *
              binomialMass(nb, lump, onLump) *
              binomialMass(nb - lump, beyond, above / (1 - onLump));
            const events = { canary: c, baseline: beyond + part * lump };
            mean += mass * Math.exp(mixture(eventShareIncrements(events, share, 1, sign, lifts)));
          }
        }
      }
      expect(mean).toBeLessThanOrEqual(1 + ROUNDING);
    });
  });

  test("two-arm betting at the slice's own canary share, with any anchor, both signs", () => {
    repeat(400, (random) => {
      const [nc, nb] = [whole(random, 1, 8), whole(random, 1, 12)];
      const sign = random() < 0.5 ? 1 : -1;
      const settings = {
        ratio: between(random, 0.5, 1.5),
        delta: between(random, -0.2, 0.2),
        low: 0,
        high: 1,
        sign,
      } as const;
      const baseline = random();
      const bound = settings.ratio * baseline + settings.delta;
      // A canary mean on the respected side of the bound; skipped where there is none in [0, 1].
      const canary =
        sign === 1 ? Math.min(1, bound) * random() : Math.max(0, bound) + (1 - Math.max(0, bound)) * random();
      if (bound < 0 || bound > 1 || canary < 0 || canary > 1) return;
      const anchor = settings.ratio * random() + settings.delta;
      const mean = meanOver({ n: nc, p: canary }, { n: nb, p: baseline }, (c, b) =>
        betLogE(settings, anchor, nc / (nc + nb), {
          canary: [[1, c], [0, nc - c]], // biome-ignore format: a table
          baseline: [[1, b], [0, nb - b]], // biome-ignore format: a table
        }),
      );
      expect(mean).toBeLessThanOrEqual(1 + ROUNDING);
    });
  });

  test("the arm label against the best single share, for equal distributions and any true share", () => {
    repeat(100, (random) => {
      const n = [whole(random, 1, 5), whole(random, 1, 5)] as const;
      const trueShare = between(random, 0.05, 0.95);
      // Given the bins' totals each call is a canary's with the true share: all outcomes of two binomials.
      const mean = meanOver({ n: n[0], p: trueShare }, { n: n[1], p: trueShare }, (first, second) => {
        const canary = first + second;
        const share = canary / (n[0] + n[1]);
        if (share === 0 || share === 1) return Number.NEGATIVE_INFINITY;
        return labelLogE({ canary: [first, second], baseline: [n[0] - first, n[1] - second] }, 0.3, share);
      });
      expect(mean).toBeLessThanOrEqual(1 + ROUNDING);
    });
  });
});

describe("properties", () => {
  test("more events are more evidence of a breach and less of a pass", () => {
    for (let events = 1; events <= 60; events++) {
      expect(propLogE(events, 60, 0.05, 1)).toBeGreaterThan(propLogE(events - 1, 60, 0.05, 1));
      expect(propLogE(events, 60, 0.05, -1)).toBeLessThan(propLogE(events - 1, 60, 0.05, -1));
    }
  });

  test("counting failures above a limit equals counting successes below its complement", () => {
    repeat(100, (random) => {
      const n = whole(random, 1, 500);
      const events = whole(random, 0, n);
      const limit = between(random, 0.01, 0.99);
      expect(propLogE(events, n, limit, 1)).toBeCloseTo(propLogE(n - events, n, 1 - limit, -1), 8);
    });
  });

  test("an interval holds the observed share, narrows with data and lies in [0, 1]", () => {
    let width = 1;
    for (const n of [10, 100, 1000, 10_000]) {
      const [lower, upper] = [propLower(n / 10, n, 0.01), propUpper(n / 10, n, 0.01)];
      expect(lower).toBeLessThan(0.1);
      expect(upper).toBeGreaterThan(0.1);
      expect(upper - lower).toBeLessThan(width);
      width = upper - lower;
    }
    expect([propLower(0, 50, 0.01), propUpper(50, 50, 0.01)]).toEqual([0, 1]);
  });

  test("the start weights of a process sum to at most 1, however long it runs and whatever its ticks are", () => {
    for (const step of [5_000, 60_000, 3_600_000, 7_200_000]) {
      let [sum, previous]: [number, number | null] = [0, null];
      for (let from = 1_234_567; from < 40 * 86_400_000; from += step * 7) {
        sum += Math.exp(startWeight(1_234_567, previous, from));
        previous = from;
      }
      expect(sum).toBeLessThanOrEqual(1 + ROUNDING);
    }
  });

  test("alternatives start on after 14 days, each 14 days with a smaller part of what there is", () => {
    const hour = 3_600_000;
    const at = (day: number) => startWeight(0, day * 24 * hour - 1, day * 24 * hour);
    expect(Math.exp(at(14))).toBeCloseTo((0.2 * 0.75) / 336, 12);
    expect(Math.exp(at(15))).toBeCloseTo((0.2 * 0.125) / 336, 12);
    expect(at(400)).toBeGreaterThan(Number.NEGATIVE_INFINITY);
    const parts = Array.from({ length: 1_000 }, (_, fortnight) => fortnightPart(fortnight));
    expect(parts.reduce((a, b) => a + b)).toBeLessThanOrEqual(1);
  });

  test.each([1, 5, 40, 300])("restarts every %d hours bring no alpha of their own", (every) => {
    const hour = 3_600_000;
    const starts = createStarts(0);
    let sum = 0;
    for (let at = 0; at < 90 * 24; at++) sum += Math.exp(starts.weight(at * hour, at > 0 && at % every === 0));
    expect(sum).toBeLessThanOrEqual(1 + ROUNDING);
  });

  test("a restart on the last of 14 days takes its weight from the next", () => {
    const hour = 3_600_000;
    const starts = createStarts(0);
    for (let at = 0; at < 335; at++) starts.weight(at * hour, false);
    expect(Math.exp(starts.weight(335 * hour, true))).toBeCloseTo((0.2 * 0.75 + 48 * 0.2 * 0.125) / 336, 12);
    for (let at = 336; at < 624; at++) starts.weight(at * hour, false);
    expect(starts.weight(625 * hour, false)).toBe(Number.NEGATIVE_INFINITY);
    expect(starts.weight(673 * hour, false)).toBeGreaterThan(Number.NEGATIVE_INFINITY);
  });
});
