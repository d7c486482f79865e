import { randomUUID } from "node:crypto";
import { createChannels } from "../alerts/channels/create-channels.ts";
import type { TextStream } from "../alerts/channels/text-stream.ts";
import { type BuiltinTarget, isBuiltinTarget } from "../alerts/flags/builtin.ts";
import { createFlagTarget } from "../alerts/flags/create-flag-target.ts";
import type { FlagTarget, RoutedFlag } from "../alerts/flags/flag-target.ts";
import type { ServedFlag } from "../alerts/flags/ofrep.ts";
import { createLedgerWriter, type LedgerWriter } from "../alerts/ledger-writer.ts";
import { createNotifier, type Notifier } from "../alerts/notifier.ts";
import { DEFAULT_COLLECTOR_SETTINGS } from "../collector/collector-settings.ts";
import { type Collector, createCollector } from "../collector/create-collector.ts";
import { LeewayError, messageOf } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import { descriptorLimit, shareDescriptors } from "../http/descriptor-limit.ts";
import type { MigrationSnapshot } from "../lifecycle/snapshot.ts";
import { explain } from "../status/explanation.ts";
import { renderMetrics } from "../status/metrics.ts";
import { statusView } from "../status/status-of-agent.ts";
import type { EngineHealth } from "../store/embedded/engine-health.ts";
import { openStore } from "../store/open-store.ts";
import type { Store } from "../store/store.ts";
import { assignCall } from "./assign-call.ts";
import { boundStatusStore, type StatusStore, storeWithin } from "./bounded-store.ts";
import { clockProblems } from "./clock/clock-problems.ts";
import { recentStep } from "./clock/recent-step.ts";
import { type ClockStep, createSteadyClock, type SteadyClock } from "./clock/steady-clock.ts";
import { createStoreClock } from "./clock/store-clock.ts";
import type { Config } from "./config/load-config.ts";
import { createEngineWatch, engineProblems, engineWatchJob } from "./engine-watch.ts";
import { holdByJournal } from "./hold-by-journal.ts";
import { createRoutes, type RouteHandlers } from "./http/create-routes.ts";
import { type HttpServer, serveRoutes } from "./http/serve-routes.ts";
import { createIntakeWriter } from "./intake-writer.ts";
import { createMigrationRunner, documentProblem, type MigrationRunner } from "./migration-runner.ts";
import { monitorJobs, monitorProblems, monitorView, type OpenMonitor, openMonitors } from "./monitors/open-monitors.ts";
import { openAgentJournal } from "./open-agent-journal.ts";
import { createPrecedence, type Precedence } from "./precedence.ts";
import { startSchedule } from "./schedule.ts";
import { openTelemetry } from "./telemetry/open-telemetry.ts";
import type { Telemetry } from "./telemetry/telemetry.ts";
import { tracedChannel } from "./telemetry/traced-channel.ts";
import { tracedFlag } from "./telemetry/traced-flag.ts";
import { tracedRunner } from "./telemetry/traced-runner.ts";
import { tracedStore } from "./telemetry/traced-store.ts";

/** What an agent takes from its process. */
export interface AgentParts {
  /** The machine's clock, epoch ms. */
  readonly now: () => number;
  /** Counts ms from anywhere, and nobody can set it. Default: the process's own. */
  readonly monotonic?: () => number;
  readonly log: Log;
  /** Where the `stdout` channel prints. */
  readonly stdout: TextStream;
  readonly version: string;
}

