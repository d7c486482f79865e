import { unreachable } from "../../core/exhaustive.ts";
import type { PreferenceWord } from "../../core/pair-measures.ts";
import type { PairRow } from "../../core/pair-row.ts";
import { type ClusterBuckets, createClusterBuckets } from "./cluster-buckets.ts";
import type { Label } from "./judge/corrected-rate.ts";
import { MIN_RERUNS, type NoiseFloor, noiseFloor } from "./noise-floor.ts";
import type { PairEvidence } from "./pair-evidence.ts";
import { createPairGroups, type GroupedPair, type PairGroups } from "./pair-groups.ts";
import { similarityBins } from "./pair-similarity.ts";
import { createValueHistory, type ValueHistory } from "./value-history.ts";

/** Reruns are counted anew into the floor when there are a quarter more. */
const GROWTH = 1.25;
/** Pairs of which a person's word is kept; people read hundreds. */
const MAX_LABELS = 5000;

/** A pair that a person read. */
export interface LabelledPair extends GroupedPair {
  readonly truth: Label["truth"];
}

/** What a person's preference says of the candidate's answer: 1 = worse. */
export const truthOf = (person: PreferenceWord): Label["truth"] => (person === "prefers-baseline" ? 1 : 0);

/** What is known of the pairs of one segment. */
export interface SegmentPairs {
  readonly add: (row: PairRow, evidence: PairEvidence, judgeVersion: string, isBad: boolean) => void;
  readonly pairs: PairGroups;
  readonly reruns: PairGroups;
  readonly values: ValueHistory;
  readonly buckets: ClusterBuckets;
  readonly labels: () => readonly LabelledPair[];
  /** The floor by the reruns of the last time they were counted. */
  readonly floor: () => NoiseFloor;
  /** How many floors there were: each of them could have been the one a bound is read at. 0 = none yet. */
  readonly version: () => number;
}

const floorOf = (reruns: PairGroups): NoiseFloor =>
  noiseFloor({
    n: reruns.pairs(),
    similarities: { lexical: [...reruns.similarities("lexical")], semantic: [...reruns.similarities("semantic")] },
    names: new Map(reruns.names),
    codes: new Map(reruns.codes),
  });

/** A segment without pairs. Memory is bounded, whatever comes. */
export const createSegmentPairs = (): SegmentPairs => {
  const [pairs, reruns] = [createPairGroups(), createPairGroups()];
  const [values, buckets] = [createValueHistory(), createClusterBuckets()];
  const labels: LabelledPair[] = [];
  let [next, version] = [MIN_RERUNS, 0];
  let floor = floorOf(reruns);

  const addRerun = (pair: GroupedPair, row: PairRow): void => {
    values.addBaseline(row.served_values);
    values.addBaseline(row.other_values);
    reruns.add({ ...pair, values: [] });
    if (reruns.pairs() < next) return;
    floor = floorOf(reruns);
    next = Math.ceil(next * GROWTH);
    version += 1;
  };
  const addPair = (pair: GroupedPair, row: PairRow, isBad: boolean): void => {
    values.addBaseline(row.served_values);
    const fresh = { ...pair, values: values.addCandidate(row.other_values) };
    pairs.add(fresh);
    buckets.add(row.cluster, row.id, isBad);
    const { person } = pair.evidence;
    if (person !== null && labels.length < MAX_LABELS) labels.push({ ...fresh, truth: truthOf(person) });
  };

  return {
    ...{ pairs, reruns, values, buckets, labels: () => labels, floor: () => floor, version: () => version },
    add: (row, evidence, judgeVersion, isBad) => {
      const pair = { id: row.id, evidence, values: [], judgeVersion, bins: similarityBins(row) };
      switch (row.kind) {
        case "rerun":
          return addRerun(pair, row);
        case "candidate":
          return addPair(pair, row, isBad);
        default:
          return unreachable(row.kind);
      }
    },
  };
};
