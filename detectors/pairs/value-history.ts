import { type PairValueKind, pairValueKindOf } from "../../core/pair-measures.ts";
import { propLower } from "../stats/one-sample.ts";

/** Answers of the baseline below which nothing is novel: what it has once in a hundred would have been seen, at 95%. */
export const MIN_ANSWERS = 300;
/** A value that n answers never had is in fewer than 3/n of them, at 95% (the rule of three). */
const THREE = 3;

/** Values that are kept: of the baseline's, and of the candidate's that the baseline never had. */
const MAX_VALUES = 2048;
/** Values of one answer that can make it novel. */
const MAX_OF_ONE = 4;

/** A kind of which more than this part of the baseline's own answers brings a new value has no end: names, numbers as keys. */
const OPEN_SHARE = 0.01;
const OPEN_ANSWERS = 3;

/** Which kinds are told first, where an answer has more new values than are kept. */
const ORDER: Readonly<Record<PairValueKind, number>> = {
  ...{ tool: 0, refusal: 1, finish: 2, language: 3, format: 4, length: 5, key: 6 },
};
const orderOf = (value: string): number => ORDER[pairValueKindOf(value) ?? "key"];

/** What the baseline's answers were like so far, and what the candidate's are that those never were. */
export interface ValueHistory {
  /** Takes in an answer of the baseline. */
  readonly addBaseline: (values: readonly string[]) => void;
  /** Takes in an answer of the candidate: its values that the baseline did not have so far, at most 4, sorted. */
  readonly addCandidate: (values: readonly string[]) => readonly string[];
  /** True once the baseline has answered often enough, and never so. */
  readonly isNovel: (value: string) => boolean;
  /** Part of the baseline's answers, 0-1, that a value it never had is in at most, at 95%; 1 while nothing is known. */
  readonly atMost: () => number;
  readonly answers: () => number;
}

const lengthOf = (value: string): number => Number(value.slice("length:".length));

/** A history without answers. Memory is bounded; beyond 2048 values of the baseline none of them is novel any more. */
export const createValueHistory = (): ValueHistory => {
  const seen = new Set<string>();
  const unseen = new Map<string, number>();
  const bringsNew = new Map<PairValueKind, number>();
  let [answers, later, candidates] = [0, 0, 0];
  let [shortest, longest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

  const isNew = (value: string): boolean => {
    if (seen.has(value)) return false;
    const kind = pairValueKindOf(value);
    if (kind === null) return false;
    // Between the shortest and the longest answer no length is beyond its range.
    return kind !== "length" || lengthOf(value) < shortest || lengthOf(value) > longest;
  };
  const learn = (value: string): void => {
    if (seen.has(value)) return;
    if (seen.size < MAX_VALUES) seen.add(value);
    unseen.delete(value);
    if (pairValueKindOf(value) !== "length") return;
    shortest = Math.min(shortest, lengthOf(value));
    longest = Math.max(longest, lengthOf(value));
  };
  const isOpen = (kind: PairValueKind): boolean => {
    const count = bringsNew.get(kind) ?? 0;
    return count >= OPEN_ANSWERS && count > OPEN_SHARE * later;
  };
  /** Of a kind without end only what the candidate has more often than the baseline can. */
  const isFrequent = (value: string): boolean => propLower(unseen.get(value) ?? 0, candidates, 0.05) > THREE / answers;

  return {
    addBaseline: (values) => {
      if (answers >= MIN_ANSWERS) {
        later += 1;
        const kinds = new Set(values.filter(isNew).flatMap((value) => pairValueKindOf(value) ?? []));
        for (const kind of kinds) bringsNew.set(kind, (bringsNew.get(kind) ?? 0) + 1);
      }
      answers += 1;
      for (const value of values) learn(value);
    },
    addCandidate: (values) => {
      candidates += 1;
      const fresh = values.filter(isNew);
      for (const value of fresh)
        if (unseen.has(value) || unseen.size < MAX_VALUES) unseen.set(value, (unseen.get(value) ?? 0) + 1);
      return fresh
        .sort((a, b) => orderOf(a) - orderOf(b) || (a < b ? -1 : 1))
        .slice(0, MAX_OF_ONE)
        .sort();
    },
    isNovel: (value) => {
      const kind = pairValueKindOf(value);
      if (kind === null || answers < MIN_ANSWERS || seen.size >= MAX_VALUES || !isNew(value)) return false;
      return !isOpen(kind) || isFrequent(value);
    },
    atMost: () => (answers === 0 ? 1 : Math.min(1, THREE / answers)),
    answers: () => answers,
  };
};
