import { SPAN_DAYS } from "../../core/retention.ts";
import { SPAN_COLUMNS, type SpanRow } from "../../core/span-row.ts";
import { dedupWindow, engineOf, onCluster, type Placement, tableName } from "./placement.ts";

/** Name of the table of raw spans. */
export const SPANS = "llm_spans";

/**
 * A time column is stored as DateTime64(3) and filled from an ephemeral number: rows carry epoch ms with a fraction,
 * which ClickHouse refuses to read straight into a DateTime64.
 */
const EPOCHS = { start_ms: "start_epoch", end_ms: "end_epoch", received_ms: "received_epoch" } as const;

const isTime = (column: keyof SpanRow): column is keyof typeof EPOCHS => column in EPOCHS;

/** The columns an insert of encodeSpanRow() lines names, in SPAN_COLUMNS order. */
export const SPAN_INSERT_COLUMNS: readonly string[] = SPAN_COLUMNS.map((column) =>
  isTime(column) ? EPOCHS[column] : column,
);

const time = (epoch: string, codec: string): string =>
  `DateTime64(3, 'UTC') DEFAULT fromUnixTimestamp64Milli(toInt64(floor(${epoch})), 'UTC') CODEC(${codec})`;

/** Few distinct values, held as a dictionary. */
const LABEL = "LowCardinality(String)";

/** Text that is nearly unique per row. */
const ID = "String CODEC(ZSTD(1))";

const COUNT = "Nullable(UInt32) CODEC(ZSTD(1))";

const FLAG = "Nullable(UInt8)";

/** Type of each column of `llm_spans`; Nullable exactly where SpanRow says null. */
export const SPAN_TYPES: Readonly<Record<keyof SpanRow, string>> = {
  trace_id: ID,
  span_id: ID,
  parent_span_id: ID,
  start_ms: time(EPOCHS.start_ms, "Delta, ZSTD(1)"),
  end_ms: time(EPOCHS.end_ms, "DoubleDelta, ZSTD(1)"),
  duration_ms: "Nullable(Float64) CODEC(ZSTD(1))",
  ttft_ms: "Nullable(Float64) CODEC(ZSTD(1))",
  service: LABEL,
  instance: LABEL,
  scope: LABEL,
  operation: LABEL,
  provider: LABEL,
  request_model: LABEL,
  response_model: LABEL,
  system_fingerprint: LABEL,
  response_id: ID,
  conversation_id: ID,
  prompt_name: LABEL,
  prompt_version: LABEL,
  streamed: "UInt8",
  attempt: "UInt16",
  error: "UInt8",
  error_type: LABEL,
  http_status: "Nullable(UInt16)",
  finish_reason: LABEL,
  input_tokens: COUNT,
  output_tokens: COUNT,
  cached_tokens: COUNT,
  reasoning_tokens: COUNT,
  cost_usd: "Nullable(Float64) CODEC(ZSTD(1))",
  migration: LABEL,
  cohort: LABEL,
  flag_key: LABEL,
  flag_variant: LABEL,
  targeting_key_hash: ID,
  segments: "Map(LowCardinality(String), String)",
  output_chars: COUNT,
  code_fence: FLAG,
  json_valid: FLAG,
  refusal_class: LABEL,
  truncated: FLAG,
  tool_call_valid: FLAG,
  sampling_probability: "Float32",
  received_ms: time(EPOCHS.received_ms, "DoubleDelta, ZSTD(1)"),
  features: "Map(LowCardinality(String), Float64) CODEC(ZSTD(1))",
  labels: "Map(LowCardinality(String), LowCardinality(String))",
  key_paths: "Array(String) CODEC(ZSTD(1))",
  cache_write_tokens: COUNT,
  parameters: LABEL,
  clock_skew_ms: "Float64 CODEC(ZSTD(1))",
  error_kind: LABEL,
  error_fault: LABEL,
  error_parameter: LABEL,
  retry_wait_ms: "Nullable(Float64) CODEC(ZSTD(1))",
  throttled_attempts: COUNT,
  retry_after_kept: FLAG,
  handoff: LABEL,
  pair_id: ID,
};

