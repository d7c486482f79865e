import { GRID_SIZE, type GridVector, gridVector } from "../stats/grid.ts";
import { createMultiStart } from "../stats/multi-start.ts";
import { mixture } from "../stats/one-sample.ts";
import type { TickClock } from "./segment-judge.ts";

/** Wealth against "respected" (multi-start, over the whole migration). */
export interface BreachProcess {
  readonly step: (increments: GridVector, clock: TickClock) => void;
  readonly logE: () => number;
}

/** A process that looks for a breach at any time. */
export const createBreachProcess = (): BreachProcess => {
  const multiStart = createMultiStart();
  return { step: (increments, clock) => multiStart.step(increments, clock.logWeight), logE: multiStart.logE };
};

/** A process that looks for a pass: plain wealth over the current stage only. */
export const createPassProcess = (): BreachProcess => {
  const wealth = gridVector();
  return {
    step: (increments, clock) => {
      if (clock.isNewStage) wealth.fill(0);
      for (let k = 0; k < GRID_SIZE; k++) wealth[k] = (wealth[k] ?? 0) + (increments[k] ?? 0);
    },
    logE: () => mixture(wealth),
  };
};
