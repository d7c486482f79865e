import { encodeSpanRow, type SpanRow } from "../../core/span-row.ts";
import type { RowBatch } from "../../store/store.ts";

/** Start of a whole minute in the recent past: spans of these tests are younger than the TTL. */
export const T0: number = Math.floor(Date.now() / 60_000) * 60_000 - 1_800_000;

let made = 0;

const nextId = (): string => {
  made += 1;
  return made.toString(16);
};

/** A healthy baseline call of migration `m` that ended at T0, with `fields` instead of the defaults. */
export const aSpan = (fields: Partial<SpanRow> = {}): SpanRow => {
  const end = fields.end_ms ?? T0;
  const id = nextId();
  return {
    trace_id: id.padStart(32, "0"),
    span_id: id.padStart(16, "0"),
    parent_span_id: "",
    start_ms: end - 500,
    end_ms: end,
    duration_ms: 500,
    ttft_ms: null,
    service: "support-api",
    instance: "pod-1",
    scope: "leeway",
    operation: "chat",
    provider: "openai",
    request_model: "gpt-4o",
    response_model: "gpt-4o-2024-08-06",
    system_fingerprint: "",
    response_id: "",
    conversation_id: "",
    prompt_name: "",
    prompt_version: "",
    streamed: 0,
    attempt: 0,
    error: 0,
    error_type: "",
    http_status: 200,
    finish_reason: "stop",
    input_tokens: 100,
    output_tokens: 20,
    cached_tokens: null,
    reasoning_tokens: null,
    cost_usd: 0.001,
    migration: "m",
    cohort: "baseline",
    flag_key: "",
    flag_variant: "",
    targeting_key_hash: "",
    segments: {},
    output_chars: 80,
    code_fence: 0,
    json_valid: null,
    refusal_class: "none",
    truncated: 0,
    tool_call_valid: null,
    sampling_probability: 1,
    received_ms: end + 50,
    features: {},
    labels: {},
    key_paths: [],
    cache_write_tokens: null,
    parameters: "",
    clock_skew_ms: 0,
    error_kind: "",
    error_fault: "",
    error_parameter: "",
    retry_wait_ms: null,
    throttled_attempts: null,
    retry_after_kept: null,
    handoff: "",
    pair_id: "",
    ...fields,
  };
};

/** A batch under a token of its own, or the given one. */
export const aBatch = (rows: readonly SpanRow[], token: string = `batch-${nextId()}`): RowBatch => ({
  token,
  lines: rows.map(encodeSpanRow).join(""),
  rows: rows.length,
});
