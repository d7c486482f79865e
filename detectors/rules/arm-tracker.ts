import type { Arm } from "../../core/cohort.ts";
import type { SignalName } from "../../core/signals.ts";
import { rateInterval } from "../stats/one-sample.ts";
import type { ArmPair, ArmSample } from "../tick-view.ts";
import type { TickClock } from "./segment-detector.ts";

/** Weight of the past halves in a day, so that a reference follows the baseline. */
const HOURLY_DECAY = 2 ** (-1 / 24);
/** Calls that are kept all the same: where fewer come in a day, the past fades as they come, and references stay known. */
const KEPT_CALLS = 4000;

/** Running totals of one arm. */
export interface ArmTotals {
  n: number;
  sum: number;
  readonly bins: Map<string, number>;
}

/** How many calls of one arm are known, and their sum. */
export interface ArmCount {
  n: number;
  sum: number;
}

/** Calls of both arms that are bet on together. `share` = canary calls of them, in (0, 1). */
export interface Slice {
  readonly pair: Readonly<Record<Arm, ArmSample | ArmTotals>>;
  readonly share: number;
}

/** No call. */
export const emptyTotals = (): ArmTotals => ({ n: 0, sum: 0, bins: new Map() });

/** Adds calls to totals; `withBins` false where only counts and sums are asked for. */
export const addTo = (totals: ArmTotals, { n, sum, bins }: ArmSample | ArmTotals, withBins = true): void => {
  totals.n += n;
  totals.sum += sum;
  if (!withBins) return;
  const entries = bins instanceof Map ? bins : Object.entries(bins);
  for (const [bin, count] of entries) totals.bins.set(bin, (totals.bins.get(bin) ?? 0) + count);
};

const clear = (totals: ArmTotals): void => {
  totals.n = 0;
  totals.sum = 0;
  totals.bins.clear();
};

const decay = (totals: ArmTotals, hours: number, keptCalls: number): void => {
  const left = Math.max(HOURLY_DECAY ** hours, Math.min(1, keptCalls / totals.n));
  totals.n *= left;
  totals.sum *= left;
  for (const [bin, count] of totals.bins) totals.bins.set(bin, count * left);
};

/** What is known of one signal in one segment: totals of the stage, the slice that is filling, the baseline. */
export interface ArmTracker {
  /**
   * Takes a tick in. The result is a slice when both arms have calls to be compared: usually the tick itself, at
   * little traffic several ticks together. Null while the slice is still filling.
   *
   * The slice's own counts give the canary share that the two-arm tests need. Given the counts, their e-values hold
   * whatever the share is and however it came about: (1 + l n d/n_c)^n_c (1 - l n d'/n_b)^n_b <= e^(l n (d - d')) <= 1
   * for d <= d'. Sticky users, a segment most of which is canary, a ramp that the flag follows late: none of it can
   * look like a difference. A share estimated beforehand is wrong in all three.
   *
   * Where there is no baseline any more the canary's calls are judged without one; they count in the stage and wait for no
   * counterpart. Where the candidate answers nobody the baseline's belong to the past at once: that is what such a stage is for.
   */
  readonly take: (pair: ArmPair, clock: TickClock) => Slice | null;
  /** Design effect of the stage's calls. */
  readonly designEffect: () => number;
  /** Call after betting on a slice: from now on it belongs to the past. */
  readonly settle: (slice: Slice | null) => void;
  /** Since the stage began. */
  readonly stage: Readonly<Record<Arm, Readonly<ArmCount>>>;
  /** The baseline before the slice at hand, what anchors are taken from: the past fades by half a day, but for `keptCalls`. */
  readonly baseline: ArmTotals;
}

/**
 * A tracker of `signal` that has seen nothing; `keepsBins` false where only counts and sums are asked for. Of the
 * baseline's past `keptCalls` (default 4000) never fade.
 */
export const createArmTracker = (signal: SignalName, keepsBins = true, keptCalls: number = KEPT_CALLS): ArmTracker => {
  const stage = { canary: { n: 0, sum: 0 }, baseline: { n: 0, sum: 0 } };
  const baseline = emptyTotals();
  let filling = { canary: emptyTotals(), baseline: emptyTotals() };
  let [hour, designEffect] = [0, 1];
  const isFilling = (): boolean => filling.canary.n > 0 || filling.baseline.n > 0;
  const sliceOf = (pair: Slice["pair"]): Slice | null => {
    const [canary, others] = [pair.canary.n, pair.baseline.n];
    return canary > 0 && others > 0 ? { pair, share: canary / (canary + others) } : null;
  };

  const settleFilling = (): void => {
    addTo(baseline, filling.baseline, keepsBins);
    filling = { canary: emptyTotals(), baseline: emptyTotals() };
  };

  const begin = (clock: TickClock): void => {
    if (clock.hour > hour) decay(baseline, clock.hour - hour, keptCalls);
    hour = clock.hour;
    if (!clock.isNewStage) return;
    // A few calls of the old stage that found no counterpart are not bet on; they still tell about the baseline.
    settleFilling();
    if (clock.isNewBaseline === true) clear(baseline);
    for (const arm of [stage.canary, stage.baseline]) Object.assign(arm, { n: 0, sum: 0 });
  };

  return {
    stage,
    baseline,
    designEffect: () => designEffect,
    take: (pair, clock) => {
      begin(clock);
      for (const arm of ["canary", "baseline"] as const) {
        stage[arm].n += pair[arm].n;
        stage[arm].sum += pair[arm].sum;
      }
      designEffect = clock.designEffectOf(signal, stage.canary.n + stage.baseline.n);
      if (clock.isAlone === true) return null;
      // Mostly the tick is a slice by itself, and nothing has to be copied.
      const whole = isFilling() ? null : sliceOf(pair);
      if (whole !== null) return whole;
      addTo(filling.canary, pair.canary);
      addTo(filling.baseline, pair.baseline);
      if (clock.isServed === false && filling.canary.n === 0) settleFilling();
      return sliceOf(filling);
    },
    settle: (slice) => {
      if (slice === null) return;
      addTo(baseline, slice.pair.baseline, keepsBins);
      if (isFilling()) filling = { canary: emptyTotals(), baseline: emptyTotals() };
    },
  };
};

/** Observed share or mean of both arms since the stage began; null where no call is known. */
export const stageMeans = (tracker: ArmTracker): Readonly<Record<Arm, number | null>> => ({
  canary: tracker.stage.canary.n > 0 ? tracker.stage.canary.sum / tracker.stage.canary.n : null,
  baseline: tracker.stage.baseline.n > 0 ? tracker.stage.baseline.sum / tracker.stage.baseline.n : null,
});

/** Known calls of both arms since the stage began. */
export const stageCalls = (tracker: ArmTracker): Readonly<Record<Arm, number>> => ({
  canary: tracker.stage.canary.n,
  baseline: tracker.stage.baseline.n,
});

/** Canary share of the known calls since the stage began, 0-1; 0 without any. */
export const stageShare = ({ stage }: ArmTracker): number => {
  const calls = stage.canary.n + stage.baseline.n;
  return calls > 0 ? stage.canary.n / calls : 0;
};

/** Time-uniform interval of the canary's rate or score since the stage began; null when nothing is known. */
export const stageInterval = (
  tracker: ArmTracker,
  alpha: number,
): { readonly lower: number; readonly upper: number } | null => {
  const { n, sum } = tracker.stage.canary;
  const d = tracker.designEffect();
  return rateInterval(sum / d, n / d, alpha);
};
