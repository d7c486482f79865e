import type { JudgeWord, PreferenceWord } from "../../core/pair-measures.ts";
import { type Classifier, createClassifier } from "./classifier.ts";
import { type GateCounts, gateBound } from "./gate-bound.ts";
import { MIN_RERUNS } from "./noise-floor.ts";
import { type ClusterOverride, clusterId, createClusters } from "./pair-clusters.ts";
import { binsOf, type PairGroup } from "./pair-groups.ts";
import type { ClassCounts, SegmentReading, SimilarityReading } from "./pair-report.ts";
import { MOST_ALIKE, type SimilarityScale } from "./pair-similarity.ts";
import { outcomeOf, reasonOf } from "./segment-outcome.ts";
import { type LabelledPair, type SegmentPairs, truthOf } from "./segment-pairs.ts";
import { PAIR_CLASSES, type PairClass } from "./triage.ts";

/** A segment to be read, and by what. */
export interface ReadSegment {
  readonly segment: string;
  readonly name: string;
  readonly value: string;
  readonly isCritical: boolean;
  readonly isWaitedFor: boolean;
  readonly limit: number;
  readonly novelLimit: number;
  readonly pairs: SegmentPairs;
  readonly overall: SegmentPairs;
  /** A person's word on clusters. */
  readonly overrides: readonly ClusterOverride[];
  /** A person's word on single pairs, which are read once more. */
  readonly corrections: readonly Correction[];
  /** The judge that may speak; null where none may. */
  readonly judge: string | null;
  /** Segments that a breach may be found in. */
  readonly comparisons: number;
}

/** What a person said of a pair that was folded before, as groups have it. */
export interface Correction {
  readonly pair: Parameters<Classifier["sort"]>[0] & { readonly judgeVersion: string };
  /** Its class, whatever the rules say; null where they are asked. */
  readonly class: PairClass | null;
  /** What the person preferred who read both answers blind; null of one who did not. */
  readonly person: PreferenceWord | null;
}

/** What is counted over the groups of a segment. */
interface Tally {
  readonly classes: Record<PairClass, number>;
  regressions: number;
  open: number;
  readonly judged: { worse: number; inconsistent: number; all: number };
}

const createTally = (): Tally => ({
  classes: Object.fromEntries(PAIR_CLASSES.map((each) => [each, 0])) as Record<PairClass, number>,
  ...{ regressions: 0, open: 0, judged: { worse: 0, inconsistent: 0, all: 0 } },
});

type Counted = Correction["pair"];

/** Reads the groups of one segment: what each pair is, and what the gate makes of it. */
const createReader = (segment: ReadSegment, classifier: Classifier) => {
  const overrideOf = (pair: Counted): PairClass | null => {
    if (segment.overrides.length === 0) return null;
    const id = clusterId(classifier.signature(pair));
    const found = segment.overrides.filter((each) => each.cluster === id);
    return (
      (found.find((each) => each.segment === segment.segment) ?? found.find((each) => each.segment === ""))?.class ??
      null
    );
  };
  const isHeard = (pair: Counted): boolean => segment.judge !== null && pair.judgeVersion === segment.judge;
  const isOpen = (pair: Counted): boolean => classifier.unread(pair, overrideOf(pair)).class === "undecided";
  const add = (tally: Tally, pair: Counted, count: number, own: PairClass | null = null): PairClass => {
    const override = own ?? overrideOf(pair);
    const heard = isHeard(pair);
    const { class: found } = classifier.sort(pair, heard, override);
    tally.classes[found] += count;
    if (classifier.unread(pair, override).class !== "undecided") {
      if (found === "regression") tally.regressions += count;
      return found;
    }
    tally.open += count;
    if (!heard || pair.evidence.judge === null) return found;
    tally.judged.all += count;
    if (pair.evidence.judge === "prefers-baseline") tally.judged.worse += count;
    if (pair.evidence.judge === "inconsistent") tally.judged.inconsistent += count;
    return found;
  };
  return { add, isOpen, isHeard };
};

const ofGroup = (group: PairGroup, bins: Counted["bins"]): Counted => ({
  ...{ evidence: group, values: group.values, judgeVersion: group.judgeVersion, bins },
});

const labelOf = ({ pair, person }: Correction): readonly (Counted & Pick<LabelledPair, "truth">)[] =>
  person === null ? [] : [{ ...pair, truth: truthOf(person) }];

/** What the correction takes a judge to say: 1 = worse. */
const JUDGED: Readonly<Record<JudgeWord, number>> = {
  "prefers-baseline": 1,
  "prefers-candidate": 0,
  tie: 0,
  inconsistent: 0.5,
};

