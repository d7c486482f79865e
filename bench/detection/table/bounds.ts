import { klBernoulli } from "../formulas.ts";
import { SHARE } from "../streams/stream.ts";

// Lower bounds on the expected canary calls of any test of power one at level alpha: log(1/alpha) / KL, KL being the
// smallest divergence, per canary call, between the truth and anything the rule allows.

/** Baseline calls per canary call. */
const OTHERS = (1 - SHARE) / SHARE;

/** Smallest value of a unimodal function on [low, high], by golden section. */
const minimum = (of: (x: number) => number, low: number, high: number): number => {
  const golden = (Math.sqrt(5) - 1) / 2;
  let [a, b] = [low, high];
  for (let i = 0; i < 200; i++) {
    const [c, d] = [b - golden * (b - a), a + golden * (b - a)];
    if (of(c) < of(d)) b = d;
    else a = c;
  }
  return of((a + b) / 2);
};

const EDGE = 1e-9;

/** Calls against an absolute limit on a rate. */
export const rateBound = (alpha: number, rate: number, limit: number): number =>
  -Math.log(alpha) / klBernoulli(rate, limit);

/** Calls for rates that the rule wants related by canary = ratio * baseline + delta at the most (or at the least). */
export const twoRatesBound = (
  alpha: number,
  canary: number,
  baseline: number,
  { ratio, delta }: { readonly ratio: number; readonly delta: number },
): number => {
  const limit = (b: number): number => Math.min(1 - EDGE, Math.max(EDGE, ratio * b + delta));
  const divergence = (b: number): number => klBernoulli(canary, limit(b)) + OTHERS * klBernoulli(baseline, b);
  const [low, high] = [Math.max(EDGE, (EDGE - delta) / ratio), Math.min(1 - EDGE, (1 - EDGE - delta) / ratio)];
  return -Math.log(alpha) / minimum(divergence, low, high);
};

/** Calls for means, with both arms taken for normal: an approximation for heavy tails, and then too high or too low. */
export const meansBound = (
  alpha: number,
  canary: { readonly mean: number; readonly variance: number },
  baseline: { readonly mean: number; readonly variance: number },
  { ratio, delta }: { readonly ratio: number; readonly delta: number },
): number => {
  const excess = canary.mean - ratio * baseline.mean - delta;
  return (-2 * Math.log(alpha) * (canary.variance + (ratio * ratio * baseline.variance) / OTHERS)) / (excess * excess);
};

/** Calls to tell two distributions over the same bins apart. */
export const labelsBound = (alpha: number, canary: readonly number[], baseline: readonly number[]): number => {
  const divergence = canary.reduce((sum, p, i) => {
    const q = baseline[i] ?? 0;
    const both = SHARE * p + (1 - SHARE) * q;
    return sum + (p > 0 ? p * Math.log(p / both) : 0) + (q > 0 ? OTHERS * q * Math.log(q / both) : 0);
  }, 0);
  return -Math.log(alpha) / divergence;
};
