import type { SignalName } from "../../core/signals.ts";
import { type GridVector, gridVector } from "../stats/grid.ts";
import { lae } from "../stats/log-space.ts";
import { type BreachProcess, createBreachProcess } from "./evidence-process.ts";
import type { TickClock } from "./segment-detector.ts";

/** Evidence against "every segment keeps the limit" that all segments make up together. */
export interface PooledEvidence {
  /** What a segment bets in the tick at hand: increments of one side, and the part of the wealth that side has. */
  readonly add: (side: number, increments: GridVector, share: number) => void;
  /** Ends the tick. `clock` is that of all segments together. */
  readonly step: (clock: TickClock) => void;
  /** Log e-value; minus infinity where nothing was added yet. */
  readonly logE: () => number;
}

interface Pooled {
  readonly evidence: BreachProcess;
  readonly increments: GridVector;
  shares: number;
}

/**
 * One process per side whose increments are the sums of the segments': each segment is compared with its own baseline, in
 * its own calls, so another mix of traffic is no difference; and what happens in all of them is found by all their calls.
 */
export const createPooledEvidence = (signal: SignalName): PooledEvidence => {
  const sides: Pooled[] = [];
  let waiting = Number.NEGATIVE_INFINITY;
  const stepSide = (each: Pooled, clock: TickClock, logWeight: number, parts: number): void => {
    const part = parts > 0 ? each.shares / parts : 0;
    each.evidence.step(each.increments, { ...clock, logWeight: logWeight + Math.log(part) });
    each.increments.fill(0);
    each.shares = 0;
  };
  return {
    add: (side, increments, share) => {
      sides[side] ??= { evidence: createBreachProcess(signal), increments: gridVector(), shares: 0 };
      const each = sides[side];
      increments.forEach((increment, k) => {
        each.increments[k] = (each.increments[k] ?? 0) + increment;
      });
      each.shares += share;
    },
    step: (clock) => {
      waiting = lae(waiting, clock.logWeight);
      const parts = sides.reduce((sum, { shares }) => sum + shares, 0);
      const starts = parts > 0 ? waiting : Number.NEGATIVE_INFINITY;
      if (parts > 0) waiting = Number.NEGATIVE_INFINITY;
      for (const each of sides) stepSide(each, clock, starts, parts);
    },
    logE: () => sides.reduce((sum, { evidence }) => lae(sum, evidence.logE()), Number.NEGATIVE_INFINITY),
  };
};
