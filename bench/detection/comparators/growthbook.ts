import { gbHalfWidth } from "../formulas.ts";
import type { Method } from "./comparator.ts";
import { createTotals, excessOf } from "./totals.ts";

const MIN_CALLS = 30;

/**
 * An asymptotic confidence sequence as GrowthBook's sequential testing describes it (docs.growthbook.io:
 * statistics/sequential), tuned to n = 5000, at `alpha`; rolled back when the whole interval lies beyond the limit.
 */
export const asymptoticSequence = (name: string, alpha: number): Method => ({
  name,
  create: (measured) => {
    if (measured.moments === null) return null;
    const [canary, baseline] = [createTotals(measured.moments), createTotals(measured.moments)];
    let rejected = false;
    return (minute) => {
      canary.add(minute.canary);
      baseline.add(minute.baseline);
      const { excess, variance, n } = excessOf(canary, baseline, measured);
      rejected ||= canary.n() >= MIN_CALLS && variance > 0 && excess > gbHalfWidth(Math.sqrt(variance * n), n, alpha);
      return rejected;
    };
  },
});

/** At the 5% that GrowthBook has by default. */
export const GROWTHBOOK: Method = asymptoticSequence("GrowthBook", 0.05);
