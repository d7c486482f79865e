import { unreachable } from "../../core/exhaustive.ts";
import { bucketOf } from "../../core/histogram.ts";
import type { Sample } from "../../core/sample.ts";
import { binomialFrom, normalFrom } from "../../core/seeded-random.ts";
import { normalQuantile } from "../../detectors/stats/normal-quantile.ts";
import type { AssumedSignal } from "./assumed-signals.ts";

/** Draws what `n` calls of one arm add up to; `luck`: how far the arm's users are from the mean, in standard deviations of a call. */
export type DrawCalls = (random: () => number, n: number, luck: number) => Pick<Sample, "n" | "sum" | "bins">;

/** Up to so many events on average a count is drawn one by one; beyond, it is as good as normal. */
const EXACT = 50;

/** A Poisson count. */
export const countFrom = (random: () => number, mean: number): number => {
  if (mean <= 0) return 0;
  if (mean > EXACT) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normalFrom(random)));
  const floor = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > floor; product *= random()) count++;
  return count;
};

/** Events among `n` calls: exact where either they or the others are few, whatever the rate; beyond, a normal count is as good. */
export const eventsFrom = (random: () => number, n: number, rate: number): number => {
  if (rate > 0.5) return n - eventsFrom(random, n, 1 - rate);
  if (n * rate <= EXACT) return binomialFrom(random, n, rate);
  return Math.min(n, Math.max(0, Math.round(n * rate + Math.sqrt(n * rate * (1 - rate)) * normalFrom(random))));
};

const rate =
  (level: number): DrawCalls =>
  (random, n, luck) => {
    const shifted = Math.min(1, Math.max(0, level + luck * Math.sqrt(level * (1 - level))));
    return { n, sum: eventsFrom(random, n, shifted), bins: {} };
  };

/** Amounts in bins of 3%, told as the bucket in their middle, so that means stay as they are: finer ones cost time, and no limit is as close. */
const amountBin = (value: number): string => String(3 * Math.floor(bucketOf(value) / 3) + 1);

const QUANTILES = Array.from({ length: 512 }, (_, i) => normalQuantile((i + 0.5) / 512));

/** Above so many calls the counts of the bins are drawn, below the calls. */
const BY_BINS = 2048;

/** A number of calls in each of the bins that 512 equally likely values fall into. */
const valued =
  (valueAt: (z: number) => number, binOf: (value: number) => string): DrawCalls =>
  (random, n, luck) => {
    const bins: Record<string, number> = {};
    let [all, sum] = [0, 0];
    const add = (z: number, count: number): void => {
      const value = valueAt(z + luck);
      const bin = binOf(value);
      bins[bin] = (bins[bin] ?? 0) + count;
      all += count;
      sum += count * value;
    };
    if (n <= BY_BINS) {
      for (let i = 0; i < n; i++) add(QUANTILES[Math.floor(random() * QUANTILES.length)] ?? 0, 1);
    } else {
      // Of what is left, each value gets its part: together they are the calls.
      for (const [i, z] of QUANTILES.entries()) add(z, eventsFrom(random, n - all, 1 / (QUANTILES.length - i)));
    }
    return { n: all, sum, bins };
  };

/** How the calls of one arm are drawn. */
export const drawsOf = ({ kind, spread }: AssumedSignal, level: number): DrawCalls => {
  switch (kind) {
    case "score":
      return valued(
        (z) => Math.min(1, Math.max(0, level + spread * z)),
        (value) => String(Math.round(value * 100)),
      );
    case "value":
      return valued((z) => level * Math.exp(spread * z), amountBin);
    case "rate":
      return rate(level);
    default:
      return unreachable(kind);
  }
};
