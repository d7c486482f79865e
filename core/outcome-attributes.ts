/** Name of the standard event that says how an answer turned out (GenAI conventions, read 2026-11). */
export const EVALUATION_EVENT = "gen_ai.evaluation.result";

/** Attributes of that event. The id of the answer it is about is `gen_ai.response.id`. */
export const EVALUATION = {
  name: "gen_ai.evaluation.name",
  value: "gen_ai.evaluation.score.value",
  label: "gen_ai.evaluation.score.label",
  explanation: "gen_ai.evaluation.explanation",
} as const;

/** Name of the standard event of one flag evaluation. */
export const FLAG_EVENT = "feature_flag.evaluation";
