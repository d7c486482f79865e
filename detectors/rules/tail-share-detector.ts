import type { Arm } from "../../core/cohort.ts";
import { upperEdge } from "../../core/histogram.ts";
import type { SignalName } from "../../core/signals.ts";
import { LIMIT_ALPHA, PASS_THRESHOLD } from "../plan.ts";
import { bettingIncrements } from "../stats/betting.ts";
import { createBucketCounts } from "../stats/bucket-counts.ts";
import { type GridVector, gridVector, peakedWeights } from "../stats/grid.ts";
import { oneSampleIncrements, type Sign } from "../stats/one-sample.ts";
import { quantileBucket, quantileInterval } from "../stats/quantile.ts";
import { createArmTracker, type Slice, stageCalls, stageShare } from "./arm-tracker.ts";
import { binsOf, histogramOf } from "./bins.ts";
import { createBreachProcess, createPassProcess } from "./evidence-process.ts";
import { readOnset } from "./onset-totals.ts";
import { PASS_WEIGHTS } from "./pass-alternatives.ts";
import type { Reading, SegmentDetector } from "./segment-detector.ts";
import { sliceShareIncrements } from "./slice-share.ts";
import { countTails, placeThresholds, type QuantileLimit, type TailThresholds } from "./tail-thresholds.ts";

const MIN_EVENTS = 3;
/** Quantile from which on the tail is rare: at p95 betting on both arms needs 4 to 8% fewer calls, at p99 more. */
const RARE_TAIL = 0.97;
/**
 * Alternatives that are favoured: a tail of 2 to 8 times the allowed calls (LIFTS), and bets that are best for a third
 * to three times more (betLambdas). Smaller excesses move a quantile by less than its margin.
 */
const EVENTS_PEAK = 9;
const BETS_PEAK = 3;
/** Of a pass: bets that are best for a half to nine tenths less. */
const PASS_BETS_PEAK = 1;
/** Baseline calls beyond a quantile before it can be placed: 2000 calls for a p99. */
const MIN_TAIL_CALLS = 20;
/** A median of fewer calls may lie where the margin is another share of it, which an hour of evidence would tell. */
const MIN_BASELINE_CALLS = 1000;

/** Of the baseline's past this many times what places a quantile does not fade. */
const KEPT = 2;
/** What people read of a bucket; null for none. */
const edgeOf = (bucket: number | null): number | null => (bucket === null ? null : upperEdge(bucket));

const NEVER = { hour: -1, calls: 0 } as const;

/** A quantile of a signal, and how far above the baseline's it may lie. */
export interface TailShareSettings extends QuantileLimit {
  readonly signal: SignalName;
}

/**
 * Evidence that the canary's tail is the heavier one. A rare tail is compared by its events alone; where much of the
 * traffic is tail (a median's half), what is not tail tells as much, and betting on both finds a shift in half the calls.
 */
const incrementsFor = (quantile: number): ((slice: Slice, sign: Sign, lifts?: GridVector) => GridVector) => {
  if (quantile >= RARE_TAIL) return (slice, sign, lifts) => sliceShareIncrements(slice, 1, sign, lifts);
  return ({ pair, share }, sign) => {
    const arms = { canary: binsOf("rate", pair.canary), baseline: binsOf("rate", pair.baseline) };
    return bettingIncrements({ ratio: 1, delta: 0, low: 0, high: 1, sign }, 1 - quantile, share, arms);
  };
};

/**
 * Concurrent tail share: canary calls slower than the baseline's quantile plus the margin, against baseline calls
 * slower than the quantile, in the same ticks. Slow hours that hit both arms cancel out. The quantile comes from
 * earlier ticks and is renewed hourly, and when twice as much is known. A breach is also proven without the baseline's
 * tail: more than 1 - quantile of the canary's calls lie beyond the limit, which is what it says.
 */
export const createTailShareDetector = (settings: TailShareSettings): SegmentDetector => {
  const { signal } = settings;
  const increments = incrementsFor(settings.quantile);
  const isRare = settings.quantile >= RARE_TAIL;
  const breach = createBreachProcess(signal, peakedWeights(isRare ? EVENTS_PEAK : BETS_PEAK), true);
  const pass = createPassProcess(signal, isRare ? PASS_WEIGHTS : peakedWeights(PASS_BETS_PEAK));
  const beyondLimit = createBreachProcess(signal, peakedWeights(EVENTS_PEAK));
  const slow = { canary: 0, baseline: 0 };
  const counts = { canary: createBucketCounts(), baseline: createBucketCounts() };
  const enoughCalls = Math.max(MIN_BASELINE_CALLS, Math.round(MIN_TAIL_CALLS / (1 - settings.quantile)));
  const tracker = createArmTracker(signal, true, KEPT * enoughCalls);
  let [thresholds, placed]: [TailThresholds | null, { readonly hour: number; readonly calls: number }] = [null, NEVER];

  const quantileOf = (arm: Arm): number | null => {
    return edgeOf(counts[arm].quantile(settings.quantile));
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
      const { n: known } = tracker.baseline;
      if (clock.isNewBaseline === true) [thresholds, placed] = [null, NEVER];
      // Where little was known, an hour may bring many times as much, and must not be judged by the little.
      else if (known >= enoughCalls && (clock.hour !== placed.hour || known >= 2 * placed.calls)) {
        thresholds = placeThresholds(tracker.baseline, settings, tracker.designEffect());
        placed = { hour: clock.hour, calls: known };
      }
      for (const arm of ["canary", "baseline"] as const) {
        if (clock.isNewStage) counts[arm].clear();
        counts[arm].add(histogramOf(pair[arm]));
      }
      const tails = slice === null || thresholds === null ? null : countTails(slice, thresholds);
      breach.step(tails === null ? gridVector() : increments(tails.strict, 1), clock, slice?.pair ?? null);
      const { n, sum } = tails?.strict.pair.canary ?? { n: 0, sum: 0 };
      beyondLimit.step(oneSampleIncrements(sum, n, 1 - settings.quantile, 1), clock);
      pass.step(tails === null ? gridVector() : increments(tails.lenient, -1, thresholds?.passLifts), clock);
      slow.canary += sum;
      slow.baseline += tails?.strict.pair.baseline.sum ?? 0;
      tracker.settle(slice);
    },
    reading: () => {
      const baselineQuantile = quantileOf("baseline");
      return {
        method: "tail-share",
        // The first is the test; the second, at the level of a pass, that it was the quantile that moved.
        logE: beyondLimit.logE() >= PASS_THRESHOLD ? breach.logE() : Math.min(breach.logE(), beyondLimit.logE()),
        logEPass: pass.logE(),
        n: stageCalls(tracker),
        // Of a lump a part counts as beyond it; people are told whole calls.
        events: { canary: slow.canary, baseline: Math.round(slow.baseline) },
        value: { canary: quantileOf("canary"), baseline: baselineQuantile },
        interval,
        limit: baselineQuantile === null ? null : baselineQuantile + settings.margin(baselineQuantile),
        onset: () =>
          readOnset(breach.onset(), {
            valueOfArm: (totals) => edgeOf(quantileBucket(histogramOf(totals), settings.quantile)),
            limitFrom: (quantile) => (quantile === null ? null : quantile + settings.margin(quantile)),
            countsEvents: false,
          }),
        reference: { seen: Math.floor(tracker.baseline.n), calls: enoughCalls },
        share: stageShare(tracker),
        designEffect: tracker.designEffect(),
        enough: slow.canary >= MIN_EVENTS,
        warmingUp: thresholds === null && tracker.stage.baseline.n > 0,
        baselineIll: false,
      };
    },
  };
};
