import type { MeasuredKind, SignalName } from "../../core/signals.ts";
import { oneArmBettingIncrements } from "../stats/betting.ts";
import type { Sign } from "../stats/one-sample.ts";
import type { SegmentView } from "../tick-view.ts";
import { createArmTracker } from "./arm-tracker.ts";
import { binsOf } from "./bins.ts";
import { createBreachProcess } from "./evidence-process.ts";
import { createMeanDetector } from "./mean-detector.ts";
import type { SegmentDetector, TickClock } from "./segment-detector.ts";

/** Says whether what moved the canary's mean moved the baseline's as well: then it is not the candidate's fault. */
export interface IncidentGuard {
  readonly step: (view: SegmentView, clock: TickClock) => void;
  /** Log e-value against "no worse than the baseline's own move explains"; null while that cannot be told. */
  readonly logE: () => number | null;
  /** Log e-value against "the baseline is where it may be". */
  readonly baselineLogE: () => number;
}

/** What a guard is for. */
export interface GuardSettings {
  readonly signal: SignalName;
  readonly kind: MeasuredKind;
  readonly limit: number;
  readonly harm: "up" | "down";
}

/** Values beyond this many times the limit count as that many: one absurd call must not decide alone. */
const CLIP_FACTOR = 20;

const HIGHEST: Readonly<Record<MeasuredKind, (limit: number) => number>> = {
  rate: () => 1,
  score: () => 1,
  value: (limit) => CLIP_FACTOR * limit,
};

/** Values a mean of this limit is bet on with. */
export const rangeOf = (kind: MeasuredKind, limit: number): { readonly low: number; readonly high: number } => ({
  low: 0,
  high: HIGHEST[kind](limit),
});

const signOf = (harm: GuardSettings["harm"]): Sign => (harm === "up" ? 1 : -1);

/** Null in a stage without baseline calls, and while the baseline is not known well enough to compare with. */
const comparedLogE = (detector: SegmentDetector): number | null => {
  const { n, warmingUp, logE } = detector.reading();
  return n.baseline === 0 || warmingUp ? null : logE;
};

/** For a limit that holds for both arms: the canary has to be worse than the baseline. */
export const createSameLimitGuard = ({ signal, kind, limit, harm }: GuardSettings): IncidentGuard => {
  const over = createBreachProcess(signal);
  const worse = createMeanDetector({ signal, kind, sides: [{ harm, ratio: 1, delta: 0 }] });
  return {
    step: (view, clock) => {
      const { baseline } = view.pair(signal);
      over.step(oneArmBettingIncrements(limit, rangeOf(kind, limit), signOf(harm), binsOf(kind, baseline)), clock);
      worse.step(view, clock);
    },
    logE: () => comparedLogE(worse),
    baselineLogE: over.logE,
  };
};

/** Baseline calls that fix where it stood at first: of fewer, a heavy-tailed mean is known too badly to excuse anybody. */
const MIN_BASELINE = 2000;

/** The canary's own limit is moved by this much less than the baseline moved: where it stood is known to a few percent. */
const ROOM = 0.05;

/**
 * For a limit taken from a projection of the candidate, which says nothing of the baseline: a candidate may be projected
 * to cost half of it. The limit moves with the baseline's mean, relative to where that stood at first, and the baseline
 * is ill when it is as far from there as the candidate may be from its projection.
 */
export const createProjectionGuard = (settings: GuardSettings & { readonly projection: number }): IncidentGuard => {
  const { signal, kind, limit, harm, projection } = settings;
  const tracker = createArmTracker(signal, false);
  const [sign, over] = [signOf(harm), createBreachProcess(signal)];
  let [first, worse]: [number | null, SegmentDetector | null] = [null, null];
  const place = (): void => {
    const { n, sum } = tracker.baseline;
    if (n < MIN_BASELINE || sum <= 0) return;
    first = sum / n;
    const ratio = (limit / first) * (1 - sign * ROOM);
    worse = createMeanDetector({ signal, kind, sides: [{ harm, ratio, delta: 0 }] });
  };
  const stepPlaced = (view: SegmentView, clock: TickClock, stood: number): void => {
    const may = stood * (limit / projection);
    const bins = binsOf(kind, view.pair(signal).baseline);
    over.step(oneArmBettingIncrements(may, rangeOf(kind, may), sign, bins), clock);
    worse?.step(view, clock);
  };
  return {
    step: (view, clock) => {
      if (clock.isNewBaseline === true) [first, worse] = [null, null];
      if (first === null) place();
      if (first !== null) stepPlaced(view, clock, first);
      tracker.settle(tracker.take(view.pair(signal), clock));
    },
    logE: () => (worse === null ? null : comparedLogE(worse)),
    baselineLogE: over.logE,
  };
};
