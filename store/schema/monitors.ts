import { dedupWindow, engineOf, onCluster, type Placement, tableName } from "./placement.ts";

/** Name of the table of what monitors judged. */
export const MONITOR_SLICES = "monitor_slices";

/** Name of the table of what monitors knew. */
export const MONITOR_STATES = "monitor_states";

/** `signal` of the one row that says where a monitor's past ends and its minutes begin. */
export const ORIGIN = "origin";

/**
 * What monitors judged: sufficient statistics per signal and series of each slice, an hour of the past or a minute.
 * `slot` is the start of the minute (or hour) the calls ended in: late ones are in a later slice. All rows of a slice
 * are written by one insert, among them a row `calls`.
 */
export const createMonitorSlices = (placement: Placement): string => `
CREATE TABLE IF NOT EXISTS ${tableName(placement, MONITOR_SLICES)}${onCluster(placement)} (
  monitor LowCardinality(String),
  hash LowCardinality(String),
  slice_from DateTime64(3, 'UTC'),
  slice_to DateTime64(3, 'UTC'),
  slot DateTime('UTC'),
  series String,
  signal LowCardinality(String),
  n UInt64,
  sum Float64,
  bins Map(String, UInt64)
) ENGINE = ${engineOf(placement, "")}
ORDER BY (monitor, hash, slice_to, series, signal, slot)
TTL toDateTime(slice_to) + INTERVAL 90 DAY
SETTINGS ${dedupWindow(placement, 10_000)}`;

/**
 * What a monitor knew at the end of a slice, as JSON: a restart goes on from the newest, and replays the slices since.
 */
export const createMonitorStates = (placement: Placement): string => `
CREATE TABLE IF NOT EXISTS ${tableName(placement, MONITOR_STATES)}${onCluster(placement)} (
  monitor LowCardinality(String),
  hash LowCardinality(String),
  at DateTime64(3, 'UTC'),
  state String CODEC(ZSTD(3))
) ENGINE = ${engineOf(placement, "")}
ORDER BY (monitor, hash, at)
TTL toDateTime(at) + INTERVAL 30 DAY
SETTINGS ${dedupWindow(placement, 10_000)}`;
