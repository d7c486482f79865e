import type { WatchedSignal } from "../../core/monitor.ts";
import { countAbove, quantileBucket } from "../stats/quantile.ts";
import { COARSE_WIDTH, coarseUpperEdge, histogramOf, type Totals, valuesOf } from "./totals.ts";

/** What a level is measured by: the signal's kind and quantile decide. */
export type Measure = Pick<WatchedSignal, "kind" | "quantile">;

const IS_SHARE: Readonly<Record<Measure["kind"], boolean>> = { rate: true, score: true, value: false };

/** True for what lies between 0 and 1: the level of a rate or score. */
export const isShare = ({ kind }: Pick<Measure, "kind">): boolean => IS_SHARE[kind];

/** Rates below this are as good as zero: one odd call after ten thousand good ones is no change. */
export const RATE_FLOOR = 0.002;

/** Values beyond this many times the p99.9 of the past count as that: one absurd call must not decide alone. */
const HIGH_FACTOR = 1.2;

/** The clip of what is not clipped: a number that JSON can hold. */
export const NO_CLIP: number = Number.MAX_VALUE;

/** Where values are clipped for a mean, from the past; NO_CLIP where nothing is clipped. */
export const clipOf = (measure: Measure, past: Readonly<Totals>): number => {
  if (isShare(measure) || measure.quantile !== null) return NO_CLIP;
  const bucket = quantileBucket(histogramOf(past), 0.999);
  return bucket === null ? NO_CLIP : HIGH_FACTOR * coarseUpperEdge(bucket);
};

/** Where the boldest bet on a mean clips. */
export const highestOf = (clip: number, limit: number): number => Math.max(clip, limit * 2);

/**
 * Coarse bucket whose upper edge stands for the quantile: the one that holds it or, where no call lies beyond that one,
 * the one below. Null without calls.
 */
export const quantileBucketOf = (totals: Readonly<Totals>, quantile: number): number | null => {
  const bins = histogramOf(totals);
  const bucket = quantileBucket(bins, quantile);
  return bucket === null || countAbove(bins, bucket) > 0 ? bucket : bucket - 1;
};

/** Rate, mean (values clipped at `clip`) or quantile of some calls; null without any. */
export const levelOf = (measure: Measure, totals: Readonly<Totals>, clip: number): number | null => {
  if (totals.n <= 0) return null;
  if (isShare(measure)) return totals.sum / totals.n;
  if (measure.quantile !== null) {
    const bucket = quantileBucketOf(totals, measure.quantile);
    return bucket === null ? null : coarseUpperEdge(bucket);
  }
  const values = valuesOf(totals);
  const n = values.reduce((sum, [, count]) => sum + count, 0);
  return n > 0 ? values.reduce((sum, [value, count]) => sum + Math.min(clip, value) * count, 0) / n : null;
};

/** What a margin of 100% of a level is: the level, or of a share the smaller of it and its rest, at least the floor. */
export const scaleOf = (measure: Measure, level: number): number =>
  isShare(measure) ? Math.max(RATE_FLOOR, Math.min(level, 1 - level)) : level;

/** Mass of the histogram around bucket `at` per unit of the logarithm: its density there. */
const logDensity = (totals: Readonly<Totals>, at: number): number => {
  const near = [-2, -1, 0, 1, 2].reduce((sum, step) => sum + (totals.bins[String(at + step)] ?? 0), 0);
  return near / totals.n / (5 * COARSE_WIDTH);
};

/** Variance that a histogram of coarse buckets cannot tell from none: that of a value within its bucket, relative. */
const UNSEEN_VARIANCE: number = COARSE_WIDTH ** 2 / 12;

/**
 * Variance, relative to the scale, that the level of n independent calls like these has, times n: p(1-p), the variance
 * of the values, or q(1-q)/density² for a quantile. Infinity where it cannot be told.
 */
export const varianceOfOne = (measure: Measure, totals: Readonly<Totals>, level: number, clip: number): number => {
  const scale = scaleOf(measure, level);
  if (isShare(measure)) return Math.max(level * (1 - level), RATE_FLOOR / 10) / scale ** 2;
  if (measure.quantile !== null) {
    const bucket = quantileBucket(histogramOf(totals), measure.quantile);
    const density = bucket === null ? 0 : logDensity(totals, bucket);
    return density > 0 ? (measure.quantile * (1 - measure.quantile)) / density ** 2 : Number.POSITIVE_INFINITY;
  }
  const values = valuesOf(totals);
  const squares = values.reduce((sum, [value, count]) => sum + (Math.min(clip, value) - level) ** 2 * count, 0);
  return scale > 0 ? Math.max(UNSEEN_VARIANCE, squares / totals.n / scale ** 2) : Number.POSITIVE_INFINITY;
};

/** Calls below which the past of an hour says too little. */
const MIN_CALLS = 200;
/** Calls beyond a quantile, likewise. */
const MIN_TAIL = 20;

/** True when these calls are enough to expect something of the next ones. */
export const isEnough = ({ quantile }: Measure, { n }: Readonly<Totals>): boolean =>
  n >= MIN_CALLS && (quantile === null || n * Math.min(quantile, 1 - quantile) >= MIN_TAIL);

/** A drop of all of it could never be seen. */
const MAX_DROP = 0.9;

/**
 * The level that is `margin` (a share of the scale) beyond `level`; null where there is no such level: nothing can fall
 * below zero, nor rise above a rate of 100%. Of a value of zero it is zero: see testIncrements.
 */
export const beyond = (
  measure: Measure,
  level: number,
  margin: number,
  direction: "increase" | "drop",
): number | null => {
  const down = Math.min(margin, MAX_DROP);
  if (!isShare(measure)) {
    if (!(level > 0)) return direction === "increase" ? 0 : null;
    return level * (direction === "increase" ? 1 + margin : 1 - down);
  }
  const isUpper = level > 0.5;
  const near = isUpper ? 1 - level : level;
  const grows = (direction === "increase") !== isUpper;
  if (!grows && near < RATE_FLOOR) return null;
  const moved = grows ? Math.max(near, RATE_FLOOR) * (1 + margin) : near * (1 - down);
  return moved >= 1 ? null : isUpper ? 1 - moved : moved;
};
