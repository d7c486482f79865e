import type { Method } from "./comparator.ts";
import { createTotals, excessOf } from "./totals.ts";

/** One-sided 1% point of the normal distribution. */
const Z_99 = 2.3263478740408408;
const MIN_CALLS = 30;

/** The z-test of a textbook at 1%, on everything since the start, repeated every minute. */
export const Z_TEST: Method = {
  name: "repeated z-test",
  create: (measured) => {
    if (measured.moments === null) return null;
    const [canary, baseline] = [createTotals(measured.moments), createTotals(measured.moments)];
    let rejected = false;
    return (minute) => {
      canary.add(minute.canary);
      baseline.add(minute.baseline);
      const { excess, variance } = excessOf(canary, baseline, measured);
      rejected ||= canary.n() >= MIN_CALLS && variance > 0 && excess / Math.sqrt(variance) > Z_99;
      return rejected;
    };
  },
};
