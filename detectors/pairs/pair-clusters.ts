import { rateInterval } from "../stats/one-sample.ts";
import type { PairCluster } from "./pair-report.ts";
import { PAIR_CLASSES, type PairClass } from "./triage.ts";

/** What a person said of all pairs of a cluster. */
export interface ClusterOverride {
  readonly cluster: string;
  /** `name=value`; empty = wherever it is met. */
  readonly segment: string;
  readonly class: PairClass;
}

const LISTED = 20;
const MAX_CODES = 16;
const EXAMPLES = 3;
const ALPHA = 0.05;

/** Two FNV-1a hashes with different starts, as 12 hex digits. */
export const clusterId = (signature: readonly string[]): string => {
  const text = signature.join("\n");
  let [low, high] = [0x811c9dc5, 0x1234567f];
  for (let at = 0; at < text.length; at += 1) {
    low = Math.imul(low ^ text.charCodeAt(at), 0x01000193);
    high = Math.imul(high ^ text.charCodeAt(at), 0x85ebca6b);
    high ^= high >>> 15;
  }
  const hex = (bits: number): string => (bits >>> 0).toString(16).padStart(8, "0");
  return (hex(high) + hex(low)).slice(2, 14);
};

interface OpenCluster {
  readonly codes: readonly string[];
  readonly classes: Record<PairClass, number>;
  pairs: number;
  examples: readonly string[];
}

/** Clusters of a segment, as its groups are read. */
export interface Clusters {
  /** `examples` are ids, in their order. Pairs without a signature are in none. */
  readonly add: (signature: readonly string[], found: PairClass, count: number, examples: readonly string[]) => void;
  /** The 20 largest, and the pairs of all others. */
  readonly read: () => { readonly listed: readonly PairCluster[]; readonly others: number };
}

/** Clusters of `pairs` pairs that count for 1 / `designEffect` each. */
export const createClusters = (pairs: number, designEffect: number): Clusters => {
  const clusters = new Map<string, OpenCluster>();
  const ids = new WeakMap<readonly string[], string>();
  const idOf = (signature: readonly string[]): string => {
    const id = ids.get(signature) ?? clusterId(signature);
    ids.set(signature, id);
    return id;
  };
  const finished = (id: string, { codes, classes, pairs: count, examples }: OpenCluster): PairCluster => {
    const interval = rateInterval(count / designEffect, pairs / designEffect, ALPHA) ?? { lower: 0, upper: 1 };
    const most = PAIR_CLASSES.reduce(
      (best, each) => (classes[each] > classes[best] ? each : best),
      PAIR_CLASSES[0] ?? "neutral",
    );
    const share = { value: count / pairs, ...interval };
    return { id, codes: codes.slice(0, MAX_CODES), pairs: count, classes, class: most, share, examples };
  };
  return {
    add: (signature, found, count, examples) => {
      if (signature.length === 0) return;
      const id = idOf(signature);
      const known = clusters.get(id) ?? { codes: signature, classes: emptyClasses(), pairs: 0, examples: [] };
      clusters.set(id, known);
      known.classes[found] += count;
      known.pairs += count;
      if (examples.every((each) => known.examples.includes(each))) return;
      known.examples = [...new Set([...known.examples, ...examples])].sort().slice(0, EXAMPLES);
    },
    read: () => {
      const sorted = [...clusters].sort(([a, x], [b, y]) => y.pairs - x.pairs || (a < b ? -1 : 1));
      return {
        listed: sorted.slice(0, LISTED).map(([id, cluster]) => finished(id, cluster)),
        others: sorted.slice(LISTED).reduce((sum, [, { pairs: count }]) => sum + count, 0),
      };
    },
  };
};

const emptyClasses = (): Record<PairClass, number> =>
  Object.fromEntries(PAIR_CLASSES.map((each) => [each, 0])) as Record<PairClass, number>;
