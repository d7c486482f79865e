import type { Arm } from "../../core/cohort.ts";
import type { Onset } from "../../core/verdict.ts";
import { type BestStart, createBestStart, stepBestStart, strongest } from "../stats/e-detector.ts";
import type { GridVector } from "../stats/grid.ts";
import type { ArmPair, ArmSample } from "../tick-view.ts";
import { type ArmTotals, addTo, emptyTotals } from "./arm-tracker.ts";
import type { TickClock } from "./segment-detector.ts";

/** Calls of both arms: a tick's, or a slice's of several ticks. */
export type ArmCalls = Readonly<Record<Arm, ArmSample | ArmTotals>>;

/** What both arms showed from `since` on. */
export interface OnsetTotals {
  /** Begin of its first tick, epoch ms. */
  readonly since: number;
  readonly totals: Readonly<Record<Arm, ArmTotals>>;
}

/** Since when evidence grows, and the calls since then. */
export interface OnsetWatch {
  /**
   * Takes in the evidence of a tick, and the calls it is about; null while calls are gathered for
   * a slice, which then counts from its first tick.
   */
  readonly step: (
    increments: GridVector,
    calls: ArmCalls | ArmPair | null,
    clock: Pick<TickClock, "from" | "isNewStage">,
  ) => void;
  /** The stretch that speaks loudest; null where none does. */
  readonly totals: () => OnsetTotals | null;
}

const startAt = (since: number): OnsetTotals => ({
  since,
  totals: { canary: emptyTotals(), baseline: emptyTotals() },
});

/** Stretches nobody asks for any more are dropped, or become part of the one before. */
const prune = (stretches: readonly OnsetTotals[], { starts }: BestStart, keepsBins: boolean): OnsetTotals[] => {
  const kept: OnsetTotals[] = [];
  for (const stretch of stretches) {
    const last = kept.at(-1);
    if (starts.includes(stretch.since)) kept.push(stretch);
    else if (last !== undefined)
      for (const arm of ["canary", "baseline"] as const) addTo(last.totals[arm], stretch.totals[arm], keepsBins);
  }
  return kept;
};

/**
 * Every alternative of the grid has the start from which its evidence is greatest (that of the e-detectors: a tick with
 * which nothing speaks for it any more begins it anew). The calls since each are kept as stretches between the starts, at
 * most one for each alternative, whatever the time: the memory does not grow with the migration.
 */
export const createOnsetWatch = (keepsBins: boolean): OnsetWatch => {
  const best = createBestStart();
  let [stretches, open]: [OnsetTotals[], number | null] = [[], null];
  return {
    step: (increments, calls, { from, isNewStage }) => {
      // What was gathered for a slice of the old stage, or before the start, is in no slice.
      if (isNewStage) open = null;
      open ??= from;
      if (calls === null) return;
      stepBestStart(best, increments, open);
      stretches = prune(stretches, best, keepsBins);
      if (best.starts.includes(open)) stretches.push(startAt(open));
      const last = stretches.at(-1);
      if (last !== undefined)
        for (const arm of ["canary", "baseline"] as const) addTo(last.totals[arm], calls[arm], keepsBins);
      open = null;
    },
    totals: () => {
      const top = strongest(best);
      if (top === null || (best.best[top] ?? 0) <= 0) return null;
      const since = best.starts[top] ?? 0;
      const sum = startAt(since);
      for (const { totals } of stretches.filter((stretch) => stretch.since >= since)) {
        for (const arm of ["canary", "baseline"] as const) addTo(sum.totals[arm], totals[arm], keepsBins);
      }
      return sum;
    },
  };
};

/** How a detector puts totals into the number that people read. */
export interface OnsetReader {
  readonly valueOfArm: (totals: ArmTotals) => number | null;
  /** The canary's limit, going by the baseline's value; null = unknown. */
  readonly limitFrom: (baseline: number | null) => number | null;
  /** True where the sum of the totals counts events. */
  readonly countsEvents: boolean;
}

/** Rate or mean; null without a call. */
export const meanOf = ({ n, sum }: Pick<ArmTotals, "n" | "sum">): number | null => (n > 0 ? sum / n : null);

/** The stretch in the numbers that people read; null where there is none. */
export const readOnset = (
  found: OnsetTotals | null,
  { valueOfArm, limitFrom, countsEvents }: OnsetReader,
): Onset | null => {
  if (found === null) return null;
  const { canary, baseline } = found.totals;
  const ofBaseline = valueOfArm(baseline);
  return {
    since: found.since,
    n: { canary: canary.n, baseline: baseline.n },
    events: countsEvents ? { canary: canary.sum, baseline: baseline.sum } : null,
    value: { canary: valueOfArm(canary), baseline: ofBaseline },
    limit: limitFrom(ofBaseline),
  };
};
