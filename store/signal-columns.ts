import type { SignalName } from "../core/signals.ts";

/** How a signal is read from a row of `llm_spans`. Both are SQL expressions over its columns. */
export interface SignalColumn {
  /** The call's value: 0 or 1 for a rate, a number for a value, text for a category. */
  readonly value: string;
  /** True for the calls whose value is known; the others are absent from the sample. */
  readonly known: string;
}

/** Refusal classes that count as a refusal; `partial`, `reframe` and `clarify` still answer. */
export const REFUSALS: readonly string[] = ["hard", "inability", "soft"];

/** A failed call has no output and no meaningful duration, so it says nothing about them. */
const answered = (known: string): string => `error = 0 AND ${known}`;

const given = (column: string): SignalColumn => ({ value: column, known: `${column} IS NOT NULL` });

const ofAnswer = (column: string): SignalColumn => ({ value: column, known: answered(`${column} IS NOT NULL`) });

/**
 * The signals that a span carries. Those that become known after the call are folded from outcomes and have no column.
 */
export const SIGNAL_COLUMNS: Readonly<Partial<Record<SignalName, SignalColumn>>> = {
  // An answer the app itself broke off neither failed nor succeeded. Given up before there was any, the call failed:
  // SDKs enforce their timeout by aborting, which is all that is seen of a provider that hangs.
  error: { value: "error", known: "(error_type != 'aborted' OR http_status IS NULL)" },
  refusal: {
    value: `refusal_class IN (${REFUSALS.map((name) => `'${name}'`).join(", ")})`,
    known: answered("refusal_class != ''"),
  },
  json_valid: ofAnswer("json_valid"),
  tool_call_valid: ofAnswer("tool_call_valid"),
  truncated: ofAnswer("truncated"),
  code_fence: ofAnswer("code_fence"),
  latency_ms: { value: "duration_ms", known: "error = 0" },
  ttft_ms: ofAnswer("ttft_ms"),
  input_tokens: given("input_tokens"),
  output_tokens: given("output_tokens"),
  tokens_total: {
    value: "(input_tokens + output_tokens)",
    known: "input_tokens IS NOT NULL AND output_tokens IS NOT NULL",
  },
  cost_usd: given("cost_usd"),
  output_chars: ofAnswer("output_chars"),
  refusal_class: { value: "refusal_class", known: answered("refusal_class != ''") },
  finish_reason: { value: "finish_reason", known: answered("finish_reason != ''") },
};
