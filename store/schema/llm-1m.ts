import { bucketSql } from "../bucket-sql.ts";
import { quoteText } from "../quote.ts";
import { SIGNAL_COLUMNS, type SignalColumn } from "../signal-columns.ts";
import { SPANS } from "./llm-spans.ts";
import { dedupWindow, engineOf, onCluster, type Placement, tableName } from "./placement.ts";

/** Name of the minute rollup. */
export const MINUTES = "llm_1m";

/** Days a rollup row is kept. */
export const MINUTE_DAYS = 400;

const KEYS = ["migration", "service", "cohort", "provider", "request_model", "response_model"];

/** Rates and values of the rollup, each as `<signal>_known` (calls) and `<signal>_sum`. */
const SUMMED = [
  "error",
  "refusal",
  "json_valid",
  "tool_call_valid",
  "truncated",
  "code_fence",
  "latency_ms",
  "ttft_ms",
  "input_tokens",
  "output_tokens",
  "tokens_total",
  "cost_usd",
  "output_chars",
] as const;

/** Values kept as a histogram too, `<signal>_bins`: logarithmic bucket -> calls. */
const BINNED = ["latency_ms", "ttft_ms"] as const;

const columnOf = (signal: (typeof SUMMED)[number]): SignalColumn => {
  const column = SIGNAL_COLUMNS[signal];
  if (column === undefined) throw new Error(`signal ${signal} has no column in ${SPANS}`);
  return column;
};

const sumOf = (signal: (typeof SUMMED)[number]): string => {
  const { value, known } = columnOf(signal);
  return `  sumIf(toFloat64(ifNull(${value}, 0)), ${known}) AS ${signal}_sum`;
};

const binsOf = (signal: (typeof BINNED)[number]): string => {
  const { value, known } = columnOf(signal);
  return `  sumMapIf(map(${bucketSql(`ifNull(${value}, 0)`)}, toUInt64(1)), ${known}) AS ${signal}_bins`;
};

/**
 * Calls per minute (of their end) and key. It counts what was inserted: a span that was sent twice under two insert
 * tokens counts twice here, and once in `samples`.
 */
export const createMinutes = (placement: Placement): string => `
CREATE TABLE IF NOT EXISTS ${tableName(placement, MINUTES)}${onCluster(placement)} (
  minute DateTime('UTC') CODEC(DoubleDelta, ZSTD(1)),
${KEYS.map((key) => `  ${key} LowCardinality(String),`).join("\n")}
  calls SimpleAggregateFunction(sum, UInt64),
${SUMMED.map(
  (signal) =>
    `  ${signal}_known SimpleAggregateFunction(sum, UInt64),\n  ${signal}_sum SimpleAggregateFunction(sum, Float64),`,
).join("\n")}
${BINNED.map((signal) => `  ${signal}_bins SimpleAggregateFunction(sumMap, Map(Int32, UInt64))`).join(",\n")}
) ENGINE = ${engineOf(placement, "Aggregating")}
PARTITION BY toYYYYMM(minute)
ORDER BY (${KEYS.join(", ")}, minute)
TTL minute + INTERVAL ${MINUTE_DAYS} DAY
SETTINGS ${dedupWindow(placement, 10_000)}`;

/** Name of the view that fills it. */
export const MINUTES_VIEW: string = `${MINUTES}_fill`;

/** The materialized view that fills the rollup as spans arrive; `uuid` = the one it is to have, null = any. */
export const createMinutesView = (placement: Placement, uuid: string | null = null): string => `
CREATE MATERIALIZED VIEW IF NOT EXISTS ${tableName(placement, MINUTES_VIEW)}${uuid === null ? "" : ` UUID ${quoteText(uuid)}`}${onCluster(placement)}
TO ${tableName(placement, MINUTES)} AS
SELECT
  toStartOfMinute(toDateTime(end_ms, 'UTC')) AS minute,
${KEYS.map((key) => `  ${key},`).join("\n")}
  count() AS calls,
${SUMMED.map((signal) => `  countIf(${columnOf(signal).known}) AS ${signal}_known,\n${sumOf(signal)},`).join("\n")}
${BINNED.map(binsOf).join(",\n")}
FROM ${tableName(placement, SPANS)}
GROUP BY minute, ${KEYS.join(", ")}`;

/**
 * Makes the view of an older database count what is known as today's signals say. It is made anew: of a view whose query was
 * changed in place, the engine does not know any more that it has had a batch. It knows by the view's UUID, which stays.
 */
export const renewMinutesView = (placement: Placement, uuid: string | null): readonly string[] => [
  `DROP VIEW IF EXISTS ${tableName(placement, MINUTES_VIEW)}${onCluster(placement)} SYNC`,
  createMinutesView(placement, uuid),
];
