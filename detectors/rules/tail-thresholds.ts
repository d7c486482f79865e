import { bucketOf, lowerEdge, upperEdge, ZERO_BUCKET } from "../../core/histogram.ts";
import type { GridVector } from "../stats/grid.ts";
import { countAbove, type Histogram, quantileBucket } from "../stats/quantile.ts";
import type { ArmTotals, Slice } from "./arm-tracker.ts";
import { histogramOf } from "./bins.ts";
import { passLifts } from "./pass-alternatives.ts";

/** Which quantile, and how far above the baseline's the canary's may lie, in the signal's unit. */
export interface QuantileLimit {
  readonly quantile: number;
  readonly margin: (baselineQuantile: number) => number;
}

/** Where the baseline's tail begins, and beyond which buckets the canary's calls are counted. */
export interface TailThresholds {
  /** Bucket that holds the baseline's quantile. */
  readonly baseline: number;
  /** Share, 0-1, of the calls in that bucket that belong to the tail: with those above it, they are 1 - quantile of all. */
  readonly lumpShare: number;
  /** Counted for a breach: beyond the smallest upper edge at or above the limit. */
  readonly canaryHigh: number;
  /** Counted against a pass: beyond the largest upper edge at or below the limit. */
  readonly canaryLow: number;
  /** Alternatives of a pass: what is known of the baseline beyond `canaryLow`. */
  readonly passLifts: GridVector;
}

/** One-sided 1%: how far the true quantile may be from the observed one, in standard deviations. */
const REACH = 2.33;
/** Room without any call that makes the values on its two sides lumps: this share of the quantile, or the margin. */
const GAP = 0.05;
/** None of n calls is not certainty. */
const HALF_A_CALL = 0.5;

/** Bucket whose upper edge is the smallest at or above `value`. */
const edgeAtOrAbove = (value: number): number => {
  const bucket = bucketOf(value);
  if (bucket === ZERO_BUCKET) return bucket;
  return lowerEdge(bucket) >= value * (1 - 1e-12) ? bucket - 1 : bucket;
};

const hasGap = (histogram: Histogram, [low, high]: readonly [number, number], room: number): boolean => {
  const buckets = [...histogram.keys()].filter((bucket) => bucket >= low && bucket <= high).sort((a, b) => a - b);
  return buckets.some((bucket, i) => i > 0 && lowerEdge(bucket) - upperEdge(buckets[i - 1] ?? bucket) > room);
};

/**
 * Bucket from which the limit is measured on one side: the observed quantile's, but where the true one may lie beyond a
 * gap, on another lump, that lump's.
 */
const measuredFrom = (histogram: Histogram, bucket: number, level: number, room: number): number => {
  const other = quantileBucket(histogram, Math.min(1, Math.max(0, level))) ?? bucket;
  const range = [Math.min(bucket, other), Math.max(bucket, other)] as const;
  return hasGap(histogram, range, room) ? other : bucket;
};

/** Thresholds by the baseline's calls so far, which count for 1 / `designEffect` each; null without calls. */
export const placeThresholds = (
  baseline: ArmTotals,
  { quantile, margin }: QuantileLimit,
  designEffect: number,
): TailThresholds | null => {
  const histogram = histogramOf(baseline);
  const bucket = quantileBucket(histogram, quantile);
  if (bucket === null) return null;
  const x = upperEdge(bucket);
  const reach = REACH * Math.sqrt((quantile * (1 - quantile) * designEffect) / baseline.n);
  const room = Math.max(margin(x), GAP * x);
  const limitFrom = (level: number): number => {
    const from = upperEdge(measuredFrom(histogram, bucket, level, room));
    return from + margin(from);
  };
  const [low, high] = [limitFrom(quantile - reach), limitFrom(quantile + reach)];
  const lowEdge = edgeAtOrAbove(low);
  const canaryLow = upperEdge(lowEdge) <= low * (1 + 1e-12) ? lowEdge : lowEdge - 1;
  const beyond = (countAbove(histogram, canaryLow) + HALF_A_CALL) / baseline.n;
  const inTail = (1 - quantile) * baseline.n - countAbove(histogram, bucket);
  return {
    baseline: bucket,
    lumpShare: Math.min(1, Math.max(0, inTail / (histogram.get(bucket) ?? 1))),
    canaryHigh: edgeAtOrAbove(high),
    canaryLow,
    passLifts: passLifts(beyond / (1 - quantile)),
  };
};

/**
 * The slice with "in the tail" as its events: strict counts for a breach, lenient ones for a pass. Where the baseline's
 * quantile lies on a lump, calls on it are the tail's by the share that makes the tail 1 - quantile of what is known: a
 * tail that begins beyond the lump is smaller, and a canary may have a larger one without its quantile having moved.
 */
export const countTails = (
  { pair, share }: Slice,
  at: TailThresholds,
): { readonly strict: Slice; readonly lenient: Slice } => {
  const [canary, others] = [histogramOf(pair.canary), histogramOf(pair.baseline)];
  const tail = countAbove(others, at.baseline) + at.lumpShare * (others.get(at.baseline) ?? 0);
  const baseline = { n: pair.baseline.n, sum: tail, bins: {} };
  const above = (bucket: number): Slice => ({
    pair: { canary: { n: pair.canary.n, sum: countAbove(canary, bucket), bins: {} }, baseline },
    share,
  });
  return { strict: above(at.canaryHigh), lenient: above(at.canaryLow) };
};
