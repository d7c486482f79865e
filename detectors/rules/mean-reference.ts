import { BUCKET_GROWTH, upperEdge, ZERO_BUCKET } from "../../core/histogram.ts";
import type { MeasuredKind } from "../../core/signals.ts";
import type { Sign } from "../stats/one-sample.ts";
import { type Histogram, quantileBucket } from "../stats/quantile.ts";
import type { ArmSample } from "../tick-view.ts";
import type { ArmTotals, ArmTracker } from "./arm-tracker.ts";
import { binsOf, histogramOf } from "./bins.ts";
import type { TickClock } from "./segment-detector.ts";

/** Baseline calls before a share or score has an anchor worth betting on: a bad one is valid, and loses power. */
const MIN_BASELINE_RATES = 10;
/** Baseline calls before a reference for a heavy-tailed value can be placed. */
const MIN_BASELINE_VALUES = 200;
const TAIL_QUANTILE = 0.999;
/** Calls that lie beyond the tail's quantile at least: of few calls, the largest may be absurd. */
const TAIL_CALLS = 3;
const TAIL_ROOM = 1.2;
/**
 * The boldest bet on a rise clips at least this many times as high as the limit, and as what a call that is not zero
 * amounts to; the boldest one on a fall can afford values that high.
 */
const roomFor = (sign: Sign): number => (sign === 1 ? 2 : 1.5);
/** A baseline without a sum is taken for this part of one call's amount in all its calls: bets need a number above zero. */
const PART_OF_ONE = 0.25;
/** Absurd values move the mean that bets are placed around by this factor at most. */
const ABSURD = 2;
/** The same where nothing is known of how large values are. */
const UNKNOWN_ROOM = 20;

/** Baseline calls from which on it is known. */
export const MIN_BASELINE: Readonly<Record<MeasuredKind, number>> = {
  rate: MIN_BASELINE_RATES,
  score: MIN_BASELINE_RATES,
  value: MIN_BASELINE_VALUES,
};

/** What bets on a mean go by, from calls before the slice at hand. Wrong numbers cost power, never validity. */
export interface MeanReference {
  /** The baseline's mean; more than 0 wherever a call of either arm was. */
  readonly mean: number;
  /** Where the boldest bet clips, for a limit of `limit`; sign 1 for bets on a rise. */
  readonly high: (limit: number, sign: Sign) => number;
}

/** Keeps the reference of one rule. */
export interface MeanReferences {
  /** Null while the baseline has too few calls. */
  readonly at: (clock: TickClock) => MeanReference | null;
  /** Takes the canary's part of a slice in, after it was bet on. */
  readonly settle: (canary: ArmSample | ArmTotals) => void;
}

/** Counts and logarithms of what is not zero: their mean says how large a value is, whatever the largest ones are. */
interface Sizes {
  count: number;
  logs: number;
}

const sizesIn = (histogram: Histogram): Sizes => {
  const sizes = { count: 0, logs: 0 };
  for (const [bucket, count] of histogram) {
    if (bucket === ZERO_BUCKET) continue;
    sizes.count += count;
    sizes.logs += count * (bucket + 0.5) * Math.log(BUCKET_GROWTH);
  }
  return sizes;
};

/** Geometric mean of what is not zero; 0 where all is. */
const sizeOf = ({ count, logs }: Sizes): number => (count > 0 ? Math.exp(logs / count) : 0);

/** What the baseline's values are like, renewed hourly. */
interface Placed {
  readonly hour: number;
  /** 1.2 times the p99.9. */
  readonly tail: number;
  readonly size: number;
  /** Mean of the values, none counting for more than the tail. */
  readonly mean: number;
}

const place = (baseline: ArmTotals, hour: number): Placed => {
  const histogram = histogramOf(baseline);
  const bucket = quantileBucket(histogram, Math.min(TAIL_QUANTILE, 1 - TAIL_CALLS / baseline.n));
  const tail = bucket === null ? 0 : TAIL_ROOM * upperEdge(bucket);
  const size = sizeOf(sizesIn(histogram));
  const clip = Math.max(tail, roomFor(1) * size);
  const sum = binsOf("value", baseline).reduce((all, [value, count]) => all + Math.min(clip, value) * count, 0);
  return { hour, tail, size, mean: sum / baseline.n };
};

/** Shares and scores end at 1; a rate is smoothed by half an event, so that 0 of n is not certainty. */
const shareReferences = (kind: "rate" | "score", { baseline }: ArmTracker, prior: number | null): MeanReferences => {
  const meanOf = ({ n, sum }: ArmTotals): number =>
    kind === "rate" ? (sum + 0.5) / (n + 1) : Math.max(sum, PART_OF_ONE) / n;
  const high = (): number => 1;
  return {
    at: () => {
      if (baseline.n >= MIN_BASELINE[kind]) return { mean: meanOf(baseline), high };
      return prior === null ? null : { mean: prior, high };
    },
    settle: () => undefined,
  };
};

const valueReferences = ({ baseline }: ArmTracker, prior: number | null): MeanReferences => {
  // Where the baseline has shown nothing but zeros, only the canary tells how large a value is.
  const canary: Sizes = { count: 0, logs: 0 };
  let placed: Placed | null = null;
  const referenceFrom = ({ tail, size: own, mean: winsorized }: Placed): MeanReference => {
    const size = own > 0 ? own : sizeOf(canary);
    const mean = Math.min(baseline.sum / baseline.n, ABSURD * winsorized);
    return {
      mean: Math.max(mean, (PART_OF_ONE * size) / baseline.n),
      high: (limit, sign) => Math.max(tail, roomFor(sign) * Math.max(limit, size)),
    };
  };
  return {
    at: ({ hour, isNewBaseline }) => {
      if (isNewBaseline === true) placed = null;
      if (baseline.n >= MIN_BASELINE_VALUES && placed?.hour !== hour) placed = place(baseline, hour);
      if (placed !== null) return referenceFrom(placed);
      return prior === null ? null : { mean: prior, high: (limit) => UNKNOWN_ROOM * Math.max(limit, prior) };
    },
    settle: (sample) => {
      if (placed !== null && placed.size > 0) return;
      const { count, logs } = sizesIn(histogramOf(sample));
      canary.count += count;
      canary.logs += logs;
    },
  };
};

/**
 * References of a mean whose baseline `tracker` keeps. `prior` stands for the baseline's mean until enough of its calls
 * are known; null: there is no reference before.
 */
export const createMeanReferences = (kind: MeasuredKind, tracker: ArmTracker, prior: number | null): MeanReferences =>
  kind === "value" ? valueReferences(tracker, prior) : shareReferences(kind, tracker, prior);

/** Whether the baseline is known well enough to bet without a prior. */
export const knowsBaseline = (kind: MeasuredKind, { baseline }: ArmTracker): boolean =>
  baseline.n >= MIN_BASELINE[kind];
