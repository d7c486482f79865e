import { percent } from "../../core/percent.ts";
import type { Comparison } from "../../detectors/compare/compare.ts";
import { scarceNotes } from "./known-values.ts";
import { type ReadReport, reportLines } from "./read-report.ts";
import type { AnswerRecord } from "./record.ts";

/** Share of a file's entries that may be lost: what is missing may be what changed. */
const MAX_LOST = 0.05;

/** Share of a cohort's answers that have to be in words, or nearly nothing was compared. */
const MIN_IN_WORDS = 0.5;

const lossNotes = ({ lost_share: lost }: ReadReport): readonly string[] =>
  lost <= MAX_LOST
    ? []
    : [
        `${percent(lost)} of a file could not be read, more than the ${percent(MAX_LOST)} that "nothing found" can stand`,
      ];

const wordlessNotes = (records: readonly AnswerRecord[]): readonly string[] =>
  (["baseline", "canary"] as const).flatMap((cohort) => {
    const own = records.filter((record) => record.cohort === cohort);
    const inWords = own.filter(({ output }) => output !== null && output.trim() !== "").length;
    return inWords >= MIN_IN_WORDS * own.length
      ? []
      : [`${inWords} of ${own.length} ${cohort} answers are in words; of the others hardly anything can be compared`];
  });

/** The comparison with what of its files was not read or could not be compared; where that is too much, "none" is undecided. */
export const withLosses = (
  comparison: Comparison,
  report: ReadReport,
  records: readonly AnswerRecord[],
): Comparison => {
  const told = [...comparison.notes, ...scarceNotes(records), ...reportLines(report)];
  const reasons = [...lossNotes(report), ...wordlessNotes(records)];
  const notes = [...told, ...reasons];
  const isTooMuch = comparison.verdict === "none" && reasons.length > 0;
  return isTooMuch ? { ...comparison, verdict: "undecided", notes } : { ...comparison, notes };
};
