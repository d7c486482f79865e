import type { Method } from "./comparator.ts";
import { cumulativeMethod } from "./totals.ts";

/** One-sided 1% point of the normal distribution. */
const Z_99 = 2.3263478740408408;

/** The z-test of a textbook at 1%, on everything since the start, repeated every minute. */
export const Z_TEST: Method = cumulativeMethod(
  "repeated z-test",
  ({ excess, variance }) => excess / Math.sqrt(variance) > Z_99,
);
