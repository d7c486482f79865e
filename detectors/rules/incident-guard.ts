import { unreachable } from "../../core/exhaustive.ts";
import type { MeasuredKind, SignalName } from "../../core/signals.ts";
import { type BettingRange, oneArmBettingIncrements } from "../stats/betting.ts";
import { gridVector } from "../stats/grid.ts";
import { lae } from "../stats/log-space.ts";
import type { Sign } from "../stats/one-sample.ts";
import { EMPTY_SEGMENT, type SegmentView } from "../tick-view.ts";
import { createArmTracker } from "./arm-tracker.ts";
import { binsOf } from "./bins.ts";
import { createBreachProcess } from "./evidence-process.ts";
import { createMeanDetector, type MeanSettings } from "./mean-detector.ts";
import type { TickClock } from "./segment-detector.ts";

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

/** The boldest bet takes values beyond this many times the limit for that many: one absurd call must not decide alone. */
const CLIP_FACTOR = 20;

/** A fall has to be seen soon: the boldest bet on one is lost with the first value beyond this many times the limit. */
const FALL_FACTOR = 2;

const rangeOf = (kind: MeasuredKind, limit: number, factor: number, sign: Sign): BettingRange => {
  const low = 0;
  switch (kind) {
    case "rate":
    case "score":
      return { low, high: 1 };
    case "value":
      return { low, high: factor * limit, beyond: sign === 1 ? { kind: "rungs" } : { kind: "counted", seen: 0 } };
    default:
      return unreachable(kind);
  }
};

/** Values a mean is bet on with that is to be proven beyond `limit`, upwards for a sign of 1. */
export const breachRange = (kind: MeasuredKind, limit: number, sign: Sign): BettingRange =>
  rangeOf(kind, limit, sign === 1 ? CLIP_FACTOR : FALL_FACTOR, sign);

/**
 * Values a mean is bet on with that is to be proven within `limit`; `sign` is that of the proof. A bold bet would prove it
 * after few calls, in which a tail of twenty times the limit may not have shown yet.
 */
export const passRange = (kind: MeasuredKind, limit: number, sign: Sign): BettingRange =>
  rangeOf(kind, limit, CLIP_FACTOR, sign);

const signOf = (harm: GuardSettings["harm"]): Sign => (harm === "up" ? 1 : -1);

type Comparison = Pick<IncidentGuard, "step" | "logE">;

/**
 * Whether the canary is worse than the baseline on the given side; `prior` stands for the baseline's mean at first. Calls
 * of a time without a baseline have nobody to be compared with: what counts of them is whether they break the limit. Null
 * until there was a baseline.
 */
const createComparison = (
  { signal, kind, limit, harm }: GuardSettings,
  side: MeanSettings["sides"][number],
  prior: number,
): Comparison => {
  const worse = createMeanDetector({ signal, kind, sides: [side], prior });
  const sign = signOf(harm);
  const [alone, range] = [createBreachProcess(signal), breachRange(kind, limit, sign)];
  let [isKnown, wasAlone] = [false, false];
  return {
    step: (view, clock) => {
      const { isAlone = false } = clock;
      const broken = isAlone
        ? oneArmBettingIncrements(limit, range, sign, binsOf(kind, view.pair(signal).canary))
        : gridVector();
      worse.step(isAlone ? EMPTY_SEGMENT : view, clock);
      alone.step(broken, clock);
      wasAlone ||= isAlone;
      isKnown ||= worse.reading().n.baseline > 0;
    },
    // Calls of another time: the product of both is evidence against "no worse, and within the limit where alone".
    logE: () => (isKnown ? worse.reading().logE + (wasAlone ? alone.logE() : 0) : null),
  };
};

/** For a limit that holds for both arms: the canary has to be worse than the baseline. */
export const createSameLimitGuard = (settings: GuardSettings): IncidentGuard => {
  const { signal, kind, limit, harm } = settings;
  const over = createBreachProcess(signal);
  // The limit is where both arms may be: bets around it can be placed before the baseline is known.
  const worse = createComparison(settings, { harm, ratio: 1, delta: 0 }, limit);
  const [sign, range] = [signOf(harm), breachRange(kind, limit, signOf(harm))];
  return {
    step: (view, clock) => {
      const { baseline } = view.pair(signal);
      over.step(oneArmBettingIncrements(limit, range, sign, binsOf(kind, baseline)), clock);
      worse.step(view, clock);
    },
    logE: worse.logE,
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
  let placed: { readonly stood: number; readonly worse: Comparison } | null = null;
  // Wealth that was to start while there was nothing to bet on waits until there is: when that is, earlier calls decide.
  let waiting = Number.NEGATIVE_INFINITY;
  // What was won against where the baseline stood before something else answered.
  let won = Number.NEGATIVE_INFINITY;
  const place = (): void => {
    const { n, sum } = tracker.baseline;
    if (n < MIN_BASELINE || sum <= 0) return;
    const stood = sum / n;
    const ratio = (limit / stood) * (1 - sign * ROOM);
    const worse = createComparison(settings, { harm, ratio, delta: 0 }, stood);
    placed = { stood, worse };
  };
  const replace = (): void => {
    won = lae(won, placed?.worse.logE() ?? Number.NEGATIVE_INFINITY);
    placed = null;
  };
  const stepPlaced = (view: SegmentView, clock: TickClock): void => {
    waiting = lae(waiting, clock.logWeight);
    if (placed === null) return;
    const opened = { ...clock, logWeight: waiting };
    waiting = Number.NEGATIVE_INFINITY;
    const may = placed.stood * (limit / projection);
    const bins = binsOf(kind, view.pair(signal).baseline);
    over.step(oneArmBettingIncrements(may, breachRange(kind, may, sign), sign, bins), opened);
    placed.worse.step(view, opened);
  };
  return {
    step: (view, clock) => {
      if (clock.isNewBaseline === true) replace();
      if (placed === null) place();
      stepPlaced(view, clock);
      tracker.settle(tracker.take(view.pair(signal), clock));
    },
    logE: () => {
      const compared = placed?.worse.logE() ?? null;
      return compared === null ? null : lae(won, compared);
    },
    baselineLogE: over.logE,
  };
};
