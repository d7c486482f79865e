import type { Arm } from "../../core/cohort.ts";
import type { ArmPair, ArmSample } from "../tick-view.ts";
import type { TickClock } from "./segment-test.ts";

/** Calls the configured share counts as, before the realised one speaks for itself. */
const SHARE_PRIOR_CALLS = 50;
/** Weight of the past halves in a day, so that a reference follows the baseline. */
const HOURLY_DECAY = 2 ** (-1 / 24);
const SHARE_MARGIN = 1e-4;

/** Running totals of one arm. */
export interface ArmTotals {
  n: number;
  sum: number;
  readonly bins: Map<string, number>;
}

const emptyTotals = (): ArmTotals => ({ n: 0, sum: 0, bins: new Map() });

const addTo = (totals: ArmTotals, sample: ArmSample): void => {
  totals.n += sample.n;
  totals.sum += sample.sum;
  for (const bin in sample.bins) totals.bins.set(bin, (totals.bins.get(bin) ?? 0) + (sample.bins[bin] ?? 0));
};

const decay = (totals: ArmTotals): void => {
  totals.n *= HOURLY_DECAY;
  totals.sum *= HOURLY_DECAY;
  for (const [bin, count] of totals.bins) totals.bins.set(bin, count * HOURLY_DECAY);
};

/** What earlier ticks said about one signal in one segment: totals of the stage, the realised share, the baseline. */
export interface ArmTracker {
  /** Call first in every step: begins a stage or an hour when the clock says so. */
  readonly begin: (clock: TickClock) => void;
  /** Call last in every step: from now on the tick belongs to the past. */
  readonly add: (pair: ArmPair) => void;
  /** Canary share of the calls with a known value, this stage, earlier ticks only; 0-1. */
  readonly share: () => number;
  /** Since the stage began. */
  readonly stage: Readonly<Record<Arm, ArmTotals>>;
  /** The baseline since the migration began, the past fading with a half-life of a day. */
  readonly baseline: ArmTotals;
}

/** A tracker that has seen nothing. */
export const createArmTracker = (): ArmTracker => {
  const stage = { canary: emptyTotals(), baseline: emptyTotals() };
  const baseline = emptyTotals();
  let configured = 0;
  let hour = 0;
  return {
    stage,
    baseline,
    begin: (clock) => {
      configured = clock.configuredShare;
      if (clock.hour !== hour) decay(baseline);
      hour = clock.hour;
      if (clock.isNewStage) {
        for (const totals of [stage.canary, stage.baseline]) {
          totals.n = 0;
          totals.sum = 0;
          totals.bins.clear();
        }
      }
    },
    add: (pair) => {
      addTo(stage.canary, pair.canary);
      addTo(stage.baseline, pair.baseline);
      addTo(baseline, pair.baseline);
    },
    share: () => {
      const calls = stage.canary.n + stage.baseline.n;
      const realised = (SHARE_PRIOR_CALLS * configured + stage.canary.n) / (SHARE_PRIOR_CALLS + calls);
      return Math.min(1 - SHARE_MARGIN, Math.max(SHARE_MARGIN, realised));
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
