import type { PairOutcome, PairRow } from "../../core/pair-row.ts";
import { printableLine } from "../../core/printable.ts";
import { shortText } from "../../core/short-text.ts";
import type { ShadowEvidence } from "../../core/verdict.ts";
import { createJudgeRecord, type ReadPair } from "./judge/judge-record.ts";
import type { ClusterOverride } from "./pair-clusters.ts";
import { pairEvidence } from "./pair-evidence.ts";
import type { Coverage, PairReport, SegmentReading } from "./pair-report.ts";
import { similarityBins } from "./pair-similarity.ts";
import { createSegmentCoverage } from "./segment-coverage.ts";
import { createSegmentPairs, type SegmentPairs } from "./segment-pairs.ts";
import { type Correction, readSegment } from "./segment-reading.ts";
import { createSegmentSorter, type SortedPair } from "./sort-pair.ts";
import type { PairClass } from "./triage.ts";

/** A segment that has a limit of its own, and that the gate waits for even while nobody is in it. */
export interface CriticalSegment {
  readonly name: string;
  readonly values: readonly string[];
  /** Highest rate of regressions, 0-1. */
  readonly limit: number;
}

/** What the gate of a shadow stage is to hold. */
export interface PairSettings {
  /** Highest rate of regressions over all and in every segment, 0-1; default 0.03. */
  readonly limit?: number;
  readonly critical?: readonly CriticalSegment[];
  /** Part of the pairs of a segment that may be novel without anybody having looked at them, 0-1; default 0.005. */
  readonly novel?: number;
}

/** A person's words, all that are on record. */
export interface PairOverrides {
  readonly clusters?: readonly ClusterOverride[];
  /** Single pairs: the row itself, as it was folded. */
  readonly pairs?: readonly { readonly row: PairRow; readonly class: PairClass }[];
  /** Pairs that a person read blind after they were folded, chosen at random, in the order in which they were read. */
  readonly labels?: readonly ReadPair[];
}

/** All pairs of a migration, folded as they come: each row once, in any order; memory does not grow with them. */
export interface PairFold {
  readonly add: (row: PairRow) => void;
  /** What they say now. Costs some ms a segment, whatever their number. */
  readonly report: (overrides?: PairOverrides) => PairReport;
  /** Sorts rows that were folded, by what is known now: what each is among all pairs and in its segments. */
  readonly sorter: (clusters?: readonly ClusterOverride[]) => (row: PairRow) => readonly SortedPair[];
  /** Another text whenever what pairs are sorted by has changed much: the floor, the judge. */
  readonly version: () => string;
}

const DEFAULT_LIMIT = 0.03;
const DEFAULT_NOVEL = 0.005;
/** Segments that are looked into, besides critical ones; and characters of a value that tell it apart. */
const MAX_SEGMENTS = 128;
const MAX_CHARS = 128;
/** A segment with less than this part of the pairs holds nothing up. */
const WAITED_SHARE = 0.01;

interface Segment {
  readonly name: string;
  readonly value: string;
  readonly limit: number;
  readonly isCritical: boolean;
  readonly pairs: SegmentPairs;
}

/** How a segment is named to people: on one line, not too long. */
const labelOf = ({ name, value }: Pick<Segment, "name" | "value">): string =>
  name === "" ? "" : printableLine(shortText(`${name}=${value}`, MAX_CHARS));

const WORST: Readonly<Record<ShadowEvidence["outcome"], number>> = { breach: 0, undecided: 1, clear: 2 };

const told = ({ segment, reason }: SegmentReading): string => (segment === "" ? reason : `${segment}: ${reason}`);

const evidenceOf = (segments: readonly SegmentReading[]): ShadowEvidence => {
  const [breach] = segments.filter(({ outcome }) => outcome === "breach");
  if (breach !== undefined) return { outcome: "breach", reason: told(breach) };
  const awaited = segments.filter(({ isWaitedFor }) => isWaitedFor);
  const open = awaited.filter(({ outcome }) => WORST[outcome] < WORST.clear);
  const [first] = open;
  if (first !== undefined) {
    const others = open.length === 1 ? "" : `; and ${open.length - 1} more of ${awaited.length} are undecided`;
    return { outcome: "undecided", reason: told(first) + others };
  }
  const [overall] = segments;
  const others = awaited.length - 1;
  const all = others === 0 ? "" : `; ${others === 1 ? "one segment is" : `${others} segments are`} proven as well`;
  return { outcome: "clear", reason: `${overall === undefined ? "" : overall.reason}${all}` };
};

