import type { CollectorStats, ConnectionStats } from "../core/collector-stats.ts";
import type { Finding } from "../core/finding.ts";
import type { MigrationSnapshot } from "../lifecycle/snapshot.ts";
import type { EngineHealth } from "../store/embedded/engine-health.ts";
import type { Family } from "./metric-family.ts";
import { monitorFamilies } from "./monitor-metrics.ts";
import type { MonitorView } from "./monitor-view.ts";

const escapeLabel = (value: string): string =>
  value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");

const formatLabels = (labels: Readonly<Record<string, string>>): string => {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
};

const formatFamily = ({ name, type, help, values }: Family): string =>
  [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...values.map(([labels, value]) => `${name}${formatLabels(labels)} ${value}`),
  ].join("\n");

const counter = (name: string, help: string, value: number): Family => ({
  name: `leeway_${name}_total`,
  type: "counter",
  help,
  values: [[{}, value]],
});

const gauge = (name: string, help: string, value: number): Family => ({
  name: `leeway_${name}`,
  type: "gauge",
  help,
  values: [[{}, value]],
});

interface MigrationMetrics {
  readonly name: string;
  readonly stage: number;
  readonly shareConfigured: number;
  readonly rolledBack: boolean;
  readonly lastTick: number | null;
  readonly excess: readonly (readonly [rule: string, value: number])[];
  readonly undecided: readonly (readonly [rule: string, reason: string])[];
  readonly doubts: readonly string[];
  readonly findings: readonly Finding[];
}

const metricsOf = ({ migration, state, share, judgement, lastTick }: MigrationSnapshot): MigrationMetrics => ({
  name: migration.name,
  stage: state.stage,
  shareConfigured: share,
  rolledBack: state.rollback !== null,
  lastTick,
  undecided: (judgement?.verdicts ?? []).flatMap((verdict) =>
    verdict.outcome === "undecided" ? [[verdict.rule, verdict.why] as const] : [],
  ),
  doubts: (judgement?.doubts ?? []).map(({ reason }) => reason),
  findings: judgement?.shape?.findings ?? [],
  excess: (judgement?.verdicts ?? []).map(({ rule, evidence }) => [rule, evidence.logE - evidence.threshold]),
});

const migrationFamilies = (migrations: readonly MigrationMetrics[]): readonly Family[] => {
  // What is unknown has no sample: a zero would be a claim.
  const per = (name: string, help: string, value: (migration: MigrationMetrics) => number | null): Family => ({
    name: `leeway_migration_${name}`,
    type: "gauge",
    help,
    values: migrations.flatMap((migration) => {
      const known = value(migration);
      return known === null ? [] : [[{ migration: migration.name }, known] as const];
    }),
  });
  return [
    per("stage", "Index of the stage, 0-based.", (migration) => migration.stage),
    per("canary_share", "Canary share the flag should serve, 0-1.", (migration) => migration.shareConfigured),
    per("rolled_back", "1 after a rollback until a person re-arms.", (migration) => (migration.rolledBack ? 1 : 0)),
    per("last_tick_seconds", "End of the last judged tick, Unix seconds.", ({ lastTick }) =>
      lastTick === null ? null : lastTick / 1000,
    ),
    {
      name: "leeway_rule_excess",
      type: "gauge",
      help: "Log e-value of a rule minus its threshold; 0 or above is a breach.",
      values: migrations.flatMap(({ name, excess }) =>
        excess.map(([rule, value]) => [{ migration: name, rule }, value] as const),
      ),
    },
    {
      name: "leeway_rule_undecided",
      type: "gauge",
      help: "1 while a rule is undecided, by reason.",
      values: migrations.flatMap(({ name, undecided }) =>
        undecided.map(([rule, reason]) => [{ migration: name, rule, reason }, 1] as const),
      ),
    },
    {
      name: "leeway_migration_doubt",
      type: "gauge",
      help: "1 while the data of a migration are in doubt and nothing is promoted on them, by reason.",
      values: migrations.flatMap(({ name, doubts }) =>
        doubts.map((reason) => [{ migration: name, reason }, 1] as const),
      ),
    },
    {
      name: "leeway_migration_finding",
      type: "gauge",
      help: "Effect of a finding that stands (Cohen's h or d; negative = down), by family, feature and segment.",
      values: migrations.flatMap(({ name, findings }) =>
        findings.map(
          ({ family, feature, segment, effect }) => [{ migration: name, family, feature, segment }, effect] as const,
        ),
      ),
    },
  ];
};

