import { createClassifier } from "./classifier.ts";
import { type ClusterOverride, clusterId } from "./pair-clusters.ts";
import type { SegmentPairs } from "./segment-pairs.ts";
import type { Correction } from "./segment-reading.ts";
import type { Triaged } from "./triage.ts";

/** What one pair is in one segment. */
export interface SortedPair extends Triaged {
  /** `name=value` as the app sent them, each its first 128 characters; empty for all pairs. */
  readonly segment: string;
  /** Id of its cluster, 12 hex digits; empty where nothing differs beyond the baseline's own reruns. */
  readonly cluster: string;
}

/** What sorts pairs of one segment, by all that is known when it is made. */
export interface SegmentSorter {
  /** How the segment is named in a person's word. */
  readonly label: string;
  readonly segment: string;
  readonly pairs: SegmentPairs;
  readonly overall: SegmentPairs;
  readonly overrides: readonly ClusterOverride[];
  /** The judge that may speak; null where none may. */
  readonly judge: string | null;
}

/** Sorts pairs of a segment as its report does. Costs some ms to make, microseconds a pair. */
export const createSegmentSorter = ({ label, segment, pairs, overall, overrides, judge }: SegmentSorter) => {
  const classifier = createClassifier(pairs, overall);
  const overrideOf = (cluster: string) => {
    const found = overrides.filter((each) => each.cluster === cluster);
    return (found.find((each) => each.segment === label) ?? found.find((each) => each.segment === ""))?.class ?? null;
  };
  return (pair: Correction["pair"]): SortedPair => {
    const signature = classifier.signature(pair);
    const id = clusterId(signature);
    const isHeard = judge !== null && pair.judgeVersion === judge;
    return {
      ...{ segment, cluster: signature.length === 0 ? "" : id },
      ...classifier.sort(pair, isHeard, overrideOf(id)),
    };
  };
};
