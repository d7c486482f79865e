import { CONTENT_COLUMNS, type ContentRow } from "../../core/content-row.ts";
import { CONTENT, CONTENT_TYPES, contentPlacement } from "./content.ts";
import { dedupWindow, engineOf, onCluster, type Placement, tableName } from "./placement.ts";

/** Name of the table of kept examples, in the database of content. */
export const BASELINES = "llm_baselines";

/** The table that examples are drawn from. */
export const contentTable = (placement: Placement): string => tableName(contentPlacement(placement), CONTENT);

/** The table of examples. */
export const baselinesTable = (placement: Placement): string => tableName(contentPlacement(placement), BASELINES);

const ttlOf = (keepMs: number): string => `toDateTime(received_ms) + INTERVAL ${Math.ceil(keepMs / 1000)} SECOND`;

/** Copied from `llm_content`, where times are made of numbers. */
const typeOf = (column: keyof ContentRow): string =>
  column === "at_ms" || column === "received_ms" ? "DateTime64(3, 'UTC')" : CONTENT_TYPES[column];

/**
 * What was asked and answered, and what each example was drawn as; `hour`: in which draw. A call that two agents draw may be in it
 * twice, under the same ids.
 */
export const createBaselines = (placement: Placement, keepMs: number): string => {
  const own = contentPlacement(placement);
  return `
CREATE TABLE IF NOT EXISTS ${baselinesTable(placement)}${onCluster(own)} (
  hour DateTime64(3, 'UTC'),
  stratum LowCardinality(String),
  weight Float64,
${CONTENT_COLUMNS.map((column) => `  ${column} ${typeOf(column)}`).join(",\n")}
) ENGINE = ${engineOf(own, "")}
PARTITION BY toYYYYMM(received_ms)
ORDER BY (migration, received_ms, trace_id, span_id)
TTL ${ttlOf(keepMs)}
SETTINGS index_granularity = 256, ${dedupWindow(own, 10_000)}`;
};

/** Another `keep` than before holds for what is there already as well. */
export const keepBaselinesFor = (placement: Placement, keepMs: number): string =>
  `ALTER TABLE ${baselinesTable(placement)}${onCluster(contentPlacement(placement))} MODIFY TTL ${ttlOf(keepMs)}`;
