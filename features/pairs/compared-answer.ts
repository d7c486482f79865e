import type { PairNumbers } from "../../core/pair-measures.ts";
import type { Answer } from "../answer.ts";

/** One answer of a pair, and what its call took; null is unknown. */
export interface ComparedAnswer {
  readonly answer: Answer;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /** Time to the whole answer. */
  readonly latencyMs: number | null;
  readonly costUsd: number | null;
}

/** What two answers differ in, in the terms of core/pair-row.ts: numbers, codes, labels and digests; no content. */
export interface AnswerDifference {
  readonly numbers: PairNumbers;
  /** Codes of core/pair-measures.ts, sorted, at most 64: facts are kept before plain differences. */
  readonly changed: readonly string[];
  /** What each answer is like, as `kind:value`, sorted, at most 128: key paths are dropped first. */
  readonly servedValues: readonly string[];
  readonly otherValues: readonly string[];
}
