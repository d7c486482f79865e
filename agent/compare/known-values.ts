import type { AnswerRecord } from "./record.ts";

const PREFIX = "missing.";

/** The signals that records may carry, besides the answer: those of which at least one is known. */
export const signalsOf = (records: readonly AnswerRecord[]): readonly string[] => {
  const names = new Set(records.flatMap(({ scores }) => Object.keys(scores ?? {}).map((name) => `scores.${name}`)));
  const own = (["latency_ms", "output_tokens", "finish_reason"] as const).filter((key) =>
    records.some((record) => record[key] !== undefined),
  );
  return [...own, ...[...names].sort()];
};

/** The measure that says whether `what` is missing: `missing.answer`, `missing.latency_ms`. */
export const missingName = (what: string): string => `${PREFIX}${what}`;

const isKnown = (record: AnswerRecord, signal: string): boolean => {
  if (signal.startsWith("scores.")) return record.scores?.[signal.slice("scores.".length)] !== undefined;
  return record[signal as "latency_ms" | "output_tokens" | "finish_reason"] !== undefined;
};

/** An answer, in words or as tool calls. */
export const hasAnswer = ({ output, callsTools }: AnswerRecord): boolean => output !== null || callsTools === true;

/** For the answer and each signal: 1 where the record has none of it, else 0. */
export const missingIn = (
  record: AnswerRecord,
  signals: readonly string[],
): readonly (readonly [name: string, value: number])[] => [
  [missingName("answer"), Number(!hasAnswer(record))],
  ...signals.map((signal) => [missingName(signal), Number(!isKnown(record, signal))] as const),
];

/** Share of the answers a signal has to be known of, or it is said that it is not. */
const MOSTLY = 0.5;

/** Says which signals are known of less than half of the answers of both arms: they tell of those only. */
export const scarceNotes = (records: readonly AnswerRecord[]): readonly string[] =>
  signalsOf(records).flatMap((signal) => {
    const known = records.filter((record) => isKnown(record, signal)).length;
    return known >= MOSTLY * records.length ? [] : [`${signal} is known of ${known} of ${records.length} answers only`];
  });
