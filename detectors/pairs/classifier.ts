import { pairWeightOf } from "../../core/pair-measures.ts";
import { propLogE } from "../stats/one-sample.ts";
import { isBelowFloor, MIN_RERUNS, type NoiseFloor, type Shift, shiftOf } from "./noise-floor.ts";
import type { PairEvidence } from "./pair-evidence.ts";
import type { GroupedPair } from "./pair-groups.ts";
import type { SegmentPairs } from "./segment-pairs.ts";
import { type PairClass, type Triaged, triage } from "./triage.ts";

/** Level at which a change is said to be more frequent than among reruns. */
const MORE_ALPHA = 0.05;

/** How the pairs of one segment are sorted, by all that is known now. */
export interface Classifier {
  /** What differs beyond what the baseline's own reruns differ in, and the values it never had: what clusters are made of. */
  readonly signature: (pair: SortedPair) => readonly string[];
  /** The class. `judge`: whether a judge may speak. `override`: a person's word on it. */
  readonly sort: (pair: SortedPair, judge: boolean, override: PairClass | null) => Triaged;
  /** The same by its evidence alone: as if neither a judge nor a person had read it. */
  readonly unread: (pair: SortedPair, override: PairClass | null) => Triaged;
  readonly shift: Shift | null;
  readonly floor: NoiseFloor;
}

/** What of a pair, or of a group of them, says how it is sorted. */
export type SortedPair = Pick<GroupedPair, "evidence" | "values" | "bins">;

/** Stands in a signature for texts that are less alike than reruns. */
export const UNLIKE = "unlike";
const UNLIKE_ALONE: readonly string[] = [UNLIKE];

/** What a group of pairs has, by all that is known of others. */
interface Traits {
  readonly isSalient: boolean;
  readonly isNovel: boolean;
  readonly parts: readonly string[];
}

/** Whether the rate of `count` in `n` is proven to be above `limit`: what propLower would say, by one look instead of a hundred. */
const isProvenAbove = (count: number, n: number, limit: number): boolean =>
  count > limit * n && limit < 1 && propLogE(count, n, limit, 1) >= -Math.log(MORE_ALPHA);

/** A judge or a person counts for nothing. */
const unreadEvidence = (evidence: PairEvidence): PairEvidence => ({ ...evidence, judge: null, person: null });

/**
 * The shift of the scale by which pairs are read, and the floor. A shift of meaning raises it; other words alone are what
 * another model has, and are told.
 */
const raisedBy = (segment: SegmentPairs, overall: SegmentPairs, floor: NoiseFloor) => {
  const source = segment.floor().reruns >= MIN_RERUNS ? segment : overall;
  const scale = floor.semantic === null ? "lexical" : "semantic";
  const shift = shiftOf(segment.pairs.similarities(scale), source.reruns.similarities(scale));
  const isRaised = shift !== null && floor.semantic !== null;
  return { shift, raised: isRaised ? { ...floor, semantic: Math.max(floor.semantic, shift.bin + 1) } : floor };
};

/** How the pairs of `segment` are sorted; by the reruns of all where it has too few of its own. */
export const createClassifier = (segment: SegmentPairs, overall: SegmentPairs): Classifier => {
  const floor = segment.floor().reruns >= MIN_RERUNS ? segment.floor() : overall.floor();
  const { shift, raised } = raisedBy(segment, overall, floor);
  const n = segment.pairs.pairs();
  const known = new Map<string, boolean>();
  const isSalientPlain = (code: string): boolean =>
    !floor.isNoise(code) || isProvenAbove(segment.pairs.codes.get(code) ?? 0, n, floor.atMost(code));
  const isSalient = (code: string): boolean => {
    const found = known.get(code) ?? (pairWeightOf(code) !== "plain" || isSalientPlain(code));
    known.set(code, found);
    return found;
  };
  const traits = new WeakMap<PairEvidence, Traits>();
  // The cells of a group share its evidence.
  const traitsOf = ({ evidence, values }: SortedPair): Traits => {
    const found = traits.get(evidence);
    if (found !== undefined) return found;
    const [salient, novel] = [evidence.codes.filter(isSalient), values.filter(segment.values.isNovel)];
    const parts = [...salient, ...novel.map((value) => `novel:${value}`)].sort();
    const created = { isSalient: salient.length > 0, isNovel: novel.length > 0, parts };
    traits.set(evidence, created);
    return created;
  };
  const isBeyond = (pair: SortedPair): boolean | null => {
    if (floor.reruns < MIN_RERUNS) return null;
    return traitsOf(pair).isSalient ? true : isBelowFloor(pair.bins, raised);
  };
  const sort = (pair: SortedPair, evidence: PairEvidence, judgeIsFit: boolean, override: PairClass | null): Triaged => {
    const { isNovel } = traitsOf(pair);
    return triage({ ...evidence, ...{ override, judgeIsFit, isNovel, isBeyondFloor: isBeyond(pair) } });
  };
  return {
    ...{ shift, floor },
    signature: (pair) => {
      const { parts } = traitsOf(pair);
      return parts.length > 0 || pair.evidence.isEqual || isBeyond(pair) === false ? parts : UNLIKE_ALONE;
    },
    sort: (pair, judge, override) => sort(pair, pair.evidence, judge, override),
    unread: (pair, override) => sort(pair, unreadEvidence(pair.evidence), false, override),
  };
};
