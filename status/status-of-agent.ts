import type { CollectorStats, ContentLoss, RefusalReason } from "../core/collector-stats.ts";
import { membersOf } from "../core/exhaustive.ts";
import { exactPercent } from "../core/percent.ts";
import { valueUnit } from "../core/value-unit.ts";
import { whyText } from "../core/why.ts";
import type { MigrationSnapshot } from "../lifecycle/snapshot.ts";
import { stageText } from "../lifecycle/stages.ts";
import type { EngineHealth } from "../store/embedded/engine-health.ts";
import type { Freshness } from "../store/store.ts";
import { describeEntry } from "./describe-entry.ts";
import { describeRule } from "./describe-rule.ts";
import { drillView } from "./drill-view.ts";
import { incidentView } from "./incident-view.ts";
import type { MonitorView } from "./monitor-view.ts";
import type { PairsView } from "./pairs-view.ts";
import type {
  LedgerLineView,
  MigrationView,
  PipelineView,
  SilenceView,
  StatusView,
  VerdictView,
} from "./status-page.ts";

const LEDGER_LINES = 40;

/** What the status is read from. */
export interface StatusSources {
  readonly store: { readonly freshness: (migration: string) => Promise<Freshness> };
  readonly migrations: readonly MigrationSnapshot[];
  readonly collector: { readonly stats: () => CollectorStats };
  readonly monitors: () => readonly MonitorView[];
  readonly problems: () => Promise<readonly string[]>;
  /** Default: none. */
  readonly silences?: () => readonly SilenceView[];
  /** What is known of a migration's shadow; null outside a shadow stage. Default: nothing. */
  readonly shadowOf?: (migration: string) => PairsView | null;
  /** How the embedded engine fares; null, or left out, where the store is a server. */
  readonly engine?: () => EngineHealth | null;
}

const verdictViews = ({ migration, judgement }: MigrationSnapshot): readonly VerdictView[] =>
  migration.rules.flatMap((rule) => {
    const verdict = judgement?.verdicts.find((each) => each.rule === rule.id);
    return verdict === undefined ? [] : [{ verdict, title: describeRule(rule), unit: valueUnit(rule) }];
  });

/** After a rollback the stage is what it was, and serves nothing. */
const stageTextOf = ({ migration, state, share }: MigrationSnapshot): string => {
  const stage = migration.stages[state.stage];
  if (state.stage < 0) return "before its first stage";
  if (stage === undefined) return "done";
  return state.rollback === null && state.hash !== null ? stageText(stage) : `canary ${exactPercent(share)}`;
};

const migrationView = async (snapshot: MigrationSnapshot, sources: StatusSources): Promise<MigrationView> => {
  const { migration, state, standing, share, judgement, lastTick, hold } = snapshot;
  const fresh = await sources.store.freshness(migration.name).catch(() => null);
  const calls = fresh?.calls ?? null;
  const total = calls === null ? 0 : calls.canary + calls.baseline;
  const shape = judgement?.shape;
  const shadow = sources.shadowOf?.(migration.name) ?? null;
  return {
    name: migration.name,
    owner: migration.owner,
    ...(migration.why === undefined ? {} : { why: whyText(migration.why) }),
    standing,
    stage: stageTextOf(snapshot),
    stageIndex: Math.min(state.stage, migration.stages.length - 1),
    stageCount: migration.stages.length,
    stageSince: state.hash === null ? null : state.stageSince,
    shareConfigured: share,
    shareObserved: calls !== null && total > 0 ? calls.canary / total : null,
    calls,
    newestCall: fresh?.newestEnd ?? null,
    lastTick,
    incident: incidentView(snapshot),
    call: state.call,
    drill: drillView(snapshot),
    verdicts: verdictViews(snapshot),
    doubts: judgement?.doubts ?? [],
    ...(judgement?.notes === undefined ? {} : { notes: judgement.notes }),
    hold: hold?.reason ?? null,
    ...(snapshot.preflight == null ? {} : { preflight: snapshot.preflight }),
    ...(shape === undefined ? {} : { shape }),
    ...(shadow === null ? {} : { shadow }),
  };
};

/** Refused for a while only: their senders come again, and nothing is lost. */
const POSTPONED: readonly RefusalReason[] = ["overloaded", "disk-slow", "spool-full", "disk-failed"];

const countRefused = ({ refused }: CollectorStats, isPostponed: boolean): number =>
  Object.entries(refused)
    .filter(([reason]) => POSTPONED.some((each) => each === reason) === isPostponed)
    .reduce((sum, [, count]) => sum + count, 0);

const engineViews = (engine: EngineHealth | null): readonly PipelineView[] =>
  engine === null
    ? []
    : [
        { name: "restarts of the engine", value: engine.restarts, unit: "", alarming: engine.restarts > 0 },
        { name: "engine held to its folder, 1 = yes", value: engine.isConfined ? 1 : 0, unit: "", alarming: false },
      ];

