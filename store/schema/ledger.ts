import { dedupWindow, engineOf, onCluster, type Placement, tableName } from "./placement.ts";

/** Name of the decision ledger. */
export const LEDGER = "ledger";

/**
 * What was seen, decided and done. Rows are added and never changed or dropped; `written` and `line` keep the order
 * of insertion. A fact that was appended twice has two rows with one id; readers take the first.
 */
export const createLedger = (placement: Placement): string => `
CREATE TABLE IF NOT EXISTS ${tableName(placement, LEDGER)}${onCluster(placement)} (
  id String,
  at DateTime64(3, 'UTC'),
  migration LowCardinality(String),
  by LowCardinality(String),
  incident String,
  type LowCardinality(String),
  event String CODEC(ZSTD(3)),
  written DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC'),
  line UInt32 DEFAULT 0
) ENGINE = ${engineOf(placement, "")}
PARTITION BY toYYYYMM(at)
ORDER BY (migration, at, written, line)
SETTINGS ${dedupWindow(placement, 10_000)}`;
