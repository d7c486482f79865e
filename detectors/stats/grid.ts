/** Number of alternatives every mixture averages over. */
export const GRID_SIZE = 12;

export const LOG_GRID_SIZE: number = Math.log(GRID_SIZE);

/** Logit lifts d_k = 0.1 * 1.4^k: from a hair beyond the limit to far beyond it. */
export const LIFTS: readonly number[] = Array.from({ length: GRID_SIZE }, (_, k) => 0.1 * 1.4 ** k);

/** One log-increment or log-wealth per alternative of the grid. */
export type GridVector = Float64Array;

/** A vector of the grid, every component `value`. */
export const gridVector = (value = 0): GridVector => {
  const vector = new Float64Array(GRID_SIZE);
  return value === 0 ? vector : vector.fill(value);
};

/** Width, in alternatives, of the weights that favour some: about half of them share most of the wealth. */
const PEAK_WIDTH = 3;

/**
 * Log-weights, summing to 1, of a mixture that favours the alternatives around number `peak` (may be fractional): each
 * costs less where effects of that size are what has to be found, and no alternative is left out.
 */
export const peakedWeights = (peak: number): GridVector => {
  const weights = gridVector().map((_, k) => Math.exp(-0.5 * ((k - peak) / PEAK_WIDTH) ** 2));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => Math.log(weight / total));
};

/** Log-weights of a mixture in which all alternatives count alike. */
export const EVEN_WEIGHTS: GridVector = gridVector(-LOG_GRID_SIZE);
