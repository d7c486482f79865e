import { randomUUID } from "node:crypto";
import { createChannels } from "../alerts/channels/create-channels.ts";
import { isBuiltinTarget } from "../alerts/flags/builtin.ts";
import { createFlagTarget } from "../alerts/flags/create-flag-target.ts";
import type { FlagTarget } from "../alerts/flags/flag-target.ts";
import type { ServedFlag } from "../alerts/flags/ofrep.ts";
import { createLedgerWriter } from "../alerts/ledger-writer.ts";
import { createNotifier, type Notifier } from "../alerts/notifier.ts";
import { DEFAULT_COLLECTOR_SETTINGS } from "../collector/collector-settings.ts";
import { type Collector, createCollector } from "../collector/create-collector.ts";
import { LeewayError, messageOf } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import type { Migration } from "../core/migration.ts";
import type { EngineHealth } from "../store/embedded/engine-health.ts";
import { openStore } from "../store/open-store.ts";
import type { Store } from "../store/store.ts";
import { assignCall } from "./assign-call.ts";
import { boundStatusStore, type StatusStore } from "./bounded-store.ts";
import type { Config } from "./config/load-config.ts";
import { createEngineWatch, engineProblems, engineWatchJob } from "./engine-watch.ts";
import { createRoutes, type RouteHandlers } from "./http/create-routes.ts";
import { serveRoutes } from "./http/serve-routes.ts";
import { createIntakeWriter } from "./intake-writer.ts";
import { createMigrationRunner, documentProblem, type MigrationRunner } from "./migration-runner.ts";
import { monitorJobs, monitorProblems, monitorView, type OpenMonitor, openMonitors } from "./monitors/open-monitors.ts";
import { startSchedule } from "./schedule.ts";
import { explain } from "./status/explanation.ts";
import { renderMetrics } from "./status/metrics.ts";
import { statusView } from "./status/status-of-agent.ts";

/** What an agent takes from its process. */
export interface AgentParts {
  readonly now: () => number;
  readonly log: Log;
  /** Where the `stdout` channel prints. */
  readonly stdout: NodeJS.WritableStream;
  readonly version: string;
}

/** A running agent. */
export interface Agent {
  /** Status page, API and OFREP. */
  readonly url: string;
  readonly collectorUrl: string;
  readonly store: Store;
  readonly runners: readonly MigrationRunner[];
  /** Finishes what is under way, stores what was acknowledged, ends the engine. */
  readonly close: () => Promise<void>;
}

/** Things opened in order and closed in reverse, also when opening fails half-way. One that fails stops no other. */
const createClosers = (log: Log) => {
  const closers: (() => Promise<void>)[] = [];
  return {
    add: (close: () => Promise<void>): void => void closers.push(close),
    closeAll: async (): Promise<void> => {
      for (const close of closers.splice(0).reverse()) {
        await close().catch((error: unknown) => log.error("closing failed", { problem: messageOf(error) }));
      }
    },
  };
};

const checkHistories = (runners: readonly MigrationRunner[]): void => {
  for (const { migration, history } of runners) {
    if (!history.isKnown()) throw new LeewayError("store-unavailable", `${migration.name}: ${history.problem()}`);
    const changed = documentProblem(migration, history.state());
    if (changed !== "") throw new LeewayError("config-invalid", `${migration.name}: ${changed}`);
  }
};

const createTargets = (config: Config, log: Log): ReadonlyMap<string, FlagTarget> => {
  const targets = new Map(
    Object.entries(config.settings.flags).map(([name, target]) => [name, createFlagTarget(name, target, { log })]),
  );
  for (const { route, baseline, candidate } of config.migrations) {
    const target = targets.get(route.target);
    if (target !== undefined && isBuiltinTarget(target)) {
      target.define(route.flag, { baseline: baseline.model, canary: candidate.model });
    }
  }
  return targets;
};

const servedFlags = (targets: ReadonlyMap<string, FlagTarget>): ReadonlyMap<string, ServedFlag> =>
  new Map([...targets.values()].flatMap((target) => (isBuiltinTarget(target) ? [...target.served()] : [])));

const createNotifierFor = (config: Config, store: Store, { now, log, stdout }: AgentParts): Notifier => {
  const channels = createChannels(config.settings.alerts, { now, stdout });
  return createNotifier({ channels }, { appendLedger: store.appendLedger, now, log });
};

const startCollector = (config: Config, store: Store, { now, log }: AgentParts): Promise<Collector> => {
  const { listen, token, spool } = config.settings.collector;
  return createCollector(
    { ...DEFAULT_COLLECTOR_SETTINGS, listen, token, spool },
    {
      insert: store.insertSpans,
      assign: (call) => assignCall(config.migrations, call),
      price: config.price,
      insertOutcomes: store.insertOutcomes,
      recentSpanKeys: store.recentSpanKeys,
      recentOutcomeKeys: store.recentOutcomeKeys,
      now,
      log,
    },
  );
};

