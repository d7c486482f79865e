import { PAIR_COLUMNS, type PairRow } from "../../core/pair-row.ts";
import { PAIR_DAYS } from "../../core/retention.ts";
import { dedupWindow, engineOf, onCluster, type Placement, tableName } from "./placement.ts";

/** Name of the table of served calls and their second answers. */
export const PAIRS = "llm_pairs";

/** As in `llm_spans`: epoch ms with a fraction fill a DateTime64 through an ephemeral number. */
const EPOCHS = { at_ms: "at_epoch", received_ms: "received_epoch" } as const;

const isTime = (column: keyof PairRow): column is keyof typeof EPOCHS => column in EPOCHS;

/** The columns an insert of encodePairRow() lines names, in PAIR_COLUMNS order. */
export const PAIR_INSERT_COLUMNS: readonly string[] = PAIR_COLUMNS.map((column) =>
  isTime(column) ? EPOCHS[column] : column,
);

const time = (epoch: string): string =>
  `DateTime64(3, 'UTC') DEFAULT fromUnixTimestamp64Milli(toInt64(floor(${epoch})), 'UTC') CODEC(DoubleDelta, ZSTD(1))`;

const LABEL = "LowCardinality(String)";
const TEXT = "String CODEC(ZSTD(1))";
const CODES = "Array(String) CODEC(ZSTD(1))";

const TYPES: Readonly<Record<keyof PairRow, string>> = {
  id: TEXT,
  at_ms: time(EPOCHS.at_ms),
  received_ms: time(EPOCHS.received_ms),
  kind: LABEL,
  outcome: LABEL,
  calls: "UInt32",
  migration: LABEL,
  service: LABEL,
  instance: LABEL,
  trace_id: TEXT,
  span_id: TEXT,
  other_trace_id: TEXT,
  other_span_id: TEXT,
  cluster: TEXT,
  segments: "Map(LowCardinality(String), String)",
  served_model: LABEL,
  other_model: LABEL,
  error_type: LABEL,
  numbers: "Map(LowCardinality(String), Float64) CODEC(ZSTD(1))",
  labels: "Map(LowCardinality(String), String)",
  changed: CODES,
  served_values: CODES,
  other_values: CODES,
};

/** A row that was sent twice may be in it twice, with the same id, so that readers count ids. Days are dropped whole. */
export const createPairs = (placement: Placement): string => `
CREATE TABLE IF NOT EXISTS ${tableName(placement, PAIRS)}${onCluster(placement)} (
${PAIR_COLUMNS.map((column) => `  ${column} ${TYPES[column]},`).join("\n")}
${Object.values(EPOCHS)
  .map((epoch) => `  ${epoch} Float64 EPHEMERAL`)
  .join(",\n")}
) ENGINE = ${engineOf(placement, "")}
PARTITION BY toDate(received_ms)
ORDER BY (migration, received_ms, id)
TTL toDateTime(received_ms) + INTERVAL ${PAIR_DAYS} DAY
SETTINGS ttl_only_drop_parts = 1, ${dedupWindow(placement, 10_000)}`;
