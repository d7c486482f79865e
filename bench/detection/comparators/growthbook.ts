import { gbHalfWidth } from "../formulas.ts";
import type { Method } from "./comparator.ts";
import { cumulativeMethod } from "./totals.ts";

/** What GrowthBook has by default. */
const ALPHA = 0.05;

/**
 * An asymptotic confidence sequence as GrowthBook's sequential testing describes it (docs.growthbook.io:
 * statistics/sequential), tuned to n = 5000; rolled back when the whole interval lies beyond the limit.
 */
export const GROWTHBOOK: Method = cumulativeMethod(
  "GrowthBook",
  ({ excess, variance, n }) => excess > gbHalfWidth(Math.sqrt(variance * n), n, ALPHA),
);
