import type { SpoolStats } from "../core/collector-stats.ts";

/** A counter only grows while the agent runs, and its name ends in `_total`; a gauge is what is true at the moment. */
export type MetricType = "counter" | "gauge";

/** One metric, as `/metrics` declares it. */
export interface Metric {
  readonly name: string;
  readonly type: MetricType;
  /** Of each of its samples; none = it has one sample. */
  readonly labels: readonly string[];
  readonly help: string;
}

const OWN = [
  ["leeway_clock_step_seconds", "gauge", [], "By how much the machine's clock was set not long ago; 0 = not."],
  ["leeway_spans_received_total", "counter", [], "Spans of well-formed requests."],
  ["leeway_rows_acknowledged_total", "counter", [], "LLM calls made durable, each once."],
  ["leeway_outcomes_acknowledged_total", "counter", [], "Outcomes of calls made durable, each once."],
  [
    "leeway_pairs_acknowledged_total",
    "counter",
    [],
    "Pairs of a served call and its second answer made durable, and counts of calls without one, each once.",
  ],
  [
    "leeway_content_acknowledged_total",
    "counter",
    [],
    "Contents of calls made durable, where content is opted in, each once.",
  ],
  [
    "leeway_content_lost_total",
    "counter",
    ["reason"],
    "Contents of calls that were not kept, while their calls were, by reason.",
  ],
  ["leeway_duplicates_total", "counter", [], "Calls, outcomes and pairs acknowledged again and not stored twice."],
  ["leeway_covered_spans_total", "counter", [], "Spans of calls that another instrumentation's span stands for."],
  [
    "leeway_exchanged_rows_total",
    "counter",
    [],
    "Rows that gave way to a better span of their call, which came later and before they were stored.",
  ],
  [
    "leeway_better_spans_late_total",
    "counter",
    [],
    "Better spans that came when the row of their call was stored, or on its way; the row stays.",
  ],
  [
    "leeway_forgotten_spans_total",
    "counter",
    [],
    "Spans forgotten within a minute, because more came than are kept in mind; others of their calls become rows.",
  ],
  ["leeway_other_spans_total", "counter", [], "Spans that are no LLM call."],
  [
    "leeway_untaken_spans_total",
    "counter",
    ["reason"],
    "Spans about a model that are no LLM call here, by what they lack; agents and tools are contains-calls.",
  ],
  [
    "leeway_late_rows_total",
    "counter",
    [],
    "Rows that arrived more than ten minutes after their call ended; they are not judged.",
  ],
  ["leeway_rows_set_aside_total", "counter", [], "Rows the store refuses for what they say, kept in files."],
  ["leeway_refused_total", "counter", ["reason"], "Requests, spans, outcomes or pairs refused, by reason."],
  ["leeway_ingest_requests", "gauge", [], "Requests to the collector that are under way."],
  ["leeway_ingest_bytes", "gauge", [], "Bytes of bodies that are under way."],
  [
    "leeway_ingest_wait_seconds",
    "gauge",
    [],
    "How long a new request would wait for those ahead of it; beyond a second it is refused.",
  ],
  [
    "leeway_app_spans_dropped_total",
    "counter",
    ["service", "instance"],
    "Spans an app process had to drop, as it reported itself.",
  ],
  [
    "leeway_app_outcomes_dropped_total",
    "counter",
    ["service", "instance"],
    "Outcomes an app process had to drop, as it reported itself.",
  ],
  [
    "leeway_app_spans_unexplained",
    "gauge",
    ["service", "instance"],
    "Calls of an app process that never arrived although later ones did, and that it did not report.",
  ],
  [
    "leeway_sender_clock_skew_seconds",
    "gauge",
    ["service", "instance"],
    "By how much a sender's clock is ahead, or behind (negative), which a steady delay looks like.",
  ],
  [
    "leeway_costs_differing_total",
    "counter",
    ["model"],
    "Calls whose sender says a cost that differs from the price table's by more than 5%.",
  ],
  [
    "leeway_channel_failing",
    "gauge",
    ["channel"],
    "1 while a channel loses notices for good, or has tried one in vain for ten minutes.",
  ],
  ["leeway_notices_waiting", "gauge", ["channel"], "Notices that are still to be delivered through a channel."],
  [
    "leeway_heartbeat_last_success_seconds",
    "gauge",
    [],
    "When the last heartbeat was taken, Unix seconds; no sample without one.",
  ],
  ["leeway_heartbeat_failures_total", "counter", [], "Heartbeats that were sent and not taken."],
  ["leeway_heartbeat_withheld", "gauge", [], "1 while no heartbeat is sent, because something is not judged."],
  ["leeway_engine_up", "gauge", [], "1 while the embedded engine runs."],
  ["leeway_engine_confined", "gauge", [], "1 where the engine cannot write outside its folder."],
  ["leeway_engine_restarts_total", "counter", [], "Times the embedded engine ended and was started again."],
  ["leeway_connections", "gauge", ["listener"], "Open connections."],
  ["leeway_connections_limit", "gauge", ["listener"], "Connections that may be open at a time."],
  ["leeway_connections_dropped_total", "counter", ["listener"], "Connections closed to make room for others."],
  ["leeway_migration_stage", "gauge", ["migration"], "Index of the stage, 0-based."],
  ["leeway_migration_canary_share", "gauge", ["migration"], "Canary share the flag should serve, 0-1."],
  ["leeway_migration_rolled_back", "gauge", ["migration"], "1 after a rollback until a person re-arms."],
  [
    "leeway_migration_revision_pending",
    "gauge",
    ["migration"],
    "1 while a changed document waits on disk for leeway revise, which people were told of.",
  ],
  ["leeway_migration_last_tick_seconds", "gauge", ["migration"], "End of the last judged tick, Unix seconds."],
  [
    "leeway_drill_last_seconds",
    "gauge",
    ["migration", "outcome"],
    "End of the last rollback drill, Unix seconds; outcome: proven, flipped, failed or interrupted.",
  ],
  [
    "leeway_drill_duration_seconds",
    "gauge",
    ["migration"],
    "From decision to proof in the last rollback drill, or to the flag's reading where the drain could not be measured.",
  ],
  [
    "leeway_rule_excess",
    "gauge",
    ["migration", "rule"],
    "Log e-value of a rule minus its threshold; 0 or above is a breach. No sample before there is evidence.",
  ],
  ["leeway_rule_undecided", "gauge", ["migration", "rule", "reason"], "1 while a rule is undecided, by reason."],
  [
    "leeway_rule_calls_missing",
    "gauge",
    ["migration", "rule", "arm"],
    "Calls of an arm that an undecided rule takes yet, going by its evidence so far; no sample where no number can be given.",
  ],
  [
    "leeway_migration_doubt",
    "gauge",
    ["migration", "reason"],
    "1 while the data of a migration are in doubt and nothing is promoted on them, by reason.",
  ],
  [
    "leeway_migration_finding",
    "gauge",
    ["migration", "family", "feature", "segment"],
    "Effect of a finding that stands (Cohen's h or d; negative = down), by family, feature and segment.",
  ],
  [
    "leeway_monitor_drifted",
    "gauge",
    ["monitor", "series", "signal", "direction"],
    "1 while a signal stands away from its own past.",
  ],
  [
    "leeway_monitor_excess",
    "gauge",
    ["monitor", "series", "signal", "direction"],
    "Log wealth of a monitor's detector minus its threshold; 0 or above is an alarm.",
  ],
  [
    "leeway_monitor_last_minute_seconds",
    "gauge",
    ["monitor"],
    "End of the last minute a monitor judged, Unix seconds.",
  ],
  ["leeway_sentinel_calls_today", "gauge", ["monitor"], "Calls a sentinel made since 00:00 UTC."],
  [
    "leeway_sentinel_usd_today",
    "gauge",
    ["monitor"],
    "US dollars a sentinel spent since 00:00 UTC; calls of unknown cost count at their highest.",
  ],
  ["leeway_sentinel_failed", "gauge", ["monitor"], "Failed calls of a sentinel's last run."],
] as const;

