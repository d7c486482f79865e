import type { SignalName } from "../../core/signals.ts";
import { type BinCounts, labelLogE } from "../stats/arm-label.ts";
import { lae } from "../stats/log-space.ts";
import { HORIZON_HOURS } from "../stats/multi-start.ts";
import type { TickClock } from "./segment-judge.ts";

interface Counts {
  readonly canary: number[];
  readonly baseline: number[];
}

const add = (counts: Counts, tick: BinCounts): void => {
  for (const arm of ["canary", "baseline"] as const) {
    tick[arm].forEach((count, j) => {
      counts[arm][j] = (counts[arm][j] ?? 0) + count;
    });
  }
};

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

/** The arm-label e-value of these counts, every call counting for 1/d, valid whatever the true canary share is. */
const evidenceOf = (counts: Counts, share: number, d: number): number => {
  const [canary, baseline] = [total(counts.canary), total(counts.baseline)];
  if (canary === 0 || baseline === 0) return 0;
  const scaled = { canary: counts.canary.map((n) => n / d), baseline: counts.baseline.map((n) => n / d) };
  return labelLogE(scaled, share, canary / (canary + baseline));
};

/** Evidence that the arms' outputs differ in distribution, growing tick by tick. */
export interface ShapeEvidence {
  readonly step: (tick: BinCounts, clock: TickClock) => void;
  readonly logE: () => number;
  /** Counts since the stage began. */
  readonly stage: () => BinCounts;
}

/**
 * Half of the wealth follows the stage as a whole, half is dealt out to the hours of the horizon, so that a shift that
 * begins on day five is seen within its hour. Finished stages multiply (their calls are disjoint); finished hours
 * keep what they had.
 */
export const createShapeEvidence = (signal: SignalName): ShapeEvidence => {
  let [stage, hour]: [Counts, Counts] = [
    { canary: [], baseline: [] },
    { canary: [], baseline: [] },
  ];
  let [finishedStages, finishedHours, hourNow, share] = [0, Number.NEGATIVE_INFINITY, 0, 0.5];
  let designEffect = 1;
  const evidence = (counts: Counts, of: number): number => evidenceOf(counts, of, designEffect);
  const hourLogE = (): number => evidence(hour, share);
  return {
    step: (tick, clock) => {
      if (clock.isNewStage || clock.hour !== hourNow) {
        finishedHours = lae(finishedHours, hourLogE());
        hour = { canary: [], baseline: [] };
        hourNow = clock.hour;
      }
      if (clock.isNewStage) {
        finishedStages += evidence(stage, share);
        stage = { canary: [], baseline: [] };
      }
      share = clock.configuredShare;
      designEffect = clock.designEffectOf(signal);
      add(stage, tick);
      if (clock.hour <= HORIZON_HOURS) add(hour, tick);
    },
    logE: () => {
      const wholeStage = finishedStages + evidence(stage, share);
      return Math.log(0.5) + lae(wholeStage, lae(finishedHours, hourLogE()) - Math.log(HORIZON_HOURS));
    },
    stage: () => stage,
  };
};
