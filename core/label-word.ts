import { membersOf } from "./exhaustive.ts";
import type { PreferenceWord } from "./pair-measures.ts";

/** What a person who read both answers blind can say: a preference, that nobody can tell, or nothing. */
export type LabelWord = PreferenceWord | "unsure" | "skipped";

/** What is said of two answers while nobody knows which is whose. */
export type BlindWord = "a" | "b" | "same" | "unsure" | "skipped";

/** Every blind word. */
export const BLIND_WORDS: readonly BlindWord[] = membersOf<BlindWord>({
  ...{ a: true, b: true, same: true, unsure: true, skipped: true },
});

/** True when `value` is a blind word. */
export const isBlindWord = (value: unknown): value is BlindWord => BLIND_WORDS.some((word) => word === value);

/** What each blind word means where A was the candidate's answer, and where it was the baseline's. */
const MEANINGS: Readonly<Record<BlindWord, readonly [candidateFirst: LabelWord, baselineFirst: LabelWord]>> = {
  a: ["prefers-candidate", "prefers-baseline"],
  b: ["prefers-baseline", "prefers-candidate"],
  same: ["tie", "tie"],
  unsure: ["unsure", "unsure"],
  skipped: ["skipped", "skipped"],
};

/** What a blind word means where A was the candidate's answer, or the baseline's. */
export const unblinded = (word: BlindWord, aIsCandidate: boolean): LabelWord => MEANINGS[word][aIsCandidate ? 0 : 1];
