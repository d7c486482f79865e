import { unreachable } from "./exhaustive.ts";

/**
 * How a signal is summed up in a sample.
 * - `rate`: the call has the event or not; n calls, sum events.
 * - `value`: a positive number, kept as counts per logarithmic bucket (see histogram.ts).
 * - `score`: a number in [0, 1], kept as counts per hundredth (bins "0" to "100").
 * - `category`: a label, kept as counts per label.
 * - `labels`: any number of different labels, kept as calls per label; n are the calls that could have had some.
 */
export type SignalKind = "rate" | "value" | "score" | "category" | "labels";

/** Kinds with a number that can be held against a limit: a rate, a mean or a quantile. */
export type MeasuredKind = Exclude<SignalKind, "category" | "labels">;

/** The kind where it has a number that can be held against a limit; null for labels. */
export const measuredKind = (kind: SignalKind): MeasuredKind | null => {
  switch (kind) {
    case "rate":
    case "value":
    case "score":
      return kind;
    case "category":
    case "labels":
      return null;
    default:
      return unreachable(kind);
  }
};

/** One entry of the signal catalogue. */
export interface SignalDefinition {
  readonly kind: SignalKind;
  /** Unit people read: `share`, `ms`, `tokens`, `USD`, `characters`, `label`. */
  readonly unit: string;
  /** Which way is worse; `either` where both are a change and neither is better. */
  readonly worse: "up" | "down" | "either";
  /** One line for people. */
  readonly about: string;
}

/** Name of a signal of the catalogue. */
export type SignalName =
  | "error"
  | "refusal"
  | "json_valid"
  | "tool_call_valid"
  | "truncated"
  | "code_fence"
  | "latency_ms"
  | "ttft_ms"
  | "input_tokens"
  | "output_tokens"
  | "tokens_total"
  | "cost_usd"
  | "output_chars"
  | "refusal_class"
  | "finish_reason"
  | "schema_valid"
  | "json_shape"
  | "answer_form"
  | "headings"
  | "bullets"
  | "preamble"
  | "closing_offer"
  | "degenerate"
  | "language"
  | "curly_apostrophes"
  | "tool_called"
  | "tool_call_missing"
  | "token_nll"
  | "self_confidence"
  | "reasoning_tokens"
  | "tokens_per_char"
  | "ms_per_token"
  | "output_features"
  | "key_paths"
  | "call_setup"
  | "quality"
  | "task_completed"
  | "thumbs_up"
  | "support_tickets";

