import { CONTENT_COLUMNS, type ContentRow } from "../../core/content-row.ts";
import { quoteName } from "../quote.ts";
import { dedupWindow, engineOf, onCluster, type Placement, tableName } from "./placement.ts";

/** Name of the table of what was asked and answered. */
export const CONTENT = "llm_content";

/** As in `llm_spans`: epoch ms with a fraction fill a DateTime64 through an ephemeral number. */
const EPOCHS = { at_ms: "at_epoch", received_ms: "received_epoch" } as const;

const isTime = (column: keyof ContentRow): column is keyof typeof EPOCHS => column in EPOCHS;

/** The columns an insert of encodeContentRow() lines names, in CONTENT_COLUMNS order. */
export const CONTENT_INSERT_COLUMNS: readonly string[] = CONTENT_COLUMNS.map((column) =>
  isTime(column) ? EPOCHS[column] : column,
);

/**
 * Content is in a database of its own beside the other tables: who may read all of those, as Grafana's user may, cannot read
 * this one without being given it by name.
 */
export const contentPlacement = ({ database, cluster }: Placement): Placement => ({
  database: `${database}_content`,
  cluster,
});

const time = (epoch: string): string =>
  `DateTime64(3, 'UTC') DEFAULT fromUnixTimestamp64Milli(toInt64(floor(${epoch})), 'UTC') CODEC(DoubleDelta, ZSTD(1))`;

const LABEL = "LowCardinality(String)";
const ID = "String CODEC(ZSTD(1))";
const TEXT = "String CODEC(ZSTD(3))";
const COUNT = "Nullable(UInt32) CODEC(ZSTD(1))";
const NUMBER = "Nullable(Float64) CODEC(ZSTD(1))";

/** Type of each column of `llm_content`. */
export const CONTENT_TYPES: Readonly<Record<keyof ContentRow, string>> = {
  ...{ trace_id: ID, span_id: ID, at_ms: time(EPOCHS.at_ms), received_ms: time(EPOCHS.received_ms) },
  ...{ migration: LABEL, cohort: LABEL, service: LABEL, pair_id: ID, provider: LABEL, operation: LABEL },
  ...{ request_model: LABEL, response_model: LABEL, finish_reason: LABEL, targeting_key_hash: ID },
  ...{ conversation_id: ID, segments: "Map(LowCardinality(String), String)", duration_ms: NUMBER },
  ...{ input_tokens: COUNT, output_tokens: COUNT, cost_usd: NUMBER, request: TEXT, messages: TEXT, system: TEXT },
  ...{ tools: TEXT, output: TEXT, truncated: "Array(LowCardinality(String))" },
};

const ttlOf = (keepMs: number): string => `toDateTime(received_ms) + INTERVAL ${Math.ceil(keepMs / 1000)} SECOND`;

/** The database of content. A user that may not create databases needs one that is there. */
export const createContentDatabase = (placement: Placement): string => {
  const own = contentPlacement(placement);
  return `CREATE DATABASE IF NOT EXISTS ${quoteName(own.database)}${onCluster(own)}`;
};

/** A row that was sent twice may be in it twice, under the same ids. Parts of a day are dropped whole when all of it is over. */
export const createContent = (placement: Placement, keepMs: number): string => {
  const own = contentPlacement(placement);
  return `
CREATE TABLE IF NOT EXISTS ${tableName(own, CONTENT)}${onCluster(own)} (
${CONTENT_COLUMNS.map((column) => `  ${column} ${CONTENT_TYPES[column]},`).join("\n")}
${Object.values(EPOCHS)
  .map((epoch) => `  ${epoch} Float64 EPHEMERAL,`)
  .join("\n")}
  INDEX spans span_id TYPE bloom_filter(0.01) GRANULARITY 1
) ENGINE = ${engineOf(own, "")}
PARTITION BY toDate(received_ms)
ORDER BY (migration, received_ms, trace_id, span_id)
TTL ${ttlOf(keepMs)}
SETTINGS ttl_only_drop_parts = 1, index_granularity = 256, ${dedupWindow(own, 10_000)}`;
};

/** Another `keep` than before holds for what is there already as well. */
export const keepContentFor = (placement: Placement, keepMs: number): string => {
  const own = contentPlacement(placement);
  return `ALTER TABLE ${tableName(own, CONTENT)}${onCluster(own)} MODIFY TTL ${ttlOf(keepMs)}`;
};
