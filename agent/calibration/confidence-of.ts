import type { Arm } from "../../core/cohort.ts";
import type { CalibrationRecord } from "./calibration-record.ts";

/** Which confidence: the one the model states, or the mean probability of a token of its answer. */
export type ConfidenceKind = "stated" | "logprob";

/** How an arm's plain numbers are meant. */
type Scale = "share" | "percent";

const plainNumbers = (records: readonly CalibrationRecord[], arm: Arm): readonly number[] =>
  records.flatMap(({ cohort, stated }) =>
    cohort === arm && stated !== undefined && !stated.isPercent ? [stated.value] : [],
  );

/** Percentages where some are above 1 and none is a fraction below; 1 alone says neither. */
const scaleOf = (numbers: readonly number[]): Scale =>
  numbers.some((value) => value > 1) && !numbers.some((value) => value > 0 && value < 1) ? "percent" : "share";

/** Reads confidences of one kind, and tells what it made of them. */
export interface ConfidenceReader {
  /** 0 to 1; null where it is not known or cannot be one. */
  readonly of: (record: CalibrationRecord) => number | null;
  /** In words, for people. */
  readonly notes: readonly string[];
}

const scaleNotes = (arm: Arm, scale: Scale, numbers: readonly number[]): readonly string[] => {
  if (scale === "percent") return [`${arm}: confidences are taken for percentages, as some are above 1 and none below`];
  const beyond = numbers.filter((value) => value > 1).length;
  return beyond === 0
    ? []
    : [
        `${arm}: ${beyond} confidences are above 1 beside others below it, and are unknown; expected 0 to 1, or all in percent`,
      ];
};

const createStatedReader = (records: readonly CalibrationRecord[]): ConfidenceReader => {
  const numbers = { baseline: plainNumbers(records, "baseline"), canary: plainNumbers(records, "canary") };
  const scales = { baseline: scaleOf(numbers.baseline), canary: scaleOf(numbers.canary) };
  return {
    of: ({ cohort, stated }) => {
      if (stated === undefined) return null;
      if (stated.isPercent) return stated.value;
      if (scales[cohort] === "percent") return stated.value / 100;
      return stated.value <= 1 ? stated.value : null;
    },
    notes: (["baseline", "canary"] as const).flatMap((arm) => scaleNotes(arm, scales[arm], numbers[arm])),
  };
};

/** A token's probability, as the geometric mean of the answer has it: it does not fall with the length. */
const LOGPROB_READER: ConfidenceReader = {
  of: ({ meanLogprob }) => (meanLogprob === undefined ? null : Math.exp(meanLogprob)),
  notes: [],
};

/** A reader of one kind of confidence in `records`; each arm's numbers are read in the scale they are in. */
export const createConfidenceReader = (
  kind: ConfidenceKind,
  records: readonly CalibrationRecord[],
): ConfidenceReader => (kind === "stated" ? createStatedReader(records) : LOGPROB_READER);

const shareKnown = (records: readonly CalibrationRecord[], arm: Arm, key: "stated" | "meanLogprob"): number => {
  const own = records.filter(({ cohort }) => cohort === arm);
  return own.length === 0 ? 0 : own.filter((record) => record[key] !== undefined).length / own.length;
};

/** The kind that is known of more answers of the arm that has less of it; of two alike, the stated one. */
export const usualKind = (records: readonly CalibrationRecord[]): ConfidenceKind => {
  const least = (key: "stated" | "meanLogprob"): number =>
    Math.min(shareKnown(records, "baseline", key), shareKnown(records, "canary", key));
  const [stated, logprob] = [least("stated"), least("meanLogprob")];
  if (stated !== logprob) return stated > logprob ? "stated" : "logprob";
  return records.some((record) => record.stated !== undefined) ||
    !records.some((each) => each.meanLogprob !== undefined)
    ? "stated"
    : "logprob";
};
