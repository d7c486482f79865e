import { GRID_SIZE, type GridVector, gridVector, LIFTS, LOG_GRID_SIZE } from "./grid.ts";
import { expit, logit, lse, times } from "./log-space.ts";

/** +1: the null is "mean <= limit" (a breach is looked for); -1: the null is "mean >= limit" (a pass is). */
export type Sign = 1 | -1;

/**
 * Log-increments of the one-sample grid likelihood ratio for `sum` (may be fractional) of `n` values in [0, 1]
 * against `limit` in (0, 1), with `lifts` d_k: sum*log(p_k/L) + (n-sum)*log((1-p_k)/(1-L)), p_k = expit(logit L + sign d_k).
 * Valid for any distribution on [0, 1] (weighted AM-GM). Source: docs/statistics.md, one-sample.
 */
export const oneSampleIncrements = (
  sum: number,
  n: number,
  limit: number,
  sign: Sign,
  lifts: ArrayLike<number> = LIFTS,
): GridVector => {
  const increments = gridVector();
  if (n === 0) return increments;
  const base = logit(limit);
  for (let k = 0; k < GRID_SIZE; k++) {
    const p = expit(base + sign * (lifts[k] ?? 0));
    increments[k] = times(sum, Math.log(p / limit)) + times(n - sum, Math.log((1 - p) / (1 - limit)));
  }
  return increments;
};

/** Log e-value of the uniform mixture over the grid. */
export const mixture = (wealth: GridVector): number => lse(wealth) - LOG_GRID_SIZE;

/** Log e-value of a mixture whose alternatives have these log-weights, which sum to 1. */
export const weightedMixture = (wealth: GridVector, weights: GridVector): number =>
  lse(wealth.map((each, k) => each + (weights[k] ?? 0)));

/** Log e-value of `sum` in `n` against `limit`; see oneSampleIncrements. */
export const propLogE = (sum: number, n: number, limit: number, sign: Sign): number =>
  mixture(oneSampleIncrements(sum, n, limit, sign));

const BISECTIONS = 100;

/**
 * Time-uniform lower confidence bound of a mean in [0, 1]: the largest limit below the observed mean that is rejected
 * at level `alpha`. 0 when nothing is known.
 */
export const propLower = (sum: number, n: number, alpha: number): number => {
  if (n === 0 || sum <= 0) return 0;
  let [low, high] = [0, sum / n];
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2;
    if (middle > 0 && propLogE(sum, n, middle, 1) >= -Math.log(alpha)) low = middle;
    else high = middle;
  }
  return low;
};

/** Time-uniform upper confidence bound of a mean in [0, 1]; 1 when nothing is known. */
export const propUpper = (sum: number, n: number, alpha: number): number => 1 - propLower(n - sum, n, alpha);

/** Time-uniform interval of a mean in [0, 1] at level `alpha` a side; null when nothing is known. */
export const rateInterval = (
  sum: number,
  n: number,
  alpha: number,
): { readonly lower: number; readonly upper: number } | null =>
  n > 0 ? { lower: propLower(sum, n, alpha), upper: propUpper(sum, n, alpha) } : null;