const openRunners = async (
  config: Config,
  store: Store,
  targets: ReadonlyMap<string, FlagTarget>,
  notifier: Notifier,
  { now, log, link }: AgentParts & { readonly link: () => string },
): Promise<readonly MigrationRunner[]> => {
  const { tick, settle, drainDeadline } = config.settings.agent;
  const settings = {
    tickMs: tick,
    settleMs: settle,
    drainDeadlineMs: drainDeadline,
    link,
  };
  const ledger = createLedgerWriter({}, { appendLedger: store.appendLedger, log });
  const create = (migration: Migration): MigrationRunner => {
    const target = targets.get(migration.route.target);
    if (target === undefined)
      throw new LeewayError("config-invalid", `${migration.name}: no flag target ${migration.route.target}`);
    return createMigrationRunner(migration, settings, { store, target, notifier, ledger, now, log });
  };
  const runners = config.migrations.map(create);
  const known = await Promise.all(runners.map(({ history }) => history.refresh()));
  checkHistories(runners);
  notifier.restore(known.flat());
  return runners;
};

/** Shorter than the patience of a probe or of a person before a page that does not load. */
const STATUS_PATIENCE_MS = 2_000;

/** The same patience as that of a migration's rounds. */
const BLIND_AFTER_MS = 120_000;

const STORE_SILENT = "the store does not answer";

const problemsOf = async (
  store: StatusStore,
  engine: EngineHealth | null,
  runners: readonly MigrationRunner[],
  monitors: readonly OpenMonitor[],
): Promise<readonly string[]> => [
  ...monitorProblems(monitors),
  ...engineProblems(engine),
  ...(engine?.down || (await store.ping()) ? [] : [STORE_SILENT]),
  ...runners
    .filter((runner) => runner.problem() !== "")
    .map((runner) => `${runner.migration.name}: ${runner.problem()}`),
];

/**
 * The composition root: store, collector, detectors, alerts and HTTP in one process. Resolves when all of it listens
 * and every migration's history is known. Rejects with a LeewayError, everything opened so far closed again.
 */
export const createAgent = async (config: Config, parts: AgentParts): Promise<Agent> => {
  const closers = createClosers(parts.log);
  const { now, log, version } = parts;
  const startedAt = now();
  const elapsed = (): number => performance.now();
  const ending = new AbortController();
  try {
    const store = await openStore(config.settings.store, { now, elapsed, log });
    closers.add(store.close);
    const targets = createTargets(config, log);
    const notifier = createNotifierFor(config, store, parts);
    let [url, hasStarted] = ["", false];
    const runners = await openRunners(config, store, targets, notifier, { ...parts, link: () => url });
    const monitors = openMonitors(config, { store, notifier, now, log, link: () => url, ending: ending.signal });
    const collector = await startCollector(config, store, parts);
    closers.add(collector.close);
    const seen = boundStatusStore(store, STATUS_PATIENCE_MS);
    const byName = new Map(runners.map((runner) => [runner.migration.name, runner]));
    const handlers: RouteHandlers = {
      status: () =>
        statusView(
          { now: now(), startedAt, version },
          {
            store: seen,
            runners,
            collector,
            monitors: () => monitors.map(monitorView),
            engine: store.engine,
            problems: () => problemsOf(seen, store.engine(), runners, monitors),
          },
        ),
      explain: (name) => {
        const runner = byName.get(name);
        return runner === undefined
          ? null
          : explain(runner.migration, runner.history.state(), runner.judge.latest(), runner.history.entries());
      },
      command: async (name, request) =>
        (await byName.get(name)?.command(request)) ?? {
          outcome: "unknown",
          problem: `no migration ${name} is declared`,
        },
      flags: () => (hasStarted ? servedFlags(targets) : null),
      monitors: () => monitors.map(monitorView),
      metrics: () => renderMetrics(collector.stats(), runners, monitors.map(monitorView), store.engine()),
      notReady: async () => [
        ...((await seen.ping()) ? [] : [STORE_SILENT]),
        ...(hasStarted ? [] : ["the first round is not over"]),
      ],
      failed: (error) => log.error("an answer failed", { problem: messageOf(error) }),
    };
    const http = await serveRoutes(createRoutes(config.settings.agent, handlers), config.settings.agent.listen);
    url = `${http.url}/`;
    closers.add(http.close);
    const eachMinute = createIntakeWriter(randomUUID(), { stats: collector.stats, insert: store.insertIntake, now });
    const { tick: tickMs, settle: settleMs } = config.settings.agent;
    const times = { tickMs, settleMs };
    const watch = createEngineWatch(BLIND_AFTER_MS, { engine: store.engine, notifier, now, elapsed, link: () => url });
    const schedule = await startSchedule(times, {
      runners,
      notifier,
      log,
      eachMinute,
      jobs: [...monitorJobs(monitors), ...(runners.length > 0 ? [] : [engineWatchJob(watch)])],
    });
    hasStarted = true;
    closers.add(schedule.stop);
    closers.add(async () => ending.abort());
    return { url: http.url, collectorUrl: collector.url, store, runners, close: closers.closeAll };
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
};
