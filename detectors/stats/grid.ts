/** Number of alternatives every mixture averages over. */
export const GRID_SIZE = 12;

export const LOG_GRID_SIZE: number = Math.log(GRID_SIZE);

/** Logit lifts d_k = 0.1 * 1.4^k: from a hair beyond the limit to far beyond it. */
export const LIFTS: readonly number[] = Array.from({ length: GRID_SIZE }, (_, k) => 0.1 * 1.4 ** k);

/** One log-increment or log-wealth per alternative of the grid. */
export type GridVector = Float64Array;

/** A vector of the grid, every component `value`. */
export const gridVector = (value = 0): GridVector => new Float64Array(GRID_SIZE).fill(value);
