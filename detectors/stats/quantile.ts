import { propLogE, type Sign } from "./one-sample.ts";

/** Counts per logarithmic bucket (core/histogram.ts), keyed by bucket index. */
export type Histogram = ReadonlyMap<number, number>;

/** Log e-value of `exceeding` of `n` calls above the limit, against "the q-quantile is at or below it" (sign +1). */
export const quantLogE = (exceeding: number, n: number, q: number, sign: Sign = 1): number =>
  propLogE(exceeding, n, 1 - q, sign);

/** Bucket that holds the q-quantile: the first at which the cumulated count reaches q * n. Null for no data. */
export const quantileBucket = (histogram: Histogram, q: number): number | null => {
  const buckets = [...histogram.keys()].sort((a, b) => a - b);
  const n = buckets.reduce((sum, bucket) => sum + (histogram.get(bucket) ?? 0), 0);
  let below = 0;
  for (const bucket of buckets) {
    below += histogram.get(bucket) ?? 0;
    if (below > 0 && below >= q * n) return bucket;
  }
  return null;
};

/** Calls in buckets strictly above `bucket`. */
export const countAbove = (histogram: Histogram, bucket: number): number => {
  let count = 0;
  for (const [index, calls] of histogram) if (index > bucket) count += calls;
  return count;
};

/**
 * Time-uniform interval of the q-quantile as two bucket upper edges: the highest edge rejected as too low and the
 * lowest rejected as too high, at level `alpha`. Null on a side where nothing is rejected yet.
 * Source: docs/statistics.md, quantiles.
 */
export const quantileInterval = (
  histogram: Histogram,
  q: number,
  alpha: number,
): { readonly lower: number | null; readonly upper: number | null } => {
  const buckets = [...histogram.keys()].sort((a, b) => a - b);
  const threshold = -Math.log(alpha);
  let above = buckets.reduce((sum, bucket) => sum + (histogram.get(bucket) ?? 0), 0);
  const n = above;
  let lower: number | null = null;
  for (const bucket of buckets) {
    above -= histogram.get(bucket) ?? 0;
    if (quantLogE(above, n, q, 1) >= threshold) lower = bucket;
    else if (quantLogE(above, n, q, -1) >= threshold) return { lower, upper: bucket };
  }
  return { lower, upper: null };
};
