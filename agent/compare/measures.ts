import { FEATURE_LABELS, FEATURES } from "../../core/features.ts";
import type { Measure } from "../../detectors/compare/observation.ts";
import { missingName, signalsOf } from "./known-values.ts";
import type { AnswerRecord } from "./record.ts";

const OF_CALL: readonly Measure[] = [
  { name: "output_chars", family: "length", kind: "number", isSeen: true },
  { name: "tokens_per_char", family: "usage", kind: "number" },
  { name: "code_fence", family: "code fence", kind: "flag" },
  { name: "refusal", family: "refusal", kind: "flag", isSeen: true },
  { name: "refusal_class", family: "refusal", kind: "label" },
  { name: "json_valid", family: "structure", kind: "flag" },
  { name: "finish_reason", family: "finish", kind: "label" },
  { name: "truncated", family: "finish", kind: "flag" },
  { name: "output_tokens", family: "usage", kind: "number", isSeen: true, follows: "length" },
  { name: "latency_ms", family: "latency", kind: "number", isSeen: true },
  { name: "latency_per_output_token", family: "latency", kind: "number" },
];

const OF_TEXT: readonly Measure[] = Object.entries(FEATURES).map(([name, { family, kind }]) => ({
  ...{ name, family, kind: kind === "flag" ? "flag" : "number" },
  // More text has more sentences and lines.
  ...(family === "layout" ? { follows: "length" } : {}),
}));

const OF_LABELS: readonly Measure[] = Object.entries(FEATURE_LABELS).map(([name, { family }]) => ({
  name,
  family,
  kind: "label",
}));

/** Everything answers are compared by: the features of the output, the call's own numbers, the given scores, and what is missing. */
export const measuresFor = (records: readonly AnswerRecord[]): readonly Measure[] => {
  const scores = new Set(records.flatMap(({ scores: given }) => Object.keys(given ?? {})));
  const ofScores = [...scores]
    .sort()
    .map((name): Measure => ({ name: `scores.${name}`, family: "scores", kind: "number", isSeen: true }));
  const missing = ["answer", ...signalsOf(records)].map(
    (what): Measure => ({ name: missingName(what), family: "missing", kind: "flag" }),
  );
  return [...OF_CALL, ...OF_TEXT, ...OF_LABELS, ...ofScores, ...missing];
};
