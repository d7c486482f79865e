import { GRID_SIZE, type GridVector, LOG_GRID_SIZE } from "./grid.ts";
import { lae, lse } from "./log-space.ts";
import { oneSampleIncrements } from "./one-sample.ts";

/**
 * Wealth of an e-detector: plain data, so that it can be stored and taken up again to the last bit. All lists are
 * empty before the first step, and one entry per alternative of the grid afterwards.
 */
export interface EDetector extends BestStart {
  /** Log of the summed wealth of all starts so far. */
  readonly wealth: number[];
}

/** The start that explains most of the evidence, per alternative; lists are empty before the first step. */
export interface BestStart {
  /** Log-wealth of the start that has the most. */
  readonly best: number[];
  /** When that start was made, epoch ms. */
  readonly starts: number[];
}

/** Starts of which none was made. */
export const createBestStart = (): BestStart => ({ best: [], starts: [] });

/** An e-detector that has seen nothing. */
export const createEDetector = (): EDetector => ({ wealth: [], ...createBestStart() });

/** Adds the evidence of one slice of time that began at `at`: a start nothing speaks for is made anew. */
export const stepBestStart = ({ best, starts }: BestStart, increments: GridVector, at: number): void => {
  for (let k = 0; k < GRID_SIZE; k++) {
    const before = best[k] ?? 0;
    if (before <= 0) starts[k] = at;
    best[k] = Math.max(0, before) + (increments[k] ?? 0);
  }
};

/**
 * Adds the evidence of one slice of time that began at `at`: R_k = log(exp(R_k) + 1) + increments_k. Every slice is a
 * possible beginning of a change, so a unit of wealth starts in each. Source: docs/statistics.md, drift without a
 * canary.
 */
export const stepEDetector = (detector: EDetector, increments: GridVector, at: number): void => {
  const { wealth } = detector;
  for (let k = 0; k < GRID_SIZE; k++) {
    wealth[k] = lae(wealth[k] ?? Number.NEGATIVE_INFINITY, 0) + (increments[k] ?? 0);
  }
  stepBestStart(detector, increments, at);
};

/**
 * Log of the mean wealth; -Infinity before the first step. While nothing changes, the mean number of slices until it
 * reaches log(A) is at least A.
 */
export const logR = ({ wealth }: EDetector): number => lse(wealth) - LOG_GRID_SIZE;

/** The alternative whose best start has the most wealth; null before the first step. */
export const strongest = ({ best }: BestStart): number | null => {
  if (best.length === 0) return null;
  return best.reduce((top, value, k) => (value > (best[top] ?? value) ? k : top), 0);
};

/** Log wealth after slices of `events` of `n` calls, looking for a rate above `base`. */
export const eSR = (steps: readonly (readonly [events: number, n: number])[], base: number): number => {
  const detector = createEDetector();
  for (const [at, [events, n]] of steps.entries()) stepEDetector(detector, oneSampleIncrements(events, n, base, 1), at);
  return logR(detector);
};
