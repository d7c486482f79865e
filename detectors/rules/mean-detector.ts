import { upperEdge } from "../../core/histogram.ts";
import type { MeasuredKind, SignalName } from "../../core/signals.ts";
import { LIMIT_ALPHA } from "../plan.ts";
import { type BettingSettings, bettingIncrements } from "../stats/betting.ts";
import { gridVector } from "../stats/grid.ts";
import { lae } from "../stats/log-space.ts";
import type { Sign } from "../stats/one-sample.ts";
import { quantileBucket } from "../stats/quantile.ts";
import {
  type ArmTracker,
  createArmTracker,
  type Slice,
  stageCalls,
  stageInterval,
  stageMeans,
  stageShare,
} from "./arm-tracker.ts";
import { binsOf, histogramOf } from "./bins.ts";
import { createBreachProcess, createPassProcess, type EvidenceProcess } from "./evidence-process.ts";
import type { SegmentDetector, TickClock } from "./segment-detector.ts";

/** Baseline calls before a share or score has an anchor worth betting on: a bad one is valid, and loses power. */
const MIN_BASELINE_RATES = 50;
/** Baseline calls before a reference for a heavy-tailed value can be placed. */
const MIN_BASELINE_VALUES = 200;
const TAIL_QUANTILE = 0.999;
const TAIL_ROOM = 1.2;

/** What a mean may do against the baseline's: stay below ratio * mean + delta (`harm` up) or above it (down). */
export interface MeanSettings {
  readonly signal: SignalName;
  readonly kind: MeasuredKind;
  readonly sides: readonly { readonly harm: "up" | "down"; readonly ratio: number; readonly delta: number }[];
}

interface Side {
  readonly breach: EvidenceProcess;
  readonly pass: EvidenceProcess;
  readonly harm: Sign;
  readonly ratio: number;
  readonly delta: number;
}

const MIN_BASELINE: Readonly<Record<MeasuredKind, number>> = {
  rate: MIN_BASELINE_RATES,
  score: MIN_BASELINE_RATES,
  value: MIN_BASELINE_VALUES,
};

/** Mean of the baseline before this slice; rates are smoothed by half an event, so that 0 of n is not certainty. */
const priorMean = ({ baseline: { n, sum } }: ArmTracker, kind: MeasuredKind): number | null => {
  if (n < MIN_BASELINE[kind]) return null;
  return kind === "rate" ? (sum + 0.5) / (n + 1) : sum / n;
};

/** Upper clip of both arms: 1 for shares; 1.2 times the baseline's p99.9 for values, renewed hourly. */
const createCeiling = (kind: MeasuredKind, tracker: ArmTracker): ((clock: TickClock) => number | null) => {
  if (kind !== "value") return () => 1;
  let [ceiling, placedAt]: [number | null, number] = [null, -1];
  return ({ hour, isNewBaseline }) => {
    if (isNewBaseline === true) [ceiling, placedAt] = [null, -1];
    if (tracker.baseline.n >= MIN_BASELINE_VALUES && hour !== placedAt) {
      const bucket = quantileBucket(histogramOf(tracker.baseline), TAIL_QUANTILE);
      ceiling = bucket === null ? null : TAIL_ROOM * upperEdge(bucket);
      placedAt = hour;
    }
    return ceiling;
  };
};

/**
 * Difference or ratio of means by two-arm centred betting: rates, scores and heavy-tailed values alike. Two sides
 * (a rule in either direction) are averaged for a breach; both must pass for a clear.
 */
export const createMeanDetector = ({ signal, kind, sides }: MeanSettings): SegmentDetector => {
  const tracker = createArmTracker(signal, kind === "value");
  const states: readonly Side[] = sides.map(({ harm, ratio, delta }) => ({
    breach: createBreachProcess(signal),
    pass: createPassProcess(signal),
    harm: harm === "up" ? 1 : -1,
    ratio,
    delta,
  }));
  const ceiling = createCeiling(kind, tracker);

  const stepSide = (side: Side, slice: Slice | null, clock: TickClock): void => {
    const mean = priorMean(tracker, kind);
    const high = ceiling(clock);
    const increments = (sign: Sign): Float64Array => {
      if (slice === null || mean === null || high === null) return gridVector();
      const settings: BettingSettings = { ratio: side.ratio, delta: side.delta, low: 0, high, sign };
      const arms = { canary: binsOf(kind, slice.pair.canary), baseline: binsOf(kind, slice.pair.baseline) };
      return bettingIncrements(settings, side.ratio * mean + side.delta, slice.share, arms);
    };
    side.breach.step(increments(side.harm), clock);
    side.pass.step(increments(side.harm === 1 ? -1 : 1), clock);
  };

  const logEOfBreach = (): number =>
    states.map((side) => side.breach.logE()).reduce(lae, Number.NEGATIVE_INFINITY) - Math.log(states.length);

  return {
    step: (view, clock) => {
      const slice = tracker.take(view.pair(signal), clock);
      for (const side of states) stepSide(side, slice, clock);
      tracker.settle(slice);
    },
    reading: () => {
      const { canary, baseline } = tracker.stage;
      const means = stageMeans(tracker);
      // Of a rule with two sides people read the limit the canary is nearer to.
      const isAbove = (means.canary ?? 0) >= (means.baseline ?? 0);
      const side = states.find(({ harm }) => harm === (isAbove ? 1 : -1)) ?? states[0];
      return {
        method: "two-arm-betting",
        logE: logEOfBreach(),
        logEPass: Math.min(...states.map((side) => side.pass.logE())),
        n: stageCalls(tracker),
        events: kind === "rate" ? { canary: canary.sum, baseline: baseline.sum } : null,
        value: means,
        interval: () => (kind === "value" ? null : stageInterval(tracker, LIMIT_ALPHA)),
        limit: means.baseline === null || side === undefined ? null : side.ratio * means.baseline + side.delta,
        share: stageShare(tracker),
        designEffect: tracker.designEffect(),
        enough: true,
        warmingUp: baseline.n > 0 && priorMean(tracker, kind) === null,
        baselineIll: false,
      };
    },
  };
};