const withoutHeaviest = (
  counts: GateCounts,
  heavy: { readonly pairs: number; readonly bad: number } | null,
  comparisons: number,
) => {
  if (heavy === null) return null;
  const rest = { ...counts, pairs: counts.pairs * (1 - heavy.pairs) };
  const least = (n: number): number => Math.min(rest.pairs, n * (1 - heavy.bad));
  const bound = gateBound({ ...rest, regressions: least(counts.regressions), open: least(counts.open) }, comparisons);
  return { part: heavy.pairs, upper: bound.upper };
};

const similarityOf = (
  { pairs, reruns }: SegmentPairs,
  classifier: Classifier,
  scale: SimilarityScale,
): SimilarityReading => {
  const floor = classifier.floor[scale];
  const counts = { pairs: [...pairs.similarities(scale)], reruns: [...reruns.similarities(scale)] };
  return { ...counts, floor: floor === null ? null : floor / MOST_ALIKE };
};

/** What is known of the pairs of one segment, and what the gate says of it. */
export const readSegment = (segment: ReadSegment): SegmentReading => {
  const { pairs: state, overall, limit, novelLimit, comparisons } = segment;
  const classifier = createClassifier(state, overall);
  const reader = createReader(segment, classifier);
  const [tally, rerunTally] = [createTally(), createTally()];
  const pairs = state.pairs.pairs();
  const designEffect = state.buckets.designEffect();
  const clusters = createClusters(pairs, designEffect);
  for (const group of state.pairs.groups())
    for (const [bins, count] of binsOf(group)) {
      const pair = ofGroup(group, bins);
      const found = reader.add(tally, pair, count);
      clusters.add(classifier.signature(pair), found, count, group.examples);
    }
  for (const { pair, class: own, person } of segment.corrections) {
    reader.add(tally, pair, -1);
    reader.add(tally, { ...pair, evidence: { ...pair.evidence, person: person ?? pair.evidence.person } }, 1, own);
  }
  for (const group of state.reruns.groups())
    for (const [bins, count] of binsOf(group)) reader.add(rerunTally, ofGroup(group, bins), count);
  const read = [...state.labels(), ...segment.corrections.flatMap(labelOf)].filter((each) => reader.isOpen(each));
  const labels = read.map(({ truth, evidence, ...rest }) => ({
    truth,
    judged: evidence.judge !== null && reader.isHeard({ ...rest, evidence }) ? JUDGED[evidence.judge] : null,
  }));
  const reruns = state.reruns.pairs();
  const counts: GateCounts = {
    ...{ pairs, regressions: tally.regressions, open: tally.open, judged: tally.judged, labels, designEffect },
    reruns: { pairs: reruns, regressions: rerunTally.regressions, open: rerunTally.open },
    version: Math.max(1, state.version(), overall.version()),
  };
  const bound = gateBound(counts, comparisons);
  const heavy = withoutHeaviest(counts, state.buckets.heaviest(), comparisons);
  const upper = Math.max(bound.upper, heavy?.upper ?? 0);
  const novel = pairs === 0 ? 0 : tally.classes.novel / pairs;
  const { listed, others } = clusters.read();
  const reading: Omit<SegmentReading, "outcome" | "reason"> = {
    ...{ segment: segment.segment, name: segment.name, value: segment.value },
    ...{
      isCritical: segment.isCritical,
      isWaitedFor: segment.isWaitedFor,
      limit,
      novelLimit,
      pairs,
      classes: tally.classes,
    },
    open: { pairs: tally.open, ...bound.open },
    read: { judge: tally.judged.all, person: labels.length },
    ...{ upper, lower: bound.lower, novel, unseenAtMost: state.values.atMost(), designEffect },
    reruns: {
      ...{ pairs: reruns, classes: rerunTally.classes as ClassCounts },
      floorOf:
        state.floor().reruns >= MIN_RERUNS ? "segment" : overall.floor().reruns >= MIN_RERUNS ? "all" : "nothing",
    },
    ...{ withoutHeaviest: heavy, shift: classifier.shift, clusters: listed, inOtherClusters: others },
    similarity: {
      lexical: similarityOf(state, classifier, "lexical"),
      semantic: similarityOf(state, classifier, "semantic"),
    },
  };
  const rerunRate = reruns === 0 ? 0 : rerunTally.regressions / reruns;
  const outcome = outcomeOf({ limit, pairs, novel, novelLimit, upper, lower: bound.lower }, rerunRate);
  return { ...reading, outcome, reason: reasonOf(outcome, reading) };
};
