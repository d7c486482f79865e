/** Growth of the logarithmic buckets: each is 1% wider than the one below. */
export const BUCKET_GROWTH = 1.01;

/** Bucket of values at or below zero; far below every bucket that a positive number can reach. */
export const ZERO_BUCKET = -100_000;

const LOG_GROWTH = Math.log(BUCKET_GROWTH);

/**
 * Index of the logarithmic bucket that holds `value`: bucket i covers [1.01^i, 1.01^(i+1)). Values at or below zero
 * share ZERO_BUCKET. The store computes the same index in SQL: `floor(log(x) / log(1.01))`.
 */
export const bucketOf = (value: number): number => (value > 0 ? Math.floor(Math.log(value) / LOG_GROWTH) : ZERO_BUCKET);

/** Lower edge of bucket `index`, in the unit of the signal. */
export const lowerEdge = (index: number): number => (index === ZERO_BUCKET ? 0 : BUCKET_GROWTH ** index);

/** Upper edge of bucket `index`, in the unit of the signal. */
export const upperEdge = (index: number): number => (index === ZERO_BUCKET ? 0 : BUCKET_GROWTH ** (index + 1));

/** The value that stands for a bucket in a mean: the geometric middle of its edges. */
export const bucketValue = (index: number): number => (index === ZERO_BUCKET ? 0 : BUCKET_GROWTH ** (index + 0.5));
