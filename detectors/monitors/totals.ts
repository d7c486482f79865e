import { BUCKET_GROWTH, ZERO_BUCKET } from "../../core/histogram.ts";
import type { Bin } from "../stats/betting.ts";
import type { Histogram } from "../stats/quantile.ts";

/** Sums over calls: plain data, so that it can be stored and taken up again. Bins are coarse, see `coarsen`. */
export interface Totals {
  n: number;
  sum: number;
  bins: Record<string, number>;
}

/** No calls. */
export const emptyTotals = (): Totals => ({ n: 0, sum: 0, bins: {} });

/** Adds `more` to `into`. */
export const addTotals = (into: Totals, more: Readonly<Totals>): void => {
  into.n += more.n;
  into.sum += more.sum;
  for (const [bin, count] of Object.entries(more.bins)) into.bins[bin] = (into.bins[bin] ?? 0) + count;
};

/** Faded counts are kept to the thousandth, so that they take little room where they are stored; less is let go. */
const STEPS = 1000;

const rounded = (count: number): number => Math.round(count * STEPS) / STEPS;

/** Multiplies everything by `factor`: the past fades. */
export const fadeTotals = (totals: Totals, factor: number): void => {
  totals.n *= factor;
  totals.sum *= factor;
  const bins = Object.entries(totals.bins).map(([bin, count]) => [bin, rounded(count * factor)] as const);
  totals.bins = Object.fromEntries(bins.filter(([, count]) => count > 0));
};

/** Buckets of 1% that make one coarse bucket: a monitor's margin is 10% and more, and it keeps 168 hours of them. */
const COARSE = 4;

/** Coarse bucket of zero. */
export const ZERO: number = ZERO_BUCKET / COARSE;

const coarseOf = (bucket: number): number => (bucket === ZERO_BUCKET ? ZERO : Math.floor(bucket / COARSE));

/** Log-width of a coarse bucket. */
export const COARSE_WIDTH: number = COARSE * Math.log(BUCKET_GROWTH);

/** Coarse bucket that holds `value`, a positive number. */
export const coarseBucketOf = (value: number): number => Math.floor(Math.log(value) / COARSE_WIDTH);

/** Upper edge of a coarse bucket, in the signal's unit. */
export const coarseUpperEdge = (bucket: number): number =>
  bucket === ZERO ? 0 : Math.exp((bucket + 1) * COARSE_WIDTH);

/** The value that stands for a coarse bucket in a mean, in the signal's unit. */
export const coarseValue = (bucket: number): number => (bucket === ZERO ? 0 : Math.exp((bucket + 0.5) * COARSE_WIDTH));

/** The same counts in coarse buckets. */
export const coarsen = ({ n, sum, bins }: Readonly<Totals>): Totals => {
  const coarse: Totals = { n, sum, bins: {} };
  for (const [bin, count] of Object.entries(bins)) {
    const at = String(coarseOf(Number(bin)));
    coarse.bins[at] = (coarse.bins[at] ?? 0) + count;
  }
  return coarse;
};

/** The coarse bins by bucket number. */
export const histogramOf = ({ bins }: Readonly<Totals>): Histogram =>
  new Map(Object.entries(bins).map(([bin, count]) => [Number(bin), count]));

/** The coarse bins as values with counts. */
export const valuesOf = ({ bins }: Readonly<Totals>): readonly Bin[] =>
  Object.entries(bins).map(([bin, count]) => [coarseValue(Number(bin)), count]);
