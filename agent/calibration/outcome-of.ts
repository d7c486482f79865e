import type { CalibrationRecord } from "./calibration-record.ts";

/** What makes an answer right: a score of that name of at least so much; null: `correct`, or the label. */
export type OutcomeRule = { readonly score: string; readonly atLeast: number } | null;

/** As people would take two answers for the same: case, width, blanks, quotes and a full stop at the end do not count. */
const plain = (text: string): string =>
  text
    .normalize("NFKC")
    .trim()
    .toLowerCase()
    .replace(/^["'`]+|["'`.]+$/g, "")
    .replace(/\s+/g, " ")
    .trim();

/** Whether an answer is right; null where that is not known. An answer without text is not the labelled one. */
export const outcomeOf = ({ correct, label, output, scores }: CalibrationRecord, rule: OutcomeRule): boolean | null => {
  if (rule !== null) {
    const score = scores !== undefined && Object.hasOwn(scores, rule.score) ? scores[rule.score] : undefined;
    return score === undefined ? null : score >= rule.atLeast;
  }
  if (correct !== undefined) return correct;
  return label === undefined ? null : output !== null && plain(output) === plain(label);
};
