import type { SignalName } from "../../core/signals.ts";
import { EVEN_WEIGHTS, type GridVector } from "../stats/grid.ts";
import { createMultiStart, type Tempering } from "../stats/multi-start.ts";
import { tempered } from "../stats/tempered.ts";
import { type ArmCalls, createOnsetWatch, type OnsetTotals } from "./onset-totals.ts";
import type { TickClock } from "./segment-detector.ts";

/** Wealth that grows with the evidence of a signal. */
export interface EvidenceProcess {
  readonly step: (increments: GridVector, clock: TickClock) => void;
  readonly logE: () => number;
}

/** Wealth that also knows since when it grows. */
export interface BreachProcess {
  /**
   * `calls`: what the increments are about, for the onset; null while they are still gathered, left out where nobody asks
   * for it.
   */
  readonly step: (increments: GridVector, clock: TickClock, calls?: ArmCalls | null) => void;
  readonly logE: () => number;
  /** The calls since it began to look like a breach; null where nothing looks like one. */
  readonly onset: () => OnsetTotals | null;
}

/**
 * Increments count for 1/d each, d being the design effect of as many calls. A power of at most 1 keeps an e-value valid
 * (Jensen), and takes back what correlated calls pretend to know.
 */
const temperingBy = (signal: SignalName, { calls = 0, designEffectOf }: TickClock): Tempering => ({
  calls,
  effectAfter: (n) => designEffectOf(signal, n),
});

/**
 * Wealth against "respected": multi-start, over the whole migration, looking for a breach at any time. `weights` are
 * those of the alternatives, `keepsBins` is for quantiles.
 */
export const createBreachProcess = (
  signal: SignalName,
  weights: GridVector = EVEN_WEIGHTS,
  keepsBins = false,
): BreachProcess => {
  const [multiStart, onset] = [createMultiStart(weights), createOnsetWatch(keepsBins)];
  return {
    step: (increments, clock, calls) => {
      const tempering = temperingBy(signal, clock);
      multiStart.step(increments, clock.logWeight, tempering);
      if (calls === undefined) return;
      onset.step(tempered(increments, tempering.effectAfter(tempering.calls)), calls, clock);
    },
    logE: multiStart.logE,
    onset: onset.totals,
  };
};

/**
 * What a stage inherits of the evidence of those before it, at most: a canary that is violating in all of them is called
 * clear with the stated probability, one that begins to with a stage, with twice that at the most.
 */
const INHERITED = Math.log(2);

/**
 * Wealth against "violated", without restarts: of the current stage, and a part of what those before it have won. An arm
 * of a new history has won nothing. `weights` are those of the alternatives.
 */
export const createPassProcess = (signal: SignalName, weights: GridVector = EVEN_WEIGHTS): EvidenceProcess => {
  let stage = createMultiStart(weights);
  let isBegun = false;
  const logE = (): number => (isBegun ? stage.logE() : 0);
  return {
    step: (increments, clock) => {
      const begins = clock.isNewStage || !isBegun;
      const inherited = clock.isLaterStage === true ? Math.min(logE(), INHERITED) : 0;
      if (begins) stage = createMultiStart(weights);
      stage.step(increments, begins ? inherited : Number.NEGATIVE_INFINITY, temperingBy(signal, clock));
      isBegun = true;
    },
    logE,
  };
};