const spoolFamilies = (prefix: string, help: string, stats: CollectorStats["spool"]): readonly Family[] =>
  Object.entries(stats).flatMap(([name, value]) => {
    const metric = `${prefix}_${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
    return value === null ? [] : [gauge(metric, help, value)];
  });

const collectorFamilies = (stats: CollectorStats): readonly Family[] => [
  counter("spans_received", "Spans of well-formed requests.", stats.receivedSpans),
  counter("rows_acknowledged", "LLM calls made durable, each once.", stats.rows),
  counter("outcomes_acknowledged", "Outcomes of calls made durable, each once.", stats.outcomes),
  counter("duplicates", "Calls and outcomes acknowledged again and not stored twice.", stats.duplicates),
  counter("covered_spans", "Spans of calls that another instrumentation's span stands for.", stats.covered),
  counter("other_spans", "Spans that are no LLM call.", stats.other),
  counter(
    "late_rows",
    "Rows that arrived more than ten minutes after their call ended; they are not judged.",
    stats.late,
  ),
  counter("rows_set_aside", "Rows the store refuses for what they say, kept in files.", stats.setAsideRows),
  {
    name: "leeway_refused_total",
    type: "counter",
    help: "Requests, spans or outcomes refused, by reason.",
    values: Object.entries(stats.refused).map(([reason, value]) => [{ reason }, value]),
  },
  gauge("ingest_requests", "Requests to the collector that are under way.", stats.admission.requests),
  gauge("ingest_bytes", "Bytes of bodies that are under way.", stats.admission.bytes),
  gauge(
    "ingest_wait_seconds",
    "How long a new request would wait for those ahead of it; beyond a second it is refused.",
    stats.admission.waitMs / 1000,
  ),
  ...spoolFamilies("spool", "State of the spool of calls.", stats.spool),
  ...spoolFamilies("earlier_spool", "State of the spool of calls that ended on an earlier day.", stats.earlierSpool),
  ...spoolFamilies("outcome_spool", "State of the spool of outcomes.", stats.outcomeSpool),
  {
    name: "leeway_app_spans_dropped_total",
    type: "counter",
    help: "Spans an app process had to drop, as it reported itself.",
    values: stats.exporters.map(({ service, instance, dropped }) => [{ service, instance }, dropped]),
  },
  {
    name: "leeway_app_outcomes_dropped_total",
    type: "counter",
    help: "Outcomes an app process had to drop, as it reported itself.",
    values: stats.outcomeExporters.map(({ service, instance, dropped }) => [{ service, instance }, dropped]),
  },
  {
    name: "leeway_app_spans_unexplained",
    type: "gauge",
    help: "Calls of an app process that never arrived although later ones did, and that it did not report.",
    values: stats.exporters.map(({ service, instance, unexplained }) => [{ service, instance }, unexplained]),
  },
  {
    name: "leeway_sender_clock_skew_seconds",
    type: "gauge",
    help: "How far the clock of a sender is ahead of the agent's (behind: negative), where its calls had to be moved.",
    values: stats.senderClocks.map(({ service, instance, skewMs }) => [{ service, instance }, skewMs / 1000]),
  },
];

const engineFamilies = (engine: EngineHealth | null): readonly Family[] =>
  engine === null
    ? []
    : [
        gauge("engine_up", "1 while the embedded engine runs.", engine.down === null ? 1 : 0),
        gauge("engine_confined", "1 where the engine cannot write outside its folder.", engine.isConfined ? 1 : 0),
        counter("engine_restarts", "Times the embedded engine ended and was started again.", engine.restarts),
      ];

const NO_CONNECTIONS: ConnectionStats = { open: 0, limit: 0, dropped: 0 };

const connectionFamilies = (listeners: Readonly<Record<string, ConnectionStats>>): readonly Family[] => {
  const per = (value: (stats: ConnectionStats) => number): Family["values"] =>
    Object.entries(listeners).map(([listener, stats]) => [{ listener }, value(stats)]);
  return [
    { name: "leeway_connections", type: "gauge", help: "Open connections.", values: per(({ open }) => open) },
    {
      name: "leeway_connections_limit",
      type: "gauge",
      help: "Connections that may be open at a time.",
      values: per(({ limit }) => limit),
    },
    {
      name: "leeway_connections_dropped_total",
      type: "counter",
      help: "Connections closed to make room for others.",
      values: per(({ dropped }) => dropped),
    },
  ];
};

/** What is told of the agent itself. */
export interface OwnMetrics {
  /** By how much the machine's clock was set not long ago, ms. Default 0: not at all. */
  readonly clockStepMs?: number;
  /** Of the embedded engine; null = there is none. Default null. */
  readonly engine?: EngineHealth | null;
  /** Of its own listener. */
  readonly connections?: ConnectionStats;
}

/** The agent's metrics in the Prometheus text format. */
export const renderMetrics = (
  stats: CollectorStats,
  migrations: readonly MigrationSnapshot[],
  monitors: readonly MonitorView[] = [],
  { clockStepMs = 0, engine = null, connections = NO_CONNECTIONS }: OwnMetrics = {},
): string =>
  `${[
    gauge("clock_step_seconds", "By how much the machine's clock was set not long ago; 0 = not.", clockStepMs / 1000),
    ...collectorFamilies(stats),
    ...engineFamilies(engine),
    ...connectionFamilies({ collector: stats.connections, agent: connections }),
    ...migrationFamilies(migrations.map(metricsOf)),
    ...monitorFamilies(monitors),
  ]
    .map(formatFamily)
    .join("\n")}\n`;
