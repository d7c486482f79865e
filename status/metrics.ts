import type { CollectorStats, ConnectionStats, SpoolStats } from "../core/collector-stats.ts";
import { UNTAKEN_REASONS } from "../core/untaken-text.ts";
import type { MigrationSnapshot } from "../lifecycle/snapshot.ts";
import type { EngineHealth } from "../store/embedded/engine-health.ts";
import type { HeartbeatView } from "./heartbeat-view.ts";
import { type Family, formatFamily, single } from "./metric-family.ts";
import { type SpoolPrefix, spoolMetric } from "./metric-table.ts";
import { migrationFamilies } from "./migration-metrics.ts";
import { monitorFamilies } from "./monitor-metrics.ts";
import type { MonitorView } from "./monitor-view.ts";

const spoolFamilies = (prefix: SpoolPrefix, stats: SpoolStats): readonly Family[] =>
  (Object.keys(stats) as (keyof SpoolStats)[]).flatMap((stat) => {
    const value = stats[stat];
    return value === null ? [] : [single(spoolMetric(prefix, stat), value)];
  });

const collectorFamilies = (stats: CollectorStats): readonly Family[] => [
  single("leeway_spans_received_total", stats.receivedSpans),
  single("leeway_rows_acknowledged_total", stats.rows),
  single("leeway_outcomes_acknowledged_total", stats.outcomes),
  single("leeway_pairs_acknowledged_total", stats.pairs),
  single("leeway_content_acknowledged_total", stats.content),
  {
    name: "leeway_content_lost_total",
    values: Object.entries(stats.contentLost).map(([reason, value]) => [{ reason }, value]),
  },
  single("leeway_duplicates_total", stats.duplicates),
  single("leeway_covered_spans_total", stats.covered),
  single("leeway_exchanged_rows_total", stats.exchanged),
  single("leeway_better_spans_late_total", stats.betterTooLate),
  single("leeway_forgotten_spans_total", stats.forgottenEarly),
  single("leeway_other_spans_total", stats.other),
  {
    name: "leeway_untaken_spans_total",
    values: UNTAKEN_REASONS.map((reason) => [
      { reason },
      stats.untaken.reduce((sum, kind) => sum + (kind.reason === reason ? kind.spans : 0), 0),
    ]),
  },
  single("leeway_late_rows_total", stats.late),
  single("leeway_rows_set_aside_total", stats.setAsideRows),
  {
    name: "leeway_refused_total",
    values: Object.entries(stats.refused).map(([reason, value]) => [{ reason }, value]),
  },
  single("leeway_ingest_requests", stats.admission.requests),
  single("leeway_ingest_bytes", stats.admission.bytes),
  single("leeway_ingest_wait_seconds", stats.admission.waitMs / 1000),
  ...spoolFamilies("leeway_spool", stats.spool),
  ...spoolFamilies("leeway_earlier_spool", stats.earlierSpool),
  ...spoolFamilies("leeway_outcome_spool", stats.outcomeSpool),
  ...spoolFamilies("leeway_pair_spool", stats.pairSpool),
  ...spoolFamilies("leeway_content_spool", stats.contentSpool),
  {
    name: "leeway_app_spans_dropped_total",
    values: stats.exporters.map(({ service, instance, dropped }) => [{ service, instance }, dropped]),
  },
  {
    name: "leeway_app_outcomes_dropped_total",
    values: stats.outcomeExporters.map(({ service, instance, dropped }) => [{ service, instance }, dropped]),
  },
  {
    name: "leeway_app_spans_unexplained",
    values: stats.exporters.map(({ service, instance, unexplained }) => [{ service, instance }, unexplained]),
  },
  {
    name: "leeway_sender_clock_skew_seconds",
    values: stats.senderClocks.map(({ service, instance, skewMs }) => [{ service, instance }, skewMs / 1000]),
  },
  {
    name: "leeway_costs_differing_total",
    values: stats.costDifferences.map(({ model, calls }) => [{ model }, calls]),
  },
];

const engineFamilies = (engine: EngineHealth | null): readonly Family[] =>
  engine === null
    ? []
    : [
        single("leeway_engine_up", engine.down === null ? 1 : 0),
        single("leeway_engine_confined", engine.isConfined ? 1 : 0),
        single("leeway_engine_restarts_total", engine.restarts),
      ];

const channelFamilies = (channels: NonNullable<OwnMetrics["channels"]>): readonly Family[] => [
  {
    name: "leeway_channel_failing",
    values: channels.map(({ name, isFailing }) => [{ channel: name }, isFailing ? 1 : 0]),
  },
  { name: "leeway_notices_waiting", values: channels.map(({ name, waiting }) => [{ channel: name }, waiting]) },
];
const heartbeatFamilies = (heartbeat: HeartbeatView | null): readonly Family[] =>
  heartbeat === null
    ? []
    : [
        {
          name: "leeway_heartbeat_last_success_seconds",
          values: heartbeat.lastSuccess === null ? [] : [[{}, heartbeat.lastSuccess / 1000]],
        },
        single("leeway_heartbeat_failures_total", heartbeat.failures),
        single("leeway_heartbeat_withheld", heartbeat.withheld ? 1 : 0),
      ];

const NO_CONNECTIONS: ConnectionStats = { open: 0, limit: 0, dropped: 0 };

const connectionFamilies = (listeners: Readonly<Record<string, ConnectionStats>>): readonly Family[] => {
  const per = (value: (stats: ConnectionStats) => number): Family["values"] =>
    Object.entries(listeners).map(([listener, stats]) => [{ listener }, value(stats)]);
  return [
    { name: "leeway_connections", values: per(({ open }) => open) },
    { name: "leeway_connections_limit", values: per(({ limit }) => limit) },
    { name: "leeway_connections_dropped_total", values: per(({ dropped }) => dropped) },
  ];
};

/** What is told of the agent itself. */
export interface OwnMetrics {
  /** By how much the machine's clock was set not long ago, ms. Default 0: not at all. */
  readonly clockStepMs?: number;
  /** Of the embedded engine; null = there is none. Default null. */
  readonly engine?: EngineHealth | null;
  /** Where notices go. Default: none. */
  readonly channels?: readonly {
    readonly name: string;
    readonly isFailing: boolean;
    readonly waiting: number;
  }[];
  /** Of its heartbeat; null = it has none. Default null. */
  readonly heartbeat?: HeartbeatView | null;
  /** Of its own listener. */
  readonly connections?: ConnectionStats;
}

/** The agent's metrics in the Prometheus text format. */
export const renderMetrics = (
  stats: CollectorStats,
  migrations: readonly MigrationSnapshot[],
  monitors: readonly MonitorView[] = [],
  { clockStepMs = 0, engine = null, heartbeat = null, channels = [], connections = NO_CONNECTIONS }: OwnMetrics = {},
): string =>
  `${[
    single("leeway_clock_step_seconds", clockStepMs / 1000),
    ...collectorFamilies(stats),
    ...engineFamilies(engine),
    ...channelFamilies(channels),
    ...heartbeatFamilies(heartbeat),
    ...connectionFamilies({ collector: stats.connections, agent: connections }),
    ...migrationFamilies(migrations),
    ...monitorFamilies(monitors),
  ]
    .map(formatFamily)
    .join("\n")}\n`;
