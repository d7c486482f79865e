import { PAIR_DAYS } from "../../core/retention.ts";
import { dedupWindow, engineOf, onCluster, type Placement, tableName } from "./placement.ts";

/** Name of the table of what the agent judges pairs to be. */
export const PAIR_WORDS = "llm_pair_words";

/** The columns an insert names, in the order of its lines. */
export const PAIR_WORD_COLUMNS: readonly string[] = [
  ...["migration", "pair_id", "received_ms", "segment", "word", "rule", "cluster", "judged_ms"],
];

/**
 * What a pair is in one segment; `segment` is empty for all pairs. A word that changed is one more row: of each pair and segment the row
 * judged last counts. `received_ms` is the pair's own, so that its words leave with it.
 */
export const createPairWords = (placement: Placement): string => `
CREATE TABLE IF NOT EXISTS ${tableName(placement, PAIR_WORDS)}${onCluster(placement)} (
  migration LowCardinality(String),
  pair_id String CODEC(ZSTD(1)),
  received_ms DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
  segment String CODEC(ZSTD(1)),
  word LowCardinality(String),
  rule LowCardinality(String),
  cluster String CODEC(ZSTD(1)),
  judged_ms DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1))
) ENGINE = ${engineOf(placement, "")}
PARTITION BY toDate(received_ms)
ORDER BY (migration, received_ms, pair_id, segment)
TTL toDateTime(received_ms) + INTERVAL ${PAIR_DAYS} DAY
SETTINGS ttl_only_drop_parts = 1, ${dedupWindow(placement, 10_000)}`;
