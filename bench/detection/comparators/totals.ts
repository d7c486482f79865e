import type { ArmMinute } from "../streams/stream.ts";
import type { Measured } from "./comparator.ts";

/** Running mean and variance of one arm. */
export interface ArmTotals {
  readonly add: (minute: ArmMinute) => void;
  readonly n: () => number;
  readonly mean: () => number;
  readonly variance: () => number;
}

/** Totals of the values that `moments` sees. */
export const createTotals = (moments: NonNullable<Measured["moments"]>): ArmTotals => {
  let [n, sum, squares] = [0, 0, 0];
  return {
    add: (minute) => {
      const seen = moments(minute);
      n += seen.n;
      sum += seen.sum;
      squares += seen.squares;
    },
    n: () => n,
    mean: () => sum / n,
    variance: () => Math.max(0, squares / n - (sum / n) ** 2),
  };
};

/**
 * How far the canary is beyond what the rule allows, with the variance of that estimate: canary - (ratio * baseline +
 * delta), or canary - limit for an absolute rule.
 */
export const excessOf = (
  canary: ArmTotals,
  baseline: ArmTotals,
  { margin, threshold }: Measured,
): { readonly excess: number; readonly variance: number; readonly n: number } => {
  const own = canary.variance() / canary.n();
  if (margin === null) return { excess: canary.mean() - threshold, variance: own, n: canary.n() };
  const { ratio, delta } = margin;
  return {
    excess: canary.mean() - ratio * baseline.mean() - delta,
    variance: own + (ratio * ratio * baseline.variance()) / baseline.n(),
    n: canary.n() + baseline.n(),
  };
};
