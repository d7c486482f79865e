import type { Comparator, Measured, Method } from "./comparator.ts";

// Flagger (docs.flagger.app: usage/metrics, tutorials): every metric is queried each `interval` (1m) over the last
// interval and compared with its threshold range; the canary is rolled back when the number of failed checks reaches
// `threshold` (5 in its documentation). Failed checks are counted in total, not in a row.
const THRESHOLD = 5;

const failedChecks = ({ value }: Measured, limit: number): Comparator => {
  let failed = 0;
  return ({ canary }) => {
    const seen = value(canary);
    if (seen !== null && seen > limit) failed++;
    return failed >= THRESHOLD;
  };
};

/** Flagger with the rule's limit as its threshold. */
export const FLAGGER: Method = { name: "Flagger", create: (measured) => failedChecks(measured, measured.threshold) };

/** Flagger with its documented success rate of at least 99%; for error rates only. */
export const FLAGGER_99: Method = { name: "Flagger at 99%", create: (measured) => failedChecks(measured, 0.01) };
