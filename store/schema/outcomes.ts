import { OUTCOME_COLUMNS, type OutcomeRow } from "../../core/outcome-row.ts";
import { OUTCOME_DAYS } from "../../core/retention.ts";
import { SPANS } from "./llm-spans.ts";
import { dedupWindow, engineOf, onCluster, type Placement, tableName } from "./placement.ts";

/** Name of the table of outcomes as they came in. */
export const OUTCOME_EVENTS = "outcome_events";

/** Name of the table of outcomes whose call is known. */
export const OUTCOMES = "llm_outcomes";

/** As in `llm_spans`: epoch ms with a fraction fill a DateTime64 through an ephemeral number. */
const EPOCHS = { at_ms: "at_epoch", received_ms: "received_epoch" } as const;

const isTime = (column: keyof OutcomeRow): column is keyof typeof EPOCHS => column in EPOCHS;

/** The columns an insert of encodeOutcomeRow() lines names, in OUTCOME_COLUMNS order. */
export const OUTCOME_INSERT_COLUMNS: readonly string[] = OUTCOME_COLUMNS.map((column) =>
  isTime(column) ? EPOCHS[column] : column,
);

const time = (epoch: string): string =>
  `DateTime64(3, 'UTC') DEFAULT fromUnixTimestamp64Milli(toInt64(floor(${epoch})), 'UTC') CODEC(DoubleDelta, ZSTD(1))`;

const LABEL = "LowCardinality(String)";
const TEXT = "String CODEC(ZSTD(1))";

const TYPES: Readonly<Record<keyof OutcomeRow, string>> = {
  id: TEXT,
  at_ms: time(EPOCHS.at_ms),
  received_ms: time(EPOCHS.received_ms),
  trace_id: TEXT,
  span_id: TEXT,
  response_id: TEXT,
  service: LABEL,
  name: LABEL,
  value: "Nullable(Float64) CODEC(ZSTD(1))",
  label: TEXT,
  error_type: LABEL,
  explanation: "String CODEC(ZSTD(3))",
};

const COLUMNS = OUTCOME_COLUMNS.map((column) => `  ${column} ${TYPES[column]},`).join("\n");

const EPHEMERAL = Object.values(EPOCHS)
  .map((epoch) => `  ${epoch} Float64 EPHEMERAL`)
  .join(",\n");

const keptFor = (placement: Placement): string => `PARTITION BY toDate(received_ms)
TTL toDateTime(received_ms) + INTERVAL ${OUTCOME_DAYS} DAY
SETTINGS ttl_only_drop_parts = 1, ${dedupWindow(placement, 10_000)}`;

/** One row per outcome as it came in; one that was sent twice may be in it twice, with the same id. */
export const createOutcomeEvents = (placement: Placement): string => `
CREATE TABLE IF NOT EXISTS ${tableName(placement, OUTCOME_EVENTS)}${onCluster(placement)} (
${COLUMNS}
${EPHEMERAL}
) ENGINE = ${engineOf(placement, "")}
ORDER BY (received_ms, id)
${keptFor(placement)}`;

/**
 * One row per outcome whose call is known: `trace_id` and `span_id` are the call's, and so are migration, cohort and
 * segments. Two agents may both have written it, so that readers count ids.
 */
export const createOutcomes = (placement: Placement): string => `
CREATE TABLE IF NOT EXISTS ${tableName(placement, OUTCOMES)}${onCluster(placement)} (
${COLUMNS}
  migration ${LABEL},
  cohort ${LABEL},
  segments Map(LowCardinality(String), String),
${EPHEMERAL}
) ENGINE = ${engineOf(placement, "")}
ORDER BY (migration, name, cohort, received_ms)
${keptFor(placement)}`;

/** Finds a call by its ids without reading every call of the week. Parts that are older get it when they are merged. */
export const indexSpanIds = (placement: Placement): readonly string[] =>
  ["trace_id", "response_id"].map(
    (column) => `ALTER TABLE ${tableName(placement, SPANS)}${onCluster(placement)}
ADD INDEX IF NOT EXISTS by_${column} ${column} TYPE bloom_filter(0.001) GRANULARITY 1`,
  );
