/** Sums of one signal over the calls of one bucket of users or conversations. */
export interface BucketSums {
  readonly n: number;
  readonly sum: number;
  /** Sum of squares. */
  readonly squares: number;
}

/** Known calls, and events of a rate either way, below which nothing is said. */
const MIN_CALLS = 1000;
const MIN_EVENTS = 30;

/** Standard deviations of the estimate that are added to it. */
const SAFETY_SD = 2;

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/**
 * Square of what a bucket has above its arm's mean without it. The bucket that makes half of the calls pulls the mean to
 * itself, and would look ordinary beside it: against the others' mean it is seen for what it is (the jackknife).
 */
const deviation = ({ n, sum }: BucketSums, calls: number, events: number): number =>
  n >= calls ? 0 : (sum - (n * (events - sum)) / (calls - n)) ** 2;

/**
 * Standard deviation of the mean of such squares, relative: chance alone gives sqrt(2 / (buckets - 1)); a few buckets
 * that differ from all others make it more.
 */
const uncertainty = (squares: readonly number[]): number => {
  const [first, second] = [total(squares), total(squares.map((square) => square * square))];
  const spread = (squares.length * second) / (first * first) - 1;
  return Math.sqrt(Math.max(2 / (squares.length - 1), spread / squares.length));
};

/**
 * Factor by which the likeness of calls in one bucket inflates the variance of a sum, two standard deviations of the
 * estimate added; 1 to the number of calls. Null where too little is known. `isRate`: values are 0 or 1. One bucket alone
 * is one draw. Formula and source: docs/statistics.md, correlated calls.
 */
export const designEffect = (all: readonly BucketSums[], isRate: boolean): number | null => {
  const buckets = all.filter((bucket) => bucket.n > 0);
  const [n, sum] = [total(buckets.map((bucket) => bucket.n)), total(buckets.map((bucket) => bucket.sum))];
  const mean = sum / n;
  const variance = total(buckets.map((bucket) => bucket.squares)) / n - mean * mean;
  if (n < MIN_CALLS || !(variance > 0) || (isRate && Math.min(sum, n - sum) < MIN_EVENTS)) return null;
  if (buckets.length === 1) return n;
  const squares = buckets.map((bucket) => deviation(bucket, n, sum));
  const between = total(squares) * ((buckets.length - 1) / buckets.length);
  if (!(between > 0)) return 1;
  return Math.min(n, Math.max(1, (between / (n * variance)) * (1 + SAFETY_SD * uncertainty(squares))));
};

/** Part of an arm's calls from which on a bucket is that of a heavy user. */
const HEAVY_SHARE = 0.1;

/**
 * The buckets without the one with the most calls, where that has a tenth of them; else all. Chosen by calls alone: what
 * its calls were like must not choose it, or likeness would be taken out with it.
 */
export const withoutHeaviest = (buckets: readonly BucketSums[]): readonly BucketSums[] => {
  const most = Math.max(...buckets.map(({ n }) => n));
  if (most < HEAVY_SHARE * total(buckets.map(({ n }) => n))) return buckets;
  const heaviest = buckets.findIndex(({ n }) => n === most);
  return buckets.filter((_, i) => i !== heaviest);
};