/** Columns that came after the table was first created. */
const FEATURE_COLUMNS: readonly (keyof SpanRow)[] = ["features", "labels", "key_paths", "cache_write_tokens"];
const SETUP_COLUMNS: readonly (keyof SpanRow)[] = ["parameters"];
const CLOCK_COLUMNS: readonly (keyof SpanRow)[] = ["clock_skew_ms"];
const FAILURE_COLUMNS: readonly (keyof SpanRow)[] = ["error_kind", "error_fault", "error_parameter"];
const RETRY_COLUMNS: readonly (keyof SpanRow)[] = ["retry_wait_ms", "throttled_attempts", "retry_after_kept"];
const HANDOFF_COLUMNS: readonly (keyof SpanRow)[] = ["handoff"];
const PAIR_COLUMNS: readonly (keyof SpanRow)[] = ["pair_id"];
const ADDED = [
  ...[
    FEATURE_COLUMNS,
    SETUP_COLUMNS,
    CLOCK_COLUMNS,
    FAILURE_COLUMNS,
    RETRY_COLUMNS,
    HANDOFF_COLUMNS,
    PAIR_COLUMNS,
  ].flat(),
];

/**
 * One row per LLM call, as it came in: a span that was sent twice may be in it twice, so readers that count calls
 * count (trace_id, span_id). Days are partitions, dropped whole after SPAN_DAYS.
 */
export const createSpans = (placement: Placement): string => `
CREATE TABLE IF NOT EXISTS ${tableName(placement, SPANS)}${onCluster(placement)} (
${SPAN_COLUMNS.filter((column) => !ADDED.includes(column))
  .map((column) => `  ${column} ${SPAN_TYPES[column]},`)
  .join("\n")}
${Object.values(EPOCHS)
  .map((epoch) => `  ${epoch} Float64 EPHEMERAL,`)
  .join("\n")}
  INDEX received received_ms TYPE minmax GRANULARITY 1
) ENGINE = ${engineOf(placement, "")}
PARTITION BY toDate(end_ms)
ORDER BY (migration, service, cohort, end_ms)
TTL toDateTime(end_ms) + INTERVAL ${SPAN_DAYS} DAY
SETTINGS ttl_only_drop_parts = 1, ${dedupWindow(placement, 10_000)}`;

const addColumns = (placement: Placement, columns: readonly (keyof SpanRow)[]): string => `
ALTER TABLE ${tableName(placement, SPANS)}${onCluster(placement)}
${columns.map((column) => `ADD COLUMN IF NOT EXISTS ${column} ${SPAN_TYPES[column]}`).join(",\n")}`;

/** Adds what is measured of an answer. Rows of before have empty maps: unknown. */
export const addFeatures = (placement: Placement): string => addColumns(placement, FEATURE_COLUMNS);

/** Adds the parameters of the request. Rows of before have none: unknown. */
export const addParameters = (placement: Placement): string => addColumns(placement, SETUP_COLUMNS);

/** Adds how far a call was moved in time. Rows of before were not moved: 0. */
export const addClockSkew = (placement: Placement): string => addColumns(placement, CLOCK_COLUMNS);

/** Adds what kind of failure an error is. Rows of before have none: unknown. */
export const addFailures = (placement: Placement): string => addColumns(placement, FAILURE_COLUMNS);

/** Adds what the attempts of a call met with. Rows of before have nothing: unknown. */
export const addRetries = (placement: Placement): string => addColumns(placement, RETRY_COLUMNS);

/** Adds which turns follow a change of the conversation's arm. Rows of before have none: unknown. */
export const addHandoff = (placement: Placement): string => addColumns(placement, HANDOFF_COLUMNS);

/** Adds which pair a second call belongs to. Rows of before have none: unknown. */
export const addPairId = (placement: Placement): string => addColumns(placement, PAIR_COLUMNS);

/** Lets the duration be unknown. Rows of before keep theirs. */
export const allowUnknownDuration = (placement: Placement): string => `
ALTER TABLE ${tableName(placement, SPANS)}${onCluster(placement)}
MODIFY COLUMN duration_ms ${SPAN_TYPES.duration_ms}`;
