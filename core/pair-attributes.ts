/** Name of the event that tells of a served call and its second answer, or of calls that made no pair. */
export const PAIR_EVENT = "leeway.pair";

/**
 * Attributes of that event, beside `leeway.migration`, `leeway.pair_id`, `error.type` and `leeway.segment.*`. The record's trace
 * and span id are the served call's.
 */
export const PAIR = {
  kind: "leeway.pair.kind",
  outcome: "leeway.pair.outcome",
  calls: "leeway.pair.calls",
  otherTraceId: "leeway.pair.other_trace_id",
  otherSpanId: "leeway.pair.other_span_id",
  cluster: "leeway.pair.cluster",
  servedModel: "leeway.pair.served_model",
  otherModel: "leeway.pair.other_model",
  /** Prefix of measures; `leeway.pair.number.length_ratio` = 1.2. */
  numberPrefix: "leeway.pair.number.",
  /** Prefix of words; `leeway.pair.label.judge` = `tie`. */
  labelPrefix: "leeway.pair.label.",
  /** Lists of texts. */
  changed: "leeway.pair.changed",
  servedValues: "leeway.pair.served_values",
  otherValues: "leeway.pair.other_values",
} as const;
