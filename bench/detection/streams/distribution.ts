import { bucketOf, bucketValue, upperEdge } from "../../../core/histogram.ts";

/** A value's distribution over log-buckets, exact: what is known of it is computed, not estimated. */
export interface Distribution {
  /** Draws `n` values: counts per bucket name, and their sum. */
  readonly draw: (random: () => number, n: number) => { readonly bins: Record<string, number>; readonly sum: number };
  /** Of the bucket middles. */
  readonly mean: number;
  readonly variance: number;
  /** Upper edge of the bucket that holds the q-quantile. */
  readonly quantile: (q: number) => number;
  /** Probability of a bucket whose upper edge is above `value`. */
  readonly above: (value: number) => number;
}

/** Width of the buckets that hold values here, in buckets of 1%: coarse where only means matter. */
const COARSE = 6;

/** Draws by alias tables (Walker 1977): one uniform number a value, whatever the number of buckets. */
const aliasTable = (probabilities: readonly number[]): { readonly cut: Float64Array; readonly other: Int32Array } => {
  const size = probabilities.length;
  const scaled = probabilities.map((p) => p * size);
  const cut = new Float64Array(size).fill(1);
  const other = Int32Array.from({ length: size }, (_, i) => i);
  const [small, large]: [number[], number[]] = [[], []];
  for (const [i, p] of scaled.entries()) (p < 1 ? small : large).push(i);
  while (small.length > 0 && large.length > 0) {
    const [low, high] = [small.pop() ?? 0, large.at(-1) ?? 0];
    cut[low] = scaled[low] ?? 0;
    other[low] = high;
    scaled[high] = (scaled[high] ?? 0) - (1 - (scaled[low] ?? 0));
    if ((scaled[high] ?? 0) < 1) small.push(large.pop() ?? 0);
  }
  return { cut, other };
};

/** A distribution with these probabilities per bucket; they are made to sum to 1. */
export const distributionOf = (weights: ReadonlyMap<number, number>): Distribution => {
  const buckets = [...weights.keys()].sort((a, b) => a - b);
  const total = buckets.reduce((sum, bucket) => sum + (weights.get(bucket) ?? 0), 0);
  const probabilities = buckets.map((bucket) => (weights.get(bucket) ?? 0) / total);
  const values = buckets.map(bucketValue);
  const mean = values.reduce((sum, value, i) => sum + value * (probabilities[i] ?? 0), 0);
  const { cut, other } = aliasTable(probabilities);
  const counts = new Int32Array(buckets.length);
  return {
    draw: (random, n) => {
      counts.fill(0);
      for (let i = 0; i < n; i++) {
        const at = random() * buckets.length;
        const slot = Math.floor(at);
        const drawn = at - slot < (cut[slot] ?? 1) ? slot : (other[slot] ?? slot);
        counts[drawn] = (counts[drawn] ?? 0) + 1;
      }
      const bins: Record<string, number> = {};
      let sum = 0;
      counts.forEach((count, i) => {
        if (count === 0) return;
        bins[buckets[i] ?? 0] = count;
        sum += count * (values[i] ?? 0);
      });
      return { bins, sum };
    },
    mean,
    variance: values.reduce((sum, value, i) => sum + (value - mean) ** 2 * (probabilities[i] ?? 0), 0),
    quantile: (q) => {
      let below = 0;
      const found = buckets.findIndex((_, i) => {
        below += probabilities[i] ?? 0;
        return below >= q - 1e-12;
      });
      return upperEdge(buckets[found] ?? 0);
    },
    above: (value) =>
      probabilities.reduce((sum, p, i) => sum + (upperEdge(buckets[i] ?? 0) > value * (1 + 1e-12) ? p : 0), 0),
  };
};

/** Weights of a lognormal with this median and log-sd on every `grid`-th bucket, moved up by `shift` buckets. */
export const lognormalWeights = (
  median: number,
  sd: number,
  shift = 0,
  grid: number = COARSE,
): ReadonlyMap<number, number> => {
  const middle = bucketOf(median);
  const step = grid * Math.log(1.01);
  const reach = Math.ceil((5 * sd) / step);
  const weights = new Map<number, number>();
  for (let i = -reach; i <= reach; i++) weights.set(middle + shift + grid * i, Math.exp(-0.5 * ((i * step) / sd) ** 2));
  return weights;
};

/** Weights of which each value comes from `b` with probability `share`, else from `a`. */
export const mixWeights = (
  a: ReadonlyMap<number, number>,
  b: ReadonlyMap<number, number>,
  share: number,
): ReadonlyMap<number, number> => {
  const mixed = new Map<number, number>();
  for (const [weights, part] of [
    [a, 1 - share],
    [b, share],
  ] as const) {
    const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
    for (const [bucket, weight] of weights) mixed.set(bucket, (mixed.get(bucket) ?? 0) + (part * weight) / total);
  }
  return mixed;
};

/**
 * The lognormal whose mean is `ratio` times that of lognormalWeights(median, sd), exactly: a mixture of the two shifts
 * that lie around it, so that a scenario can stand exactly at its limit.
 */
export const scaledLognormal = (median: number, sd: number, ratio: number): Distribution => {
  const below = Math.floor(Math.log(ratio) / Math.log(1.01));
  const [low, high] = [lognormalWeights(median, sd, below), lognormalWeights(median, sd, below + 1)];
  const target = ratio * distributionOf(lognormalWeights(median, sd)).mean;
  const [a, b] = [distributionOf(low).mean, distributionOf(high).mean];
  return distributionOf(mixWeights(low, high, Math.min(1, Math.max(0, (target - a) / (b - a)))));
};
