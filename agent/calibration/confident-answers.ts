import type { Arm } from "../../core/cohort.ts";
import { countText } from "../../core/count-text.ts";
import { percent } from "../../core/percent.ts";
import type { ConfidentAnswer } from "../../detectors/calibration/confident-answer.ts";
import type { CalibrationRecord } from "./calibration-record.ts";
import { type ConfidenceKind, createConfidenceReader } from "./confidence-of.ts";
import { type OutcomeRule, outcomeOf } from "./outcome-of.ts";

/** The answers that can be judged, and what was noticed on the way. */
export interface ConfidentAnswers {
  readonly answers: readonly ConfidentAnswer[];
  readonly notes: readonly string[];
}

/** Answers of one conversation, else of one prompt, hang together; any other stands for itself. */
const clusterOf = ({ conversation_id, prompt_id, task = "" }: CalibrationRecord, at: number): string => {
  if (conversation_id !== undefined) return `conversation ${conversation_id}`;
  return prompt_id === undefined ? `answer ${at}` : `prompt ${JSON.stringify([task, prompt_id])}`;
};

/** Shares of answers left out may differ by so much between the arms before what is missing may be what changed. */
const MAX_APART = 0.05;

interface Missing {
  readonly arm: Arm;
  readonly n: number;
  readonly confidence: number;
  readonly outcome: number;
}

const missingNotes = (missing: readonly Missing[]): readonly string[] => {
  const told = missing.flatMap(({ arm, n, confidence, outcome }) => [
    ...(confidence === 0 ? [] : [`${arm}: no confidence in ${countText(confidence)} of ${countText(n)} answers`]),
    ...(outcome === 0 ? [] : [`${arm}: no outcome in ${countText(outcome)} of ${countText(n)} answers`]),
  ]);
  const [one, other] = missing.map(({ n, confidence, outcome }) => (n === 0 ? 0 : Math.max(confidence, outcome) / n));
  const apart = Math.abs((one ?? 0) - (other ?? 0));
  return apart <= MAX_APART
    ? told
    : [...told, `the arms differ by ${percent(apart)} in what is missing, and what is missing may be what changed`];
};

/** The answers whose confidence of `kind` and outcome are known. */
export const confidentAnswers = (
  records: readonly CalibrationRecord[],
  kind: ConfidenceKind,
  rule: OutcomeRule,
): ConfidentAnswers => {
  const reader = createConfidenceReader(kind, records);
  const read = records.map((record, at) => ({
    ...{ arm: record.cohort, confidence: reader.of(record), isRight: outcomeOf(record, rule) },
    cluster: clusterOf(record, at),
  }));
  const missing = (["baseline", "canary"] as const).map((arm) => {
    const own = read.filter((each) => each.arm === arm);
    const without = (key: "confidence" | "isRight"): number => own.filter((each) => each[key] === null).length;
    return { arm, n: own.length, confidence: without("confidence"), outcome: without("isRight") };
  });
  return {
    answers: read.flatMap(({ arm, confidence, isRight, cluster }) =>
      confidence === null || isRight === null ? [] : [{ arm, confidence, isRight, cluster }],
    ),
    notes: [...reader.notes, ...missingNotes(missing)],
  };
};
