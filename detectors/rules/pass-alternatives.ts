import { type GridVector, gridVector, LIFTS } from "../stats/grid.ts";

/**
 * A healthy canary is like the baseline: how far its tail is then from the largest allowed is known beforehand. The first
 * alternatives are so many times that distance; less than all of it decides sooner in the runs that take longest.
 */
const TIMES: readonly number[] = [0.7, 1, 0.5];
/** Their part of the wealth; the rest is for canaries that are like nothing known. */
const SHARES: readonly number[] = [0.5, 0.2, 0.1];
const REST = 1 - SHARES.reduce((sum, share) => sum + share, 0);

/** Log-weights of the alternatives of {@link passLifts}. */
export const PASS_WEIGHTS: GridVector = gridVector().map((_, k, { length }) =>
  Math.log(SHARES[k] ?? REST / (length - SHARES.length)),
);

const [LEAST, MOST] = [0.05, 3] as const;

/**
 * Alternatives of a pass as logit lifts below the limit: those of a canary like the baseline, whose tail beyond the limit is
 * `ratio` times the allowed, and those of the grid from 0.27 on. Any that are fixed before the calls are seen are valid.
 */
export const passLifts = (ratio: number): GridVector => {
  const distance = Math.min(MOST, Math.max(LEAST, -Math.log(ratio)));
  return gridVector().map((_, k) => (TIMES[k] === undefined ? (LIFTS[k] ?? 0) : TIMES[k] * distance));
};
