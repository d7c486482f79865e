import type { PairOutcome } from "../../core/pair-row.ts";
import type { ShadowEvidence } from "../../core/verdict.ts";
import type { JudgeReading } from "./judge/judge-record.ts";
import type { Shift } from "./noise-floor.ts";
import type { PairClass } from "./triage.ts";

/** Pairs per class. */
export type ClassCounts = Readonly<Record<PairClass, number>>;

/** Differences that are alike, in one segment. */
export interface PairCluster {
  /** 12 hex digits: the same for the same differences, in every segment and at every time. */
  readonly id: string;
  /** What differs, as codes of core/pair-measures.ts; `novel:kind:value`; `unlike` for texts that are less alike than reruns. */
  readonly codes: readonly string[];
  readonly pairs: number;
  readonly classes: ClassCounts;
  /** The class most of its pairs have. */
  readonly class: PairClass;
  /** Part of the segment's pairs, with a time-uniform interval of 95% a side; correlated pairs count for less. */
  readonly share: { readonly value: number; readonly lower: number; readonly upper: number };
  /** Ids of three pairs, always the same ones. */
  readonly examples: readonly string[];
}

/** How alike answers are, in bins of two points from 0 to 100. */
export interface SimilarityReading {
  readonly pairs: readonly number[];
  readonly reruns: readonly number[];
  /** Similarity, 0-1, below which a pair differs more than all but 1% of the reruns; null while unknown. */
  readonly floor: number | null;
}

/** What is known of the pairs of one segment. */
export interface SegmentReading {
  /** `name=value`; empty for all pairs. Values come from the app: print them with care. */
  readonly segment: string;
  readonly name: string;
  readonly value: string;
  readonly isCritical: boolean;
  /** False where the gate does not wait for it: next to no pair is in it. */
  readonly isWaitedFor: boolean;
  readonly outcome: ShadowEvidence["outcome"];
  /** What it rests on or takes yet: one line. */
  readonly reason: string;
  readonly limit: number;
  readonly pairs: number;
  readonly classes: ClassCounts;
  /** Pairs nobody decides before a judge or a person has read them; the part that the gate counts of each, 0-1. */
  readonly open: { readonly pairs: number; readonly counted: number; readonly by: "nothing" | "judge" | "labels" };
  /** Pairs of them that a judge and a person have read. */
  readonly read: { readonly judge: number; readonly person: number };
  /** Upper bound of the rate of regressions, beyond what reruns have: the gate's; 0-1. */
  readonly upper: number;
  /** Lower bound of the rate of proven regressions, 0-1. */
  readonly lower: number;
  /** The baseline against itself. */
  readonly reruns: {
    readonly pairs: number;
    readonly classes: ClassCounts;
    readonly floorOf: "segment" | "all" | "nothing";
  };
  /** Part of the pairs that are novel and that nobody accepted, 0-1; how much of it is borne. */
  readonly novel: number;
  readonly novelLimit: number;
  /** A value that the baseline's answers never had is in at most this part of them, 0-1. */
  readonly unseenAtMost: number;
  readonly designEffect: number;
  /** Upper bound without the heaviest user, and that user's part of the pairs; null where nobody is heavy. */
  readonly withoutHeaviest: { readonly part: number; readonly upper: number } | null;
  readonly shift: Shift | null;
  readonly similarity: { readonly lexical: SimilarityReading; readonly semantic: SimilarityReading };
  /** The largest first, at most 20. */
  readonly clusters: readonly PairCluster[];
  /** Pairs of clusters that are not among them. */
  readonly inOtherClusters: number;
}

/** Served calls by what became of them. */
export type Coverage = Readonly<Partial<Record<PairOutcome, number>>>;

/** What became of the served calls of one value of a segment. */
export interface ValueCoverage {
  /** As the app sent it, its first 128 characters; null for those of several. Print it with care. */
  readonly value: string | null;
  readonly calls: number;
  /** Part of them that became pairs, 0-1; null without any. */
  readonly shadowed: number | null;
  readonly coverage: Coverage;
}

/** What became of the calls that were to be asked of the candidate, by the values of one segment. */
export interface SegmentCoverage {
  readonly name: string;
  /** Most calls first, at most 50. */
  readonly values: readonly ValueCoverage[];
  /** Of all other values together. */
  readonly others: ValueCoverage;
  /** Calls that carry no value, or whose app sent too many at a time to tell them apart. */
  readonly unknown: ValueCoverage;
}

/** What all pairs of a migration say. */
export interface PairReport {
  readonly evidence: ShadowEvidence;
  /** All pairs first, then critical segments, then the others by their pairs. */
  readonly segments: readonly SegmentReading[];
  readonly judge: JudgeReading | null;
  readonly coverage: {
    readonly candidate: Coverage;
    readonly rerun: Coverage;
    /** The candidate's, by segment: names in their order, at most 16. */
    readonly segments: readonly SegmentCoverage[];
  };
  /** Segments that are not looked into, because there are too many. */
  readonly untracked: number;
}
