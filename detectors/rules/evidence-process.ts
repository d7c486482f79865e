import type { SignalName } from "../../core/signals.ts";
import { GRID_SIZE, type GridVector, gridVector } from "../stats/grid.ts";
import { createMultiStart } from "../stats/multi-start.ts";
import { mixture } from "../stats/one-sample.ts";
import type { TickClock } from "./segment-detector.ts";

/** Wealth that grows with the evidence of a signal. */
export interface EvidenceProcess {
  readonly step: (increments: GridVector, clock: TickClock) => void;
  readonly logE: () => number;
}

/**
 * Increments divided by the design effect, as if every call counted for 1/d. A power of at most 1 keeps an e-value
 * valid (Jensen), and takes back what correlated calls pretend to know.
 */
const tempered = (increments: GridVector, designEffect: number): GridVector =>
  designEffect === 1 ? increments : increments.map((increment) => increment / designEffect);

/** Wealth against "respected": multi-start, over the whole migration, looking for a breach at any time. */
export const createBreachProcess = (signal: SignalName): EvidenceProcess => {
  const multiStart = createMultiStart();
  return {
    step: (increments, clock) => multiStart.step(tempered(increments, clock.designEffectOf(signal)), clock.logWeight),
    logE: multiStart.logE,
  };
};

/** Wealth against "violated": plain, over the current stage only. */
export const createPassProcess = (signal: SignalName): EvidenceProcess => {
  const wealth = gridVector();
  return {
    step: (increments, clock) => {
      if (clock.isNewStage) wealth.fill(0);
      const counted = tempered(increments, clock.designEffectOf(signal));
      for (let k = 0; k < GRID_SIZE; k++) wealth[k] = (wealth[k] ?? 0) + (counted[k] ?? 0);
    },
    logE: () => mixture(wealth),
  };
};