/** A fold that has seen nothing. */
export const createPairFold = ({
  limit = DEFAULT_LIMIT,
  critical = [],
  novel = DEFAULT_NOVEL,
}: PairSettings = {}): PairFold => {
  const judge = createJudgeRecord();
  const coverage: Record<PairRow["kind"], Partial<Record<PairOutcome, number>>> = { candidate: {}, rerun: {} };
  const covered = createSegmentCoverage();
  const segments = new Map<string, Segment>();
  const untracked = new Set<string>();
  const keyOf = (name: string, value: string): string => JSON.stringify([name, value]);
  const open = (name: string, value: string, own: number | null): Segment => {
    const created = { name, value, limit: own ?? limit, isCritical: own !== null, pairs: createSegmentPairs() };
    segments.set(keyOf(name, value), created);
    return created;
  };
  const overall = open("", "", null);
  for (const { name, values, limit: own } of critical) for (const value of values) open(name, value, own);
  const reserved = segments.size;

  const segmentsOf = (row: PairRow): readonly Segment[] =>
    Object.entries(row.segments).flatMap(([name, given]) => {
      // The nameless one is all pairs.
      if (name === "") return [];
      const value = given.slice(0, MAX_CHARS);
      const key = keyOf(name.slice(0, MAX_CHARS), value);
      const known = segments.get(key);
      if (known !== undefined) return [known];
      if (segments.size - reserved < MAX_SEGMENTS) return [open(name.slice(0, MAX_CHARS), value, null)];
      if (untracked.size < MAX_SEGMENTS * MAX_SEGMENTS) untracked.add(key);
      return [];
    });

  /** Whether a pair looked bad when it came: for what users have in common. */
  const looksBad = (segment: Segment, row: PairRow, evidence: ReturnType<typeof pairEvidence>): boolean => {
    const floor = segment.pairs.floor();
    if (evidence.isEqual || evidence.rule === "better" || evidence.rule === "same") return false;
    if (evidence.hasAgainst || evidence.rule === "worse") return true;
    const { lexical } = similarityBins(row);
    return !evidence.hasFor && (floor.lexical === null || (lexical !== null && lexical < floor.lexical));
  };

  /** A row that was folded, as the groups have it. */
  const foldedPair = (row: PairRow, segment: Segment, version: string): Correction["pair"] => {
    const judgeVersion = row.labels.judge_version ?? "";
    return {
      ...{ evidence: pairEvidence(row, judgeVersion === version), bins: similarityBins(row), judgeVersion },
      values: row.other_values.filter(segment.pairs.values.isNovel),
    };
  };

  const coverageOf = (row: PairRow): void => {
    coverage[row.kind][row.outcome] = (coverage[row.kind][row.outcome] ?? 0) + row.calls;
    if (row.kind === "candidate") covered.add(row);
  };

  return {
    add: (row) => {
      coverageOf(row);
      if (row.outcome !== "paired") return;
      const evidence = pairEvidence(row, judge.add(row));
      for (const segment of [overall, ...segmentsOf(row)])
        segment.pairs.add(
          row,
          evidence,
          evidence.judge === null ? "" : judge.version(),
          looksBad(segment, row, evidence),
        );
    },
    sorter: (overrides = []) => {
      const { fitness, version } = judge.reading([]);
      const made = new Map<Segment, ReturnType<typeof createSegmentSorter>>();
      const sorterOf = (segment: Segment): ReturnType<typeof createSegmentSorter> => {
        const found = made.get(segment);
        if (found !== undefined) return found;
        const { name, value, pairs } = segment;
        const created = createSegmentSorter({
          ...{ label: labelOf(segment), segment: name === "" ? "" : `${name}=${value}`, pairs },
          ...{ overall: overall.pairs, overrides, judge: fitness === "fit" ? version : null },
        });
        made.set(segment, created);
        return created;
      };
      return (row) =>
        [overall, ...segmentsOf(row)].map((segment) => sorterOf(segment)(foldedPair(row, segment, version)));
    },
    version: () => {
      const { fitness, version } = judge.reading([]);
      return JSON.stringify([overall.pairs.version(), fitness, version, overall.pairs.values.atMost() < 0.01]);
    },
    report: ({ clusters = [], pairs = [], labels = [] } = {}) => {
      const reading = judge.reading(labels);
      const total = overall.pairs.pairs.pairs();
      const words = [
        ...pairs.map(({ row, class: own }) => ({ row, class: own, person: null })),
        ...labels.map(({ row, word }) => ({ row, class: null, person: word })),
      ];
      const corrections = (segment: Segment): readonly Correction[] =>
        words
          .filter(({ row }) => row.kind === "candidate" && (segment === overall || segmentsOf(row).includes(segment)))
          .map(({ row, ...word }) => ({ ...word, pair: foldedPair(row, segment, reading.version) }));
      const read = (segment: Segment): SegmentReading =>
        readSegment({
          ...{ segment: labelOf(segment), name: segment.name, value: segment.value, isCritical: segment.isCritical },
          isWaitedFor: segment === overall || segment.isCritical || segment.pairs.pairs.pairs() >= WAITED_SHARE * total,
          ...{
            limit: segment.limit,
            novelLimit: novel,
            pairs: segment.pairs,
            overall: overall.pairs,
            overrides: clusters,
          },
          ...{ corrections: corrections(segment), judge: reading.fitness === "fit" ? reading.version : null },
          comparisons: segments.size,
        });
      const [first, ...others] = [...segments.values()].map(read);
      others.sort((a, b) => Number(b.isCritical) - Number(a.isCritical) || b.pairs - a.pairs);
      const all = first === undefined ? others : [first, ...others];
      return {
        ...{
          evidence: evidenceOf(all),
          segments: all,
          judge: reading.version === "" && reading.pairs === 0 ? null : reading,
        },
        coverage: {
          candidate: coverage.candidate as Coverage,
          rerun: coverage.rerun as Coverage,
          segments: covered.read(coverage.candidate as Coverage),
        },
        untracked: untracked.size,
      };
    },
  };
};
