import { membersOf } from "./exhaustive.ts";

/** What a person can say that a difference between two answers is. Accepted behaviour is neutral. */
export type PairWord = "improvement" | "neutral" | "regression";

/** Every word. */
export const PAIR_WORDS: readonly [PairWord, ...PairWord[]] = membersOf<PairWord>({
  ...{ improvement: true, neutral: true, regression: true },
});