/** What is wrong with the times of spans that are refused; a unit is told only where somebody sends it. */
const timeViews = ({ refused }: CollectorStats): readonly PipelineView[] => {
  const view = (reason: RefusalReason, name: string): PipelineView => {
    const value = refused[reason];
    return { name: `of them ${name}`, value, unit: "", alarming: value > 0 };
  };
  return [
    view("too-old", "older than what is kept"),
    ...[
      view("invalid-time", "without a start or an end, or ending before they began"),
      view("seconds-as-nanoseconds", "with times in seconds instead of nanoseconds"),
      view("milliseconds-as-nanoseconds", "with times in milliseconds instead of nanoseconds"),
      view("microseconds-as-nanoseconds", "with times in microseconds instead of nanoseconds"),
    ].filter(({ alarming }) => alarming),
  ];
};

/** Of interest to those who have such spans alone. */
const betterViews = ({ exchanged, betterTooLate }: CollectorStats): readonly PipelineView[] =>
  [
    { name: "calls whose better span came in time", value: exchanged, unit: "", alarming: false },
    { name: "calls whose better span came too late", value: betterTooLate, unit: "", alarming: false },
  ].filter(({ value }) => value > 0);

const LOST: Readonly<Record<ContentLoss, string>> = {
  "too-large": "contents not kept, longer than content.maxBytes",
  covered: "contents not kept, on a second span of a call",
  "spool-full": "contents not kept, no room to wait for the store",
  "switched-off": "contents thrown away, content is switched off",
  "store-refused": "contents the store refused",
};

/** Of interest to those who keep content alone. */
const contentViews = ({ content, contentLost }: CollectorStats): readonly PipelineView[] =>
  [
    { name: "contents of calls kept", value: content, unit: "", alarming: false },
    ...membersOf<ContentLoss>(LOST).map((reason) => ({
      ...{ name: LOST[reason], value: contentLost[reason], unit: "" },
      alarming: reason === "spool-full" || reason === "store-refused",
    })),
  ].filter(({ value }) => value > 0);

const pipelineViews = (stats: CollectorStats): readonly PipelineView[] => {
  const [refused, postponed] = [countRefused(stats, false), countRefused(stats, true)];
  const insertFailures = stats.spool.insertFailures + stats.earlierSpool.insertFailures;
  const dropped = stats.exporters.reduce((sum, each) => sum + each.dropped, 0);
  const unexplained = stats.exporters.reduce((sum, each) => sum + each.unexplained, 0);
  const damaged =
    stats.spool.damagedRows +
    stats.outcomeSpool.damagedRows +
    stats.pairSpool.damagedRows +
    stats.contentSpool.damagedRows;
  return [
    { name: "spans received", value: stats.receivedSpans, unit: "", alarming: false },
    { name: "calls stored safely", value: stats.rows, unit: "", alarming: false },
    { name: "repeated calls, not counted twice", value: stats.duplicates, unit: "", alarming: false },
    ...betterViews(stats),
    ...contentViews(stats),
    { name: "requests or spans refused", value: refused, unit: "", alarming: refused > 0 },
    ...timeViews(stats),
    { name: "rows the store refused", value: stats.setAsideRows, unit: "", alarming: stats.setAsideRows > 0 },
    {
      name: "requests told to come again later",
      value: postponed,
      unit: "",
      alarming: stats.admission.overloadedForMs !== null,
    },
    { name: "spans the apps had to drop", value: dropped, unit: "", alarming: dropped > 0 },
    { name: "calls that never arrived, unreported", value: unexplained, unit: "", alarming: unexplained > 0 },
    {
      name: "calls that cost another sum by their sender",
      value: stats.costDifferences.reduce((sum, { calls }) => sum + calls, 0),
      unit: "",
      alarming: stats.costDifferences.length > 0,
    },
    { name: "calls too late to be judged", value: stats.late, unit: "", alarming: stats.late > 0 },
    {
      name: "waiting for the store",
      value: stats.spool.rows + stats.earlierSpool.rows,
      unit: "calls",
      alarming: (stats.spool.oldestUnsavedMs ?? 0) > 60_000,
    },
    {
      name: "inserts that failed",
      value: insertFailures,
      unit: "",
      alarming: insertFailures > 0,
    },
    {
      name: "calls, outcomes, pairs and contents damaged on disk, set aside",
      value: damaged,
      unit: "",
      alarming: damaged > 0,
    },
  ];
};

const ledgerLines = (migrations: readonly MigrationSnapshot[]): readonly LedgerLineView[] =>
  migrations
    .flatMap(({ entries }) => entries)
    // Who of several agents makes a try is for the whole ledger, not for the newest lines of it.
    .filter(({ event }) => event.type !== "claim")
    .sort((a, b) => b.at - a.at)
    .slice(0, LEDGER_LINES)
    .map((entry) => ({ at: entry.at, migration: entry.migration, by: entry.by, text: describeEntry(entry) }));

/** Everything the status page and `leeway status` show at this moment. */
export const statusView = async (
  moment: Pick<StatusView, "now" | "startedAt" | "version">,
  sources: StatusSources,
): Promise<StatusView> => {
  const problems = await sources.problems();
  const migrations = await Promise.all(sources.migrations.map((snapshot) => migrationView(snapshot, sources)));
  const stats = sources.collector.stats();
  return {
    ...{ ...moment, problems, migrations, monitors: sources.monitors() },
    silences: sources.silences?.() ?? [],
    pipeline: [...pipelineViews(stats), ...engineViews(sources.engine?.() ?? null)],
    untaken: stats.untaken,
    ledger: ledgerLines(sources.migrations),
  };
};