/** What waits in each of the spools, by the prefix of its metrics. */
const SPOOLS = {
  leeway_spool: "calls",
  leeway_earlier_spool: "calls that ended on an earlier day",
  leeway_outcome_spool: "outcomes",
  leeway_pair_spool: "pairs",
  leeway_content_spool: "contents",
} as const;

/** What is told of a spool: the rest of the name, and its type, and what it counts. */
const OF_SPOOL = {
  bytes: ["bytes", "gauge", "bytes on disk that are not in the store yet"],
  rows: ["rows", "gauge", "rows on disk that are not in the store yet"],
  segments: ["segments", "gauge", "segments on disk, the growing one included"],
  insertedRows: ["inserted_rows_total", "counter", "rows the store took"],
  insertedSegments: ["inserted_segments_total", "counter", "segments the store took"],
  insertFailures: ["insert_failures_total", "counter", "tries that the store did not take; they are made again"],
  damagedSegments: [
    "damaged_segments_total",
    "counter",
    "segments set aside, because they are damaged or a newer version's",
  ],
  damagedRows: ["damaged_rows_total", "counter", "acknowledged rows in them that cannot be read"],
  unreadableSegments: ["unreadable_segments", "gauge", "segments the disk does not give back; they are tried again"],
  appendFailures: ["append_failures_total", "counter", "appends the disk refused"],
  oldestUnsavedMs: ["oldest_unsaved_ms", "gauge", "age of the oldest row that is not in the store yet, milliseconds"],
} as const;

/** How the metrics of a spool begin. */
export type SpoolPrefix = keyof typeof SPOOLS;

/** The name of every metric. */
export type MetricName = (typeof OWN)[number][0] | `${SpoolPrefix}_${(typeof OF_SPOOL)[keyof SpoolStats][0]}`;

/** The metric that tells `stat` of a spool. */
export const spoolMetric = (prefix: SpoolPrefix, stat: keyof SpoolStats): MetricName =>
  `${prefix}_${OF_SPOOL[stat][0]}`;

const spoolMetrics: readonly Metric[] = Object.entries(SPOOLS).flatMap(([prefix, what]) =>
  Object.values(OF_SPOOL).map(([rest, type, help]) => ({
    name: `${prefix}_${rest}`,
    type,
    labels: [],
    help: `Spool of ${what}: ${help}.`,
  })),
);

/** Every metric of `/metrics`, by its name. docs/metrics.md lists the same. */
export const METRICS: ReadonlyMap<string, Metric> = new Map(
  [...OWN.map(([name, type, labels, help]): Metric => ({ name, type, labels, help })), ...spoolMetrics].map(
    (metric) => [metric.name, metric],
  ),
);
