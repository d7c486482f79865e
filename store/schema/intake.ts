import { dedupWindow, engineOf, onCluster, type Placement, tableName } from "./placement.ts";

/** Name of the table of what the apps said of their own sending. */
export const INTAKE_TOTALS = "intake_totals";

/**
 * Totals that only grow, as one run of the agent knew them at `at`: spans a process dropped, calls of it that never
 * arrived (`subject` is the instance), evaluations of a flag (`subject`) that served a variant.
 */
export const createIntakeTotals = (placement: Placement): string => `
CREATE TABLE IF NOT EXISTS ${tableName(placement, INTAKE_TOTALS)}${onCluster(placement)} (
  at DateTime64(3, 'UTC'),
  agent LowCardinality(String),
  kind LowCardinality(String),
  service LowCardinality(String),
  subject String,
  variant LowCardinality(String),
  total UInt64
) ENGINE = ${engineOf(placement, "")}
ORDER BY (kind, service, subject, variant, agent, at)
TTL toDateTime(at) + INTERVAL 30 DAY
SETTINGS ${dedupWindow(placement, 1_000)}`;
