import { pairChangeOf, pairWeightOf } from "../../core/pair-measures.ts";
import type { PairEvidence } from "./pair-evidence.ts";
import { binsOfCell, cellOf, MOST_ALIKE, type SimilarityBins, type SimilarityScale } from "./pair-similarity.ts";

/** Pairs that have the same evidence: all of them are sorted alike, but for how alike their answers are. */
export interface PairGroup extends PairEvidence {
  /** Values the baseline did not have when the pair came. */
  readonly values: readonly string[];
  /** Which judge `judge` is of; empty without one. */
  readonly judgeVersion: string;
  /** Pairs per cell of similarity. */
  readonly cells: ReadonlyMap<number, number>;
  readonly pairs: number;
  /** The three first ids, in their order. */
  readonly examples: readonly string[];
}

/** One pair, as groups count it. */
export interface GroupedPair {
  readonly id: string;
  readonly evidence: PairEvidence;
  readonly values: readonly string[];
  readonly judgeVersion: string;
  readonly bins: SimilarityBins;
}

/** Pairs of one kind in one segment, in bounded memory. */
export interface PairGroups {
  readonly add: (pair: GroupedPair) => void;
  readonly groups: () => Iterable<PairGroup>;
  readonly pairs: () => number;
  /** Pairs per bin of similarity. */
  readonly similarities: (scale: SimilarityScale) => readonly number[];
  /** Pairs with a code, and with any code of a name. */
  readonly codes: ReadonlyMap<string, number>;
  readonly names: ReadonlyMap<string, number>;
}

/** Groups in full detail; then by names of changes; then by the first new value and the facts; then by facts alone. */
const [IN_FULL, BY_NAME, BY_VALUE] = [1024, 1536, 2048] as const;
const MAX_CODES = 4096;
const EXAMPLES = 3;

const nameOf = (code: string): string => pairChangeOf(code) ?? code;

const addTo = (counts: Map<string, number>, key: string): void => {
  if (counts.has(key) || counts.size < MAX_CODES) counts.set(key, (counts.get(key) ?? 0) + 1);
};

const keyOf = ({ evidence, values, judgeVersion }: GroupedPair, codes: readonly string[]): string =>
  [
    ...[Number(evidence.isEqual), evidence.rule, evidence.judge, judgeVersion, evidence.person],
    ...[codes.join("\u0001"), values.join("\u0001")],
  ].join("\u0002");

interface OpenGroup extends PairGroup {
  readonly cells: Map<number, number>;
  pairs: number;
  examples: readonly string[];
}

/** What is left of a pair's changes when there is no room for all: their names, then the facts alone. */
const namesOf = (codes: readonly string[]): readonly string[] => [...new Set(codes.map(nameOf))].sort();

const factsOf = (codes: readonly string[]): readonly string[] =>
  namesOf(codes).filter((code) => pairWeightOf(code) !== "plain");

/** What tells a pair's group apart, where there are so many groups. */
const detailFor = (
  { evidence: { codes }, values }: GroupedPair,
  groups: number,
): Pick<PairGroup, "codes" | "values"> => {
  if (groups < IN_FULL) return { codes, values };
  if (groups < BY_NAME) return { codes: namesOf(codes), values };
  return { codes: factsOf(codes), values: groups < BY_VALUE ? values.slice(0, 1) : [] };
};

/** Groups without pairs. */
export const createPairGroups = (): PairGroups => {
  const groups = new Map<string, OpenGroup>();
  const similarities: Record<SimilarityScale, number[]> = {
    ...{ lexical: Array(MOST_ALIKE + 1).fill(0), semantic: Array(MOST_ALIKE + 1).fill(0) },
  };
  const [codes, names] = [new Map<string, number>(), new Map<string, number>()];
  let pairs = 0;

  const groupOf = (pair: GroupedPair): OpenGroup => {
    const { evidence } = pair;
    const full = keyOf(pair, evidence.codes);
    const known = groups.get(full);
    if (known !== undefined) return known;
    const { codes: kept, values } = detailFor(pair, groups.size);
    const key = keyOf({ ...pair, values }, kept);
    const coarse = groups.get(key);
    if (coarse !== undefined) return coarse;
    const fields = { values, judgeVersion: pair.judgeVersion, cells: new Map(), pairs: 0, examples: [] };
    const created: OpenGroup = { ...evidence, codes: kept, ...fields };
    groups.set(key, created);
    return created;
  };
  const count = (scale: SimilarityScale, bin: number | null): void => {
    if (bin !== null) similarities[scale][bin] = (similarities[scale][bin] ?? 0) + 1;
  };

  return {
    ...{ codes, names },
    add: (pair) => {
      const group = groupOf(pair);
      const cell = cellOf(pair.bins);
      group.cells.set(cell, (group.cells.get(cell) ?? 0) + 1);
      group.pairs += 1;
      if (group.examples.length < EXAMPLES || pair.id < (group.examples.at(-1) ?? ""))
        group.examples = [...new Set([...group.examples, pair.id])].sort().slice(0, EXAMPLES);
      count("lexical", pair.bins.lexical);
      count("semantic", pair.bins.semantic);
      for (const code of pair.evidence.codes) addTo(codes, code);
      for (const name of namesOf(pair.evidence.codes)) addTo(names, name);
      pairs += 1;
    },
    groups: () => groups.values(),
    pairs: () => pairs,
    similarities: (scale) => similarities[scale],
  };
};

/** The cells of a group as similarities, with their pairs. */
export const binsOf = ({ cells }: PairGroup): readonly (readonly [SimilarityBins, number])[] =>
  [...cells].map(([cell, count]) => [binsOfCell(cell), count] as const);
