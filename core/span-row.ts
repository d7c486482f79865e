import type { Arm, Cohort } from "./cohort.ts";
import { encodeLine } from "./encode-line.ts";
import type { ErrorKind, RequestFault } from "./error-kind.ts";
import type { Features, Labels } from "./features.ts";

/** The refusal classes of an answer; `none` = an ordinary answer, `""` = unknown (no output was seen). */
export type RefusalClass = "none" | "hard" | "inability" | "soft" | "partial" | "reframe" | "clarify" | "";

/**
 * One LLM call, normalised: the row of `llm_spans`. Times are Unix epoch ms, durations ms, costs US dollars.
 * `null` always means unknown, never zero.
 */
export interface SpanRow {
  /** 32 lower-case hex digits. */
  readonly trace_id: string;
  /** 16 lower-case hex digits. Together with trace_id the identity of the call. */
  readonly span_id: string;
  readonly parent_span_id: string;
  /** Epoch ms, may carry a fraction. */
  readonly start_ms: number;
  readonly end_ms: number;
  /** null where the call's end is before its start, as with the clocks of two hosts. */
  readonly duration_ms: number | null;
  /** Request to first content chunk; null where it was not streamed or not seen. */
  readonly ttft_ms: number | null;
  readonly service: string;
  readonly instance: string;
  /** The instrumentation scope that made the span. */
  readonly scope: string;
  readonly operation: string;
  readonly provider: string;
  readonly request_model: string;
  readonly response_model: string;
  readonly system_fingerprint: string;
  readonly response_id: string;
  readonly conversation_id: string;
  readonly prompt_name: string;
  readonly prompt_version: string;
  readonly streamed: 0 | 1;
  /** 0 for the first attempt. */
  readonly attempt: number;
  readonly error: 0 | 1;
  /** `error.type`: an HTTP status, an exception class, `timeout`, `aborted`; empty without an error. */
  readonly error_type: string;
  readonly http_status: number | null;
  readonly finish_reason: string;
  readonly input_tokens: number | null;
  readonly output_tokens: number | null;
  readonly cached_tokens: number | null;
  readonly reasoning_tokens: number | null;
  readonly cost_usd: number | null;
  /** The migration the call belongs to; empty for none. */
  readonly migration: string;
  readonly cohort: Cohort | "";
  readonly flag_key: string;
  readonly flag_variant: string;
  readonly targeting_key_hash: string;
  /** `leeway.segment.<name>` attributes, without the prefix. */
  readonly segments: Readonly<Record<string, string>>;
  readonly output_chars: number | null;
  readonly code_fence: 0 | 1 | null;
  /** null when the request did not ask for JSON. */
  readonly json_valid: 0 | 1 | null;
  readonly refusal_class: RefusalClass;
  readonly truncated: 0 | 1 | null;
  /** null when the answer holds no tool call. */
  readonly tool_call_valid: 0 | 1 | null;
  /** Share of calls that were recorded, 0-1; 1 = all. */
  readonly sampling_probability: number;
  /** When the collector took the span in, epoch ms. */
  readonly received_ms: number;
  /** Output features without a column of their own, by the names of core/features.ts; what is unknown is missing. */
  readonly features: Features;
  /** Output features that are a label, by name. */
  readonly labels: Labels;
  /** Digests of a JSON answer's key paths: `k` (there), `n` (null), `e` (empty array) or `v` (enum value) and 12 hex digits. */
  readonly key_paths: readonly string[];
  /** Prompt tokens written to the provider's cache; part of input_tokens. */
  readonly cache_write_tokens: number | null;
  /** Parameters of the request as `name=value` with blanks between, sorted by name; empty = none, or unknown. */
  readonly parameters: string;
  /**
   * How far the sender's clock was ahead (behind: negative) of the agent's, ms, where the call had to be moved by it:
   * start_ms and end_ms are by the agent's clock then. 0 = the times are the sender's own.
   */
  readonly clock_skew_ms: number;
  /** What kind of failure `error_type` is; empty without one, and in rows of before. */
  readonly error_kind: ErrorKind | "";
  /** What is wrong with a request that was refused; empty where it is not the request, or unknown. */
  readonly error_fault: RequestFault | "";
  /** The parameter that is, where it is one that is known by name. */
  readonly error_parameter: string;
  /** Time lost between the attempts of the call, ms; null where it is not known how its sender tries again. */
  readonly retry_wait_ms: number | null;
  /** Attempts that a rate limit or an overloaded provider turned away. */
  readonly throttled_attempts: number | null;
  /** Whether every wait was as long as the provider asked for; null where it asked for none, or that is unknown. */
  readonly retry_after_kept: 0 | 1 | null;
  /** The arm the conversation had until this turn, where it was moved to another one; empty where it was not, or in rows of before. */
  readonly handoff: Arm | "";
  /** Which pair of a shadow it is the second call of: 32 lower-case hex digits; empty for a call of users, or in rows of before. */
  readonly pair_id: string;
}

/** What of a row says which call it is of. */
export type KnownRow = Pick<
  SpanRow,
  | "trace_id"
  | "span_id"
  | "parent_span_id"
  | "start_ms"
  | "end_ms"
  | "service"
  | "scope"
  | "request_model"
  | "response_model"
  | "response_id"
  | "input_tokens"
  | "output_tokens"
  | "cached_tokens"
  | "clock_skew_ms"
>;

/**
 * Column order of the spool, of the insert and of `llm_spans`. The compiler holds it equal to SpanRow's keys. New
 * columns go to the end, as the schema step that adds them puts them there.
 */
export const SPAN_COLUMNS = [
  "trace_id",
  "span_id",
  "parent_span_id",
  "start_ms",
  "end_ms",
  "duration_ms",
  "ttft_ms",
  "service",
  "instance",
  "scope",
  "operation",
  "provider",
  "request_model",
  "response_model",
  "system_fingerprint",
  "response_id",
  "conversation_id",
  "prompt_name",
  "prompt_version",
  "streamed",
  "attempt",
  "error",
  "error_type",
  "http_status",
  "finish_reason",
  "input_tokens",
  "output_tokens",
  "cached_tokens",
  "reasoning_tokens",
  "cost_usd",
  "migration",
  "cohort",
  "flag_key",
  "flag_variant",
  "targeting_key_hash",
  "segments",
  "output_chars",
  "code_fence",
  "json_valid",
  "refusal_class",
  "truncated",
  "tool_call_valid",
  "sampling_probability",
  "received_ms",
  "features",
  "labels",
  "key_paths",
  "cache_write_tokens",
  "parameters",
  "clock_skew_ms",
  "error_kind",
  "error_fault",
  "error_parameter",
  "retry_wait_ms",
  "throttled_attempts",
  "retry_after_kept",
  "handoff",
  "pair_id",
] as const;

type Missing = Exclude<keyof SpanRow, (typeof SPAN_COLUMNS)[number]>;
const everyFieldIsAColumn: [Missing] extends [never] ? true : Missing = true;
void everyFieldIsAColumn;

/**
 * One line of JSONCompactEachRow (with its newline), columns in SPAN_COLUMNS order. Lone surrogates, which would make
 * ClickHouse refuse the whole batch, become U+FFFD.
 */
export const encodeSpanRow = (row: SpanRow): string => encodeLine(SPAN_COLUMNS.map((column) => row[column]));
