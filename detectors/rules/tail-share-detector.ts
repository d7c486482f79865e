import type { Arm } from "../../core/cohort.ts";
import { bucketOf, lowerEdge, upperEdge } from "../../core/histogram.ts";
import type { SignalName } from "../../core/signals.ts";
import { LIMIT_ALPHA } from "../plan.ts";
import { bettingIncrements } from "../stats/betting.ts";
import { createBucketCounts } from "../stats/bucket-counts.ts";
import { type GridVector, gridVector } from "../stats/grid.ts";
import type { Sign } from "../stats/one-sample.ts";
import { countAbove, quantileBucket, quantileInterval } from "../stats/quantile.ts";
import { type ArmTotals, createArmTracker, type Slice, stageCalls, stageShare } from "./arm-tracker.ts";
import { binsOf, histogramOf } from "./bins.ts";
import { createBreachProcess, createPassProcess } from "./evidence-process.ts";
import type { Reading, SegmentDetector } from "./segment-detector.ts";
import { sliceShareIncrements } from "./slice-share.ts";

const MIN_EVENTS = 3;
/** Quantile from which on the tail is rare: at p95 betting on both arms needs 4 to 8% fewer calls, at p99 more. */
const RARE_TAIL = 0.97;
/** Baseline calls beyond a quantile before it can be placed: 2000 calls for a p99. */
const MIN_TAIL_CALLS = 20;
/** A median of fewer calls may lie where the margin is another share of it, which an hour of evidence would tell. */
const MIN_BASELINE_CALLS = 1000;

/** A quantile that may lie at most `margin(x)` above the baseline's quantile x, in the signal's unit. */
export interface TailShareSettings {
  readonly signal: SignalName;
  readonly quantile: number;
  readonly margin: (baselineQuantile: number) => number;
}

/** The bucket at whose upper edge the baseline's tail begins, and those at which the canary's is counted. */
interface Thresholds {
  readonly baseline: number;
  /** Smallest upper edge at or above x + margin: used for a breach. */
  readonly canaryHigh: number;
  /** Largest upper edge at or below x + margin: used for a pass. */
  readonly canaryLow: number;
}

/** Bucket whose upper edge is the smallest at or above `value`. */
const edgeAtOrAbove = (value: number): number => {
  const bucket = bucketOf(value);
  return lowerEdge(bucket) >= value * (1 - 1e-12) ? bucket - 1 : bucket;
};

const placeThresholds = (baseline: ArmTotals, settings: TailShareSettings): Thresholds | null => {
  const bucket = quantileBucket(histogramOf(baseline), settings.quantile);
  if (bucket === null) return null;
  const x = upperEdge(bucket);
  const high = edgeAtOrAbove(x + settings.margin(x));
  const exact = upperEdge(high) <= (x + settings.margin(x)) * (1 + 1e-12);
  return { baseline: bucket, canaryHigh: high, canaryLow: exact ? high : high - 1 };
};

/** The slice with "slower than the threshold" as its events: strict counts for a breach, lenient ones for a pass. */
const countTails = ({ pair, share }: Slice, at: Thresholds): { readonly strict: Slice; readonly lenient: Slice } => {
  const canary = histogramOf(pair.canary);
  const baseline = { n: pair.baseline.n, sum: countAbove(histogramOf(pair.baseline), at.baseline), bins: {} };
  const above = (bucket: number): Slice => ({
    pair: { canary: { n: pair.canary.n, sum: countAbove(canary, bucket), bins: {} }, baseline },
    share,
  });
  return { strict: above(at.canaryHigh), lenient: above(at.canaryLow) };
};

/**
 * Evidence that the canary's tail is the heavier one. A rare tail is compared by its events alone; where much of the
 * traffic is tail (a median's half), what is not tail tells as much, and betting on both finds a shift in half the calls.
 */
const incrementsFor = (quantile: number): ((slice: Slice, sign: Sign) => GridVector) => {
  if (quantile >= RARE_TAIL) return (slice, sign) => sliceShareIncrements(slice, 1, sign);
  return ({ pair, share }, sign) => {
    const arms = { canary: binsOf("rate", pair.canary), baseline: binsOf("rate", pair.baseline) };
    return bettingIncrements({ ratio: 1, delta: 0, low: 0, high: 1, sign }, 1 - quantile, share, arms);
  };
};

/**
 * Concurrent tail share: canary calls slower than the baseline's quantile plus the margin, against baseline calls
 * slower than the quantile, in the same ticks. Slow hours that hit both arms cancel out. The quantile comes from
 * earlier ticks and is renewed hourly.
 */
export const createTailShareDetector = (settings: TailShareSettings): SegmentDetector => {
  const { signal } = settings;
  const tracker = createArmTracker(signal);
  const increments = incrementsFor(settings.quantile);
  const [breach, pass] = [createBreachProcess(signal), createPassProcess(signal)];
  const slow = { canary: 0, baseline: 0 };
  const counts = { canary: createBucketCounts(), baseline: createBucketCounts() };
  const enoughCalls = Math.max(MIN_BASELINE_CALLS, Math.round(MIN_TAIL_CALLS / (1 - settings.quantile)));
  let [thresholds, placedAt]: [Thresholds | null, number] = [null, -1];

  const quantileOf = (arm: Arm): number | null => {
    const bucket = counts[arm].quantile(settings.quantile);
    return bucket === null ? null : upperEdge(bucket);
  };
  const interval = (): ReturnType<Reading["interval"]> => {
    const d = tracker.designEffect();
    const calls = [...counts.canary.histogram()].map(([bucket, count]) => [bucket, count / d] as const);
    const { lower, upper } = quantileInterval(new Map(calls), settings.quantile, LIMIT_ALPHA);
    return lower === null || upper === null ? null : { lower: upperEdge(lower), upper: upperEdge(upper) };
  };

  return {
    step: (view, clock) => {
      const pair = view.pair(signal);
      const slice = tracker.take(pair, clock);
      if (clock.isNewStage) Object.assign(slow, { canary: 0, baseline: 0 });
      if (clock.isNewBaseline === true) [thresholds, placedAt] = [null, -1];
      else if (tracker.baseline.n >= enoughCalls && clock.hour !== placedAt) {
        thresholds = placeThresholds(tracker.baseline, settings);
        placedAt = clock.hour;
      }
      for (const arm of ["canary", "baseline"] as const) {
        if (clock.isNewStage) counts[arm].clear();
        counts[arm].add(histogramOf(pair[arm]));
      }
      const tails = slice === null || thresholds === null ? null : countTails(slice, thresholds);
      breach.step(tails === null ? gridVector() : increments(tails.strict, 1), clock);
      pass.step(tails === null ? gridVector() : increments(tails.lenient, -1), clock);
      slow.canary += tails?.strict.pair.canary.sum ?? 0;
      slow.baseline += tails?.strict.pair.baseline.sum ?? 0;
      tracker.settle(slice);
    },
    reading: () => {
      const baselineQuantile = quantileOf("baseline");
      return {
        method: "tail-share",
        logE: breach.logE(),
        logEPass: pass.logE(),
        n: stageCalls(tracker),
        events: { ...slow },
        value: { canary: quantileOf("canary"), baseline: baselineQuantile },
        interval,
        limit: baselineQuantile === null ? null : baselineQuantile + settings.margin(baselineQuantile),
        share: stageShare(tracker),
        designEffect: tracker.designEffect(),
        enough: slow.canary >= MIN_EVENTS,
        warmingUp: thresholds === null && tracker.stage.baseline.n > 0,
        baselineIll: false,
      };
    },
  };
};