/** The same, with the clock that everything in the agent goes by (`now` is that clock's), and what it tells of itself. */
interface TimedParts extends AgentParts {
  readonly clock: SteadyClock;
  readonly telemetry: Telemetry;
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

const createTargets = ({ settings }: Config, log: Log): ReadonlyMap<string, FlagTarget> =>
  new Map(Object.entries(settings.flags).map(([name, target]) => [name, createFlagTarget(name, target, { log })]));

/** The flag of every migration, by the migration's name. */
const bindFlags = (
  { migrations }: Config,
  targets: ReadonlyMap<string, FlagTarget>,
  telemetry: Telemetry,
): ReadonlyMap<string, RoutedFlag> =>
  new Map(
    migrations.map(({ name, route, baseline, candidate }) => {
      const target = targets.get(route.target);
      if (target === undefined) throw new LeewayError("config-invalid", `${name}: no flag target ${route.target}`);
      const flag = target.bind(route, { baseline: baseline.model, canary: candidate.model });
      return [name, tracedFlag(flag, name, telemetry)];
    }),
  );

const servedFlags = (targets: readonly BuiltinTarget[]): ReadonlyMap<string, ServedFlag> =>
  new Map(targets.flatMap((target) => [...target.served()]));

const createNotifierFor = (
  config: Config,
  { claimLedger: claim }: Store,
  ledger: LedgerWriter,
  { now, log, stdout, telemetry }: TimedParts,
): Notifier => {
  const channels = createChannels(config.settings.alerts, { now, stdout }).map((channel) =>
    tracedChannel(channel, telemetry),
  );
  return createNotifier({ channels, owner: randomUUID() }, { ledger, claim, now, log });
};

/** Monotonic, ms. */
const elapsed = (): number => performance.now();

const startCollector = (
  config: Config,
  store: Store,
  {
    now,
    log,
    clock,
    maxConnections,
    clear,
  }: TimedParts & { readonly maxConnections: number; readonly clear: Precedence["clear"] },
): Promise<Collector> =>
  createCollector(
    { ...DEFAULT_COLLECTOR_SETTINGS, ...config.settings.collector, maxConnections },
    {
      // a batch takes the store longer than a command should
      insert: async (batch) => {
        await clear();
        return store.insertSpans(batch);
      },
      assign: (call) => assignCall(config.migrations, call),
      price: config.price,
      insertOutcomes: store.insertOutcomes,
      recentSpanKeys: store.recentSpanKeys,
      recentOutcomeKeys: store.recentOutcomeKeys,
      heard: clock.heard,
      now,
      elapsed,
      busy: () => performance.eventLoopUtilization().active,
      random: Math.random,
      clear,
      log,
    },
  );

const openRunners = async (
  config: Config,
  store: Store,
  flags: ReadonlyMap<string, RoutedFlag>,
  notifier: Notifier,
  {
    now,
    log,
    link,
    clock,
    ledger,
    telemetry,
  }: TimedParts & { readonly link: () => string; readonly ledger: LedgerWriter },
): Promise<readonly MigrationRunner[]> => {
  const { tick, settle, drainDeadline } = config.settings.agent;
  const settings = {
    tickMs: tick,
    settleMs: settle,
    drainDeadlineMs: drainDeadline,
    clockStep: () => recentStep(clock.step(), now())?.byMs ?? null,
    link,
  };
  const left = ledger.kept();
  const opened = config.migrations.flatMap((migration) => {
    const flag = flags.get(migration.name);
    return flag === undefined
      ? []
      : [createMigrationRunner(migration, settings, { store, flag, notifier, ledger, now, log })];
  });
  const runners = opened.map((runner) => tracedRunner(runner, telemetry));
  const known = await Promise.all(runners.map(({ history }) => history.refresh()));
  checkHistories(runners);
  notifier.restore([...known.flat(), ...left]);
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
  others: readonly string[],
): Promise<readonly string[]> => [
  ...others,
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
  const { log, version } = parts;
  const clock = createSteadyClock({ wall: parts.now, monotonic: parts.monotonic ?? elapsed });
  const { now } = clock;
  const stepNow = (): ClockStep | null => recentStep(clock.step(), now());
  const startedAt = now();
  const ending = new AbortController();
  try {
    const { telemetry, ...ownTelemetry } = await openTelemetry(config.settings, {
      ...{ environment: process.env, version, log, elapsed },
    });
    // Opened first, closed last: the end of the agent is told as well.
    closers.add(ownTelemetry.close);
    const timed: TimedParts = { ...parts, now, clock, telemetry };
    const journal = await openAgentJournal(config.settings.store.dir, log);
    closers.add(journal.close);
    const targets = createTargets(config, log);
    closers.add(async () => void (await Promise.all([...targets.values()].map((target) => target.close()))));
    const flags = bindFlags(config, targets, telemetry);
    const builtin = [...targets.values()].filter(isBuiltinTarget);
    // Before the store is waited for: it may be down, and the last run's decision may be nowhere else.
    await holdByJournal(config.migrations, flags, journal.pending(), log);
    const store = tracedStore(await openStore(config.settings.store, { now, elapsed, log }), telemetry);
    closers.add(store.close);
    const { appendLedger } = store;
    const ledger = createLedgerWriter({}, { appendLedger, log, journal, left: journal.pending() });
    closers.add(async () => {
      await ledger.note();
      await ledger.stored();
    });
    const notifier = createNotifierFor(config, store, ledger, timed);
    let [url, hasStarted] = ["", false];
    const runners = await openRunners(config, store, flags, notifier, { ...timed, ledger, link: () => url });
    const monitors = openMonitors(config, { store, notifier, now, log, link: () => url, ending: ending.signal });
    const limits = shareDescriptors(descriptorLimit());
    const { first, clear } = createPrecedence(elapsed);
    const collector = await startCollector(config, store, { ...timed, maxConnections: limits.ingest, clear });
    closers.add(collector.close);
    await ownTelemetry.beside(collector.url);
    let http: HttpServer | null = null;
    const listeningProblems = (): readonly string[] =>
      [...collector.problems(), http?.problem() ?? ""].filter((problem) => problem !== "");
    const recordProblems = (): readonly string[] =>
      [journal, ...targets.values()].map(({ problem }) => problem()).filter((problem) => problem !== "");
    const seen = boundStatusStore(store, STATUS_PATIENCE_MS);
    const storeClock = createStoreClock(() => storeWithin(STATUS_PATIENCE_MS, store.clock()), now);
    await storeClock.look();
    const clocksNow = (): readonly string[] =>
      clockProblems({ step: stepNow(), store: storeClock.problem(), senders: collector.stats().senderClocks });
    const snapshots = (): readonly MigrationSnapshot[] => runners.map(({ snapshot }) => snapshot());
    const byName = new Map(runners.map((runner) => [runner.migration.name, runner]));
    const handlers: RouteHandlers = {
      status: () =>
        statusView(
          { now: now(), startedAt, version },
          {
            store: seen,
            migrations: snapshots(),
            collector,
            monitors: () => monitors.map(monitorView),
            engine: store.engine,
            problems: () =>
              problemsOf(seen, store.engine(), runners, monitors, [
                ...clocksNow(),
                ...listeningProblems(),
                ...recordProblems(),
              ]),
          },
        ),
      explain: (name) => {
        const runner = byName.get(name);
        return runner === undefined ? null : explain(runner.snapshot());
      },
      command: async (name, request) =>
        (await first(async () => byName.get(name)?.command(request))) ?? {
          outcome: "unknown",
          problem: `no migration ${name} is declared`,
        },
      flags: () => (hasStarted ? servedFlags(builtin) : null),
      monitors: () => monitors.map(monitorView),
      metrics: () =>
        renderMetrics(collector.stats(), snapshots(), monitors.map(monitorView), {
          clockStepMs: stepNow()?.byMs ?? 0,
          engine: store.engine(),
          ...(http === null ? {} : { connections: http.connections() }),
        }),
      notReady: async () => [
        ...((await seen.ping()) ? [] : [STORE_SILENT]),
        ...(hasStarted ? [] : ["the first round is not over"]),
      ],
      failed: (error) => log.error("an answer failed", { problem: messageOf(error) }),
    };
    const served = { ...config.settings.agent, maxConnections: limits.agent };
    const server = await serveRoutes(createRoutes(served, handlers), served, { now, elapsed, log });
    http = server;
    url = `${server.url}/`;
    closers.add(server.close);
    const writeIntake = createIntakeWriter(randomUUID(), { stats: collector.stats, insert: store.insertIntake, now });
    const eachMinute = async (): Promise<void> => {
      await storeClock.look();
      await writeIntake();
    };
    const { tick: tickMs, settle: settleMs } = config.settings.agent;
    const times = { tickMs, settleMs };
    const watch = createEngineWatch(BLIND_AFTER_MS, { engine: store.engine, notifier, now, elapsed, link: () => url });
    const schedule = await startSchedule(times, {
      runners,
      notifier,
      log,
      now,
      eachMinute,
      jobs: [...monitorJobs(monitors), ...(runners.length > 0 ? [] : [engineWatchJob(watch)])],
    });
    hasStarted = true;
    closers.add(schedule.stop);
    closers.add(async () => ending.abort());
    return { url: server.url, collectorUrl: collector.url, store, runners, close: closers.closeAll };
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
};
