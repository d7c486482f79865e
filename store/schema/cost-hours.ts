import { dedupWindow, engineOf, onCluster, type Placement, tableName } from "./placement.ts";

/** Name of the table of costs taken apart, hour by hour. */
export const COST_HOURS = "cost_hours";

/** The columns an insert names, in the order of its lines. */
export const COST_HOUR_COLUMNS: readonly string[] = [
  ...["migration", "hour", "factor", "usd", "baseline_figure", "canary_figure", "baseline_usd", "canary_usd"],
  ...["baseline_calls", "canary_calls", "baseline_left_out", "canary_left_out", "why"],
];

/**
 * A row for each factor of an hour; one without a factor, and with the reason, for an hour that cannot be taken apart. `usd`: US
 * dollars a call, canary minus baseline. Calls are those whose cost is known. What several agents write at once is there once.
 */
export const createCostHours = (placement: Placement): string => `
CREATE TABLE IF NOT EXISTS ${tableName(placement, COST_HOURS)}${onCluster(placement)} (
  migration LowCardinality(String),
  hour DateTime('UTC'),
  factor LowCardinality(String),
  usd Float64,
  baseline_figure Nullable(Float64),
  canary_figure Nullable(Float64),
  baseline_usd Nullable(Float64),
  canary_usd Nullable(Float64),
  baseline_calls UInt64,
  canary_calls UInt64,
  baseline_left_out UInt64,
  canary_left_out UInt64,
  why LowCardinality(String),
  written DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
) ENGINE = ${engineOf(placement, "")}
ORDER BY (migration, hour, factor)
TTL hour + INTERVAL 400 DAY
SETTINGS ${dedupWindow(placement, 1_000)}`;