/** Every signal a rule may name. */
export const SIGNALS: Readonly<Record<SignalName, SignalDefinition>> = {
  error: {
    kind: "rate",
    unit: "share",
    worse: "up",
    about: "calls that failed, of those whose answer the app did not break off",
  },
  refusal: { kind: "rate", unit: "share", worse: "either", about: "answers that refuse (hard, inability or soft)" },
  json_valid: { kind: "rate", unit: "share", worse: "down", about: "answers that parse, of those asked for JSON" },
  tool_call_valid: { kind: "rate", unit: "share", worse: "down", about: "tool calls that are well formed" },
  truncated: { kind: "rate", unit: "share", worse: "up", about: "answers cut at the token limit" },
  code_fence: { kind: "rate", unit: "share", worse: "either", about: "answers that hold a code fence" },
  latency_ms: { kind: "value", unit: "ms", worse: "up", about: "request to last byte" },
  ttft_ms: { kind: "value", unit: "ms", worse: "up", about: "request to first content chunk" },
  input_tokens: { kind: "value", unit: "tokens", worse: "up", about: "prompt tokens, cached ones included" },
  output_tokens: { kind: "value", unit: "tokens", worse: "up", about: "answer tokens" },
  tokens_total: { kind: "value", unit: "tokens", worse: "up", about: "prompt and answer tokens" },
  cost_usd: { kind: "value", unit: "USD", worse: "up", about: "price of the call, where the model's price is known" },
  output_chars: { kind: "value", unit: "characters", worse: "either", about: "length of the answer" },
  refusal_class: { kind: "category", unit: "label", worse: "either", about: "class of the answer's refusal" },
  finish_reason: { kind: "category", unit: "label", worse: "either", about: "why the answer ended" },
  schema_valid: {
    kind: "rate",
    unit: "share",
    worse: "down",
    about: "answers that match the schema the request declared, of those that had one",
  },
  json_shape: { kind: "category", unit: "label", worse: "either", about: "which keys a JSON answer has" },
  answer_form: {
    kind: "category",
    unit: "label",
    worse: "either",
    about: "json, code, list, prose, line, option or word",
  },
  headings: { kind: "rate", unit: "share", worse: "either", about: "answers with a Markdown heading" },
  bullets: { kind: "rate", unit: "share", worse: "either", about: "answers with a bulleted list" },
  preamble: { kind: "rate", unit: "share", worse: "either", about: "answers that open with a set phrase (Sure!)" },
  closing_offer: {
    kind: "rate",
    unit: "share",
    worse: "either",
    about: "answers that close with an offer of more help",
  },
  degenerate: { kind: "rate", unit: "share", worse: "up", about: "answers that loop, or are no language" },
  language: { kind: "category", unit: "label", worse: "either", about: "language of the answer, where it is clear" },
  curly_apostrophes: { kind: "rate", unit: "share", worse: "either", about: "answers with a curly apostrophe" },
  tool_called: {
    kind: "rate",
    unit: "share",
    worse: "either",
    about: "answers that call a tool, of those offered one",
  },
  tool_call_missing: {
    kind: "rate",
    unit: "share",
    worse: "up",
    about: "answers without a tool call, of those told to make one",
  },
  token_nll: {
    kind: "value",
    unit: "nats",
    worse: "up",
    about: "mean negative log-probability per token, where the provider returns it",
  },
  self_confidence: {
    kind: "score",
    unit: "share",
    worse: "either",
    about: "confidence that JSON answers state of themselves, 0 to 1",
  },
  reasoning_tokens: { kind: "value", unit: "tokens", worse: "up", about: "answer tokens spent on reasoning" },
  tokens_per_char: {
    kind: "value",
    unit: "tokens per character",
    worse: "up",
    about: "answer tokens, less reasoning, per character: moves with the tokenizer",
  },
  ms_per_token: {
    kind: "value",
    unit: "ms",
    worse: "up",
    about: "latency per answer token, for answers of 16 tokens and more",
  },
  output_features: {
    kind: "labels",
    unit: "label",
    worse: "either",
    about: "the features of the answer without a signal of their own, as `name=value`",
  },
  key_paths: {
    kind: "labels",
    unit: "label",
    worse: "either",
    about: "digests of the key paths of JSON answers: there, null, empty, or one of the schema's values",
  },
  call_setup: {
    kind: "labels",
    unit: "label",
    worse: "either",
    about: "what the call was made with: model, prompt, parameters and tools, as `name=value`",
  },
  quality: { kind: "score", unit: "share", worse: "down", about: "quality score of the answer, 0 to 1" },
  task_completed: {
    kind: "rate",
    unit: "share",
    worse: "down",
    about: "tasks that were completed, of those the app told about",
  },
  thumbs_up: { kind: "rate", unit: "share", worse: "down", about: "thumbs up, of the answers that got a thumb" },
  support_tickets: {
    kind: "rate",
    unit: "share",
    worse: "up",
    about: "calls followed by a support ticket within the hour",
  },
};

/**
 * The features that have to be proven like the baseline's for the rule `output_shape` to be clear: one or two of each
 * family, because those of a family move together, and only such as keep still while the model does not change.
 */
export const OUTPUT_SHAPE_SIGNALS: readonly SignalName[] = [
  "output_chars",
  "answer_form",
  "code_fence",
  "json_valid",
  "json_shape",
  "headings",
  "bullets",
  "refusal_class",
  "preamble",
  "closing_offer",
  "degenerate",
  "language",
  "curly_apostrophes",
  "tool_called",
  "finish_reason",
];

/** What a rule may be about: a signal, or the shape of the output as a whole. */
export type RuleSignal = SignalName | "output_shape";
