import {
  type JudgeWord,
  judgeWordOf,
  type PairChangeName,
  type PreferenceWord,
  pairChangeOf,
  pairWeightOf,
  preferenceWordOf,
  type RuleWord,
  ruleWordOf,
} from "../../core/pair-measures.ts";
import type { PairRow } from "../../core/pair-row.ts";

/** What speaks for and against a pair's second answer, whatever is known of other pairs. */
export interface PairEvidence {
  /** They are the same, or spelled in another way. */
  readonly isEqual: boolean;
  readonly hasAgainst: boolean;
  readonly hasFor: boolean;
  readonly rule: RuleWord | null;
  readonly judge: JudgeWord | null;
  readonly person: PreferenceWord | null;
  /** What differs besides the bare texts, sorted: what a cluster is made of. */
  readonly codes: readonly string[];
}

/** Changes that say no more than how alike the answers are. */
const BARE: Readonly<Partial<Record<PairChangeName, true>>> = { text: true, spelling: true, "tool-spelling": true };
const SPELLED: Readonly<Partial<Record<PairChangeName, true>>> = { spelling: true, "tool-spelling": true };

const isOf = (names: Readonly<Partial<Record<PairChangeName, true>>>, code: string): boolean => {
  const name = pairChangeOf(code);
  return name !== null && names[name] === true;
};

/** Reads the evidence of a row. `isJudged`: its judge is the one that counts. */
export const pairEvidence = ({ changed, labels }: PairRow, isJudged: boolean): PairEvidence => ({
  isEqual: changed.every((code) => isOf(SPELLED, code)),
  hasAgainst: changed.some((code) => pairWeightOf(code) === "against"),
  hasFor: changed.some((code) => pairWeightOf(code) === "for"),
  rule: ruleWordOf(labels.rule),
  judge: isJudged ? judgeWordOf(labels.judge) : null,
  person: preferenceWordOf(labels.person),
  codes: changed.filter((code) => !isOf(BARE, code)),
});
