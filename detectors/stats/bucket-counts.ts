import { ZERO_BUCKET } from "../../core/histogram.ts";
import type { Histogram } from "./quantile.ts";

const FIRST_ROOM = 256;

/** Counts per logarithmic bucket that grow with every tick and are asked for a quantile after every tick. */
export interface BucketCounts {
  readonly add: (histogram: Histogram) => void;
  readonly clear: () => void;
  /** Bucket that holds the q-quantile, as quantileBucket() finds it; null for no data. */
  readonly quantile: (q: number) => number | null;
  /** The counts so far. */
  readonly histogram: () => Histogram;
}

/** Counts in an array over the range of buckets seen: nothing is sorted, and a quantile is one pass. */
export const createBucketCounts = (): BucketCounts => {
  let counts = new Float64Array(FIRST_ROOM);
  // Index of the bucket in counts[0]; the room is placed around the first bucket that comes.
  let [first, zero, total] = [Number.NaN, 0, 0];

  const makeRoom = (bucket: number): void => {
    if (Number.isNaN(first)) first = bucket - FIRST_ROOM / 2;
    const [low, high] = [Math.min(first, bucket), Math.max(first + counts.length, bucket + 1)];
    if (high - low === counts.length) return;
    const room = new Float64Array(2 * (high - low));
    const start = low - Math.floor((high - low) / 2);
    room.set(counts, first - start);
    [counts, first] = [room, start];
  };
  const addOne = (bucket: number, count: number): void => {
    total += count;
    if (bucket === ZERO_BUCKET) {
      zero += count;
      return;
    }
    if (!(bucket >= first && bucket < first + counts.length)) makeRoom(bucket);
    counts[bucket - first] = (counts[bucket - first] ?? 0) + count;
  };

  return {
    add: (histogram) => {
      for (const [bucket, count] of histogram) addOne(bucket, count);
    },
    clear: () => {
      counts.fill(0);
      [zero, total] = [0, 0];
    },
    quantile: (q) => {
      let below = zero;
      if (below > 0 && below >= q * total) return ZERO_BUCKET;
      for (let i = 0; i < counts.length; i++) {
        below += counts[i] ?? 0;
        if (below > 0 && below >= q * total) return first + i;
      }
      return null;
    },
    histogram: () => {
      const seen = new Map<number, number>(zero > 0 ? [[ZERO_BUCKET, zero]] : []);
      counts.forEach((count, i) => {
        if (count > 0) seen.set(first + i, count);
      });
      return seen;
    },
  };
};
