import type { ArmMinute } from "../streams/stream.ts";
import type { Measured, Method } from "./comparator.ts";

/** Running mean and variance of one arm. */
interface ArmTotals {
  readonly add: (minute: ArmMinute) => void;
  readonly n: () => number;
  readonly mean: () => number;
  readonly variance: () => number;
}

/** Totals of the values that `moments` sees. */
const createTotals = (moments: NonNullable<Measured["moments"]>): ArmTotals => {
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

/** How far the canary is beyond the rule, the variance of that estimate, and the calls it rests on. */
interface Excess {
  readonly excess: number;
  readonly variance: number;
  readonly n: number;
}

/**
 * How far the canary is beyond what the rule allows, with the variance of that estimate: canary - (ratio * baseline +
 * delta), or canary - limit for an absolute rule.
 */
const excessOf = (canary: ArmTotals, baseline: ArmTotals, { margin, threshold }: Measured): Excess => {
  const own = canary.variance() / canary.n();
  if (margin === null) return { excess: canary.mean() - threshold, variance: own, n: canary.n() };
  const { ratio, delta } = margin;
  return {
    excess: canary.mean() - ratio * baseline.mean() - delta,
    variance: own + (ratio * ratio * baseline.variance()) / baseline.n(),
    n: canary.n() + baseline.n(),
  };
};

const MIN_CALLS = 30;

/** A rule on everything since the start, looked at every minute: rolled back for good once `isBeyond` says so. */
export const cumulativeMethod = (name: string, isBeyond: (found: Excess) => boolean): Method => ({
  name,
  create: (measured) => {
    if (measured.moments === null) return null;
    const [canary, baseline] = [createTotals(measured.moments), createTotals(measured.moments)];
    let rejected = false;
    return (minute) => {
      canary.add(minute.canary);
      baseline.add(minute.baseline);
      const found = excessOf(canary, baseline, measured);
      rejected ||= canary.n() >= MIN_CALLS && found.variance > 0 && isBeyond(found);
      return rejected;
    };
  },
});
