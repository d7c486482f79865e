import type { ErrorKind } from "../core/error-kind.ts";
import { type FeatureLabel, type FeatureName, isFeatureLabel, isFeatureName } from "../core/features.ts";
import type { MeasuresLike } from "../core/measures.ts";
import { PACKED_FEATURES } from "../core/shape-features.ts";
import { type CatalogueSignal, SIGNAL_NAMES, type SignalName } from "../core/signals.ts";
import { bucketSql } from "./bucket-sql.ts";

/** How a signal is read from a row of `llm_spans`. Both are SQL expressions over its columns. */
export interface SignalColumn {
  /** The call's value: 0 or 1 for a rate, a number for a value, text for a category, a list of texts for labels. */
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

/** A feature of the map `features`; a call without the name says nothing about it. */
const feature = (name: FeatureName): SignalColumn => ({
  value: `features['${name}']`,
  known: answered(`mapContains(features, '${name}')`),
});

const label = (name: FeatureLabel): SignalColumn => ({
  value: `labels['${name}']`,
  known: answered(`labels['${name}'] != ''`),
});

/** Shorter answers take as long as their first token, and say nothing about the others. */
const MIN_TIMED_TOKENS = 16;

const PACKED = PACKED_FEATURES.map((name) => `'${name}'`).join(", ");

/** SQL for the bin of a number in `output_features`: small whole numbers as they are, others as `b` and the 1% bucket at the lower end of every ten. */
export const packedValue = (x: string): string =>
  `if(${x} = floor(${x}) AND ${x} BETWEEN 0 AND 20, toString(toUInt8(${x})),
    concat('b', toString(toInt32(floor(${bucketSql(x)} / 10) * 10))))`;

const PACKED_LABELS = `arrayConcat(
  arrayMap((name, x) -> concat(name, '=', ${packedValue("x")}),
    mapKeys(mapFilter((name, x) -> name IN (${PACKED}), features) AS packed), mapValues(packed)),
  arrayMap((name, label) -> concat(name, '=', label),
    mapKeys(mapFilter((name, label) -> name IN (${PACKED}), labels) AS named), mapValues(named)))`;

const setup = (name: string, value: string): string => `if(${value} = '', '', concat('${name}=', ${value}))`;

const SETUP_LABELS = `arrayFilter(label -> label != '', [
  ${setup("requested_model", "request_model")}, ${setup("model", "response_model")},
  ${setup("prompt", "if(prompt_version = '', prompt_name, concat(prompt_name, '@', prompt_version))")},
  ${setup("parameters", "parameters")}, ${setup("tools", "labels['tools_offered']")}])`;

/**
 * An answer the app itself broke off neither failed nor succeeded. Given up before there was any, the call failed: SDKs
 * enforce their timeout by aborting, which is all that is seen of a provider that hangs.
 */
const NOT_BROKEN_OFF = "(error_type != 'aborted' OR http_status IS NULL)";

/** Calls that failed in one of these ways; a failure of unknown kind (a row of before) is none that is known. */
const failure = (...kinds: readonly ErrorKind[]): SignalColumn => ({
  value: `error_kind IN (${kinds.map((kind) => `'${kind}'`).join(", ")})`,
  known: `${NOT_BROKEN_OFF} AND (error = 0 OR error_kind != '')`,
});

/** Where it is not known how its sender tries again, a call with one attempt may be one of several. */
const RETRIES_KNOWN = "retry_wait_ms IS NOT NULL";

/** How the measures of a call are read from its row. */
const CALL_COLUMNS: Readonly<Record<MeasuresLike<{ readonly from: "call" }>, SignalColumn>> = {
  error: { value: "error", known: NOT_BROKEN_OFF },
  rate_limited: failure("rate-limit", "quota"),
  overloaded: failure("overload"),
  attempts: { value: "(attempt + 1)", known: RETRIES_KNOWN },
  retry_wait_ms: given("retry_wait_ms"),
  throttled: { value: "(throttled_attempts > 0)", known: "throttled_attempts IS NOT NULL" },
  retry_after_kept: given("retry_after_kept"),
  gave_up: { value: "(error = 1 AND attempt > 0)", known: `${RETRIES_KNOWN} AND ${NOT_BROKEN_OFF}` },
  request_error: failure("request", "model-not-found"),
  refusal: {
    value: `refusal_class IN (${REFUSALS.map((name) => `'${name}'`).join(", ")})`,
    known: answered("refusal_class != ''"),
  },
  json_valid: ofAnswer("json_valid"),
  tool_call_valid: ofAnswer("tool_call_valid"),
  truncated: ofAnswer("truncated"),
  code_fence: ofAnswer("code_fence"),
  latency_ms: ofAnswer("duration_ms"),
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
  reasoning_tokens: ofAnswer("reasoning_tokens"),
  tokens_per_char: {
    value: "(greatest(output_tokens - ifNull(reasoning_tokens, 0), 0) / output_chars)",
    // The tokens of a tool call have no characters in the text.
    known: answered("output_tokens IS NOT NULL AND ifNull(output_chars, 0) > 0 AND features['tool_calls'] = 0"),
  },
  ms_per_token: {
    value: "(duration_ms / output_tokens)",
    known: answered(`duration_ms IS NOT NULL AND ifNull(output_tokens, 0) >= ${MIN_TIMED_TOKENS}`),
  },
  output_features: { value: PACKED_LABELS, known: answered("notEmpty(features)") },
  key_paths: { value: "key_paths", known: answered("notEmpty(key_paths)") },
  call_setup: { value: SETUP_LABELS, known: "1" },
};

/** What is computed from the answer is found by its name. */
const answerColumn = (name: CatalogueSignal): readonly (readonly [CatalogueSignal, SignalColumn])[] => {
  if (isFeatureName(name)) return [[name, feature(name)]];
  return isFeatureLabel(name) ? [[name, label(name)]] : [];
};

/**
 * The signals that a span carries. Those that become known after the call are folded from outcomes and have no column.
 */
export const SIGNAL_COLUMNS: Readonly<Partial<Record<SignalName, SignalColumn>>> = {
  ...CALL_COLUMNS,
  ...Object.fromEntries(SIGNAL_NAMES.flatMap(answerColumn)),
};
