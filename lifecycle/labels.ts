import type { LabelWord } from "../core/label-word.ts";
import type { LedgerEntry } from "../core/ledger.ts";
import { type PreferenceWord, preferenceWordOf } from "../core/pair-measures.ts";

/** What people who read a pair blind said of it, in the order in which they did. */
export interface PairLabels {
  readonly pair: string;
  readonly words: readonly { readonly by: string; readonly word: LabelWord }[];
}

/** The words of people by pair, the pair that was read first before the others; of one person the first word counts. */
export const labelsOf = (entries: readonly LedgerEntry[]): readonly PairLabels[] => {
  const found = new Map<string, { by: string; word: LabelWord }[]>();
  for (const { by, event } of entries) {
    if (event.type !== "labelled") continue;
    const words = found.get(event.pair) ?? [];
    found.set(event.pair, words);
    if (!words.some((each) => each.by === by)) words.push({ by, word: event.word });
  }
  return [...found].map(([pair, words]) => ({ pair, words }));
};

/** Of equally many words the one that is worse for the candidate counts. */
const WORST_FIRST: readonly PreferenceWord[] = ["prefers-baseline", "tie", "prefers-candidate"];

/** What most of those who could tell said of a pair; null where nobody could. */
export const labelOf = ({ words }: PairLabels): PreferenceWord | null => {
  const said = words.flatMap(({ word }) => preferenceWordOf(word) ?? []);
  const votes = WORST_FIRST.map((word) => ({ word, votes: said.filter((each) => each === word).length }));
  const most = Math.max(...votes.map(({ votes }) => votes));
  return most === 0 ? null : (votes.find((each) => each.votes === most)?.word ?? null);
};
