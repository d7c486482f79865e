import { type BucketSums, designEffect } from "../stats/cluster-effect.ts";

const BUCKETS = 256;
/** Part of the pairs from which on one bucket is that of a heavy user. */
const HEAVY_SHARE = 0.1;
/** Design effect while nothing is known, and how alike the pairs of one user are taken to be then (intraclass correlation). */
const UNKNOWN_EFFECT = 2;
const UNKNOWN_LIKENESS = 0.02;

/** FNV-1a over code units. */
const bucketOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash ^ (hash >>> 15)) & (BUCKETS - 1);
};

/** Part of the pairs, and of the bad ones among them, that the heaviest user has; 0-1. */
export interface HeavyPart {
  readonly pairs: number;
  readonly bad: number;
}

/** Pairs of a segment by whom they are of. */
export interface ClusterBuckets {
  /** `isBad` as the pair looked when it came; `cluster` empty = unknown: the pair stands for itself. */
  readonly add: (cluster: string, id: string, isBad: boolean) => void;
  /** Every pair counts for 1 / this many; 1 and up. */
  readonly designEffect: () => number;
  /** The heaviest bucket, where it has a tenth of the pairs; null without. */
  readonly heaviest: () => HeavyPart | null;
}

/** Buckets without pairs. The effect is unknown before 1000 pairs and 30 bad ones; then users are taken to be alike a little. */
export const createClusterBuckets = (): ClusterBuckets => {
  const [pairs, bad] = [new Float64Array(BUCKETS), new Float64Array(BUCKETS)];
  let [n, badPairs] = [0, 0];
  const assumed = (): number => {
    const size = pairs.reduce((sum, each) => sum + each * each, 0) / Math.max(1, n);
    return Math.max(UNKNOWN_EFFECT, 1 + UNKNOWN_LIKENESS * Math.max(0, size - 1 - n / BUCKETS));
  };
  return {
    add: (cluster, id, isBad) => {
      const bucket = bucketOf(cluster === "" ? id : cluster);
      pairs[bucket] = (pairs[bucket] ?? 0) + 1;
      bad[bucket] = (bad[bucket] ?? 0) + Number(isBad);
      n += 1;
      badPairs += Number(isBad);
    },
    designEffect: () => {
      const sums: BucketSums[] = [...pairs].map((each, at) => ({ n: each, sum: bad[at] ?? 0, squares: bad[at] ?? 0 }));
      return designEffect(sums, true) ?? assumed();
    },
    heaviest: () => {
      const most = pairs.reduce((best, each, at) => (each > (pairs[best] ?? 0) ? at : best), 0);
      const share = (pairs[most] ?? 0) / Math.max(1, n);
      return share < HEAVY_SHARE || n === 0
        ? null
        : { pairs: share, bad: badPairs > 0 ? (bad[most] ?? 0) / badPairs : share };
    },
  };
};
