import { randomUUID } from "node:crypto";
import { createLedgerWriter } from "../alerts/ledger-writer.ts";
import { descriptorLimit, shareDescriptors } from "../http/descriptor-limit.ts";
import { openStore } from "../store/open-store.ts";
import type { Store } from "../store/store.ts";
import { type AgentParts, elapsed, type TimedParts } from "./agent-parts.ts";
import { boundStatusStore, storeWithin } from "./bounded-store.ts";
import { clockProblems } from "./clock/clock-problems.ts";
import { recentStep } from "./clock/recent-step.ts";
import { type ClockStep, createSteadyClock } from "./clock/steady-clock.ts";
import { createStoreClock } from "./clock/store-clock.ts";
import { createClosers } from "./closers.ts";
import type { Config } from "./config/load-config.ts";
import { createHandlers } from "./create-handlers.ts";
import { createEngineWatch, engineWatchJob } from "./engine-watch.ts";
import { holdByJournal } from "./hold-by-journal.ts";
import { createRoutes } from "./http/create-routes.ts";
import { type HttpServer, serveRoutes } from "./http/serve-routes.ts";
import { createIntakeWriter } from "./intake-writer.ts";
import type { MigrationRunner } from "./migration-runner.ts";
import { monitorJobs, openMonitors } from "./monitors/open-monitors.ts";
import { openAgentJournal } from "./open-agent-journal.ts";
import { openFlags } from "./open-flags.ts";
import { openNotifier } from "./open-notifier.ts";
import { openRunners } from "./open-runners.ts";
import { createPrecedence } from "./precedence.ts";
import { startSchedule } from "./schedule.ts";
import { startCollector } from "./start-collector.ts";
import { openTelemetry } from "./telemetry/open-telemetry.ts";
import { tracedStore } from "./telemetry/traced-store.ts";

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

/** Shorter than the patience of a probe or of a person before a page that does not load. */
const STATUS_PATIENCE_MS = 2_000;

/** The same patience as that of a migration's rounds. */
const BLIND_AFTER_MS = 120_000;

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
    const { targets, flags, served: servedFlags, close: closeFlags } = openFlags(config, timed);
    closers.add(closeFlags);
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
    const notifier = openNotifier(config, store, ledger, timed);
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
      [journal, ...targets].map(({ problem }) => problem()).filter((problem) => problem !== "");
    const seen = boundStatusStore(store, STATUS_PATIENCE_MS);
    const storeClock = createStoreClock(() => storeWithin(STATUS_PATIENCE_MS, store.clock()), now);
    await storeClock.look();
    const clocksNow = (): readonly string[] =>
      clockProblems({ step: stepNow(), store: storeClock.problem(), senders: collector.stats().senderClocks });
    const clockStepMs = (): number => stepNow()?.byMs ?? 0;
    const handlers = createHandlers(
      { now, startedAt, version, log },
      {
        ...{ store, seen, runners, monitors, collector, first, clockStepMs },
        served: () => (hasStarted ? servedFlags() : null),
        connections: () => http?.connections() ?? null,
        problems: () => [...clocksNow(), ...listeningProblems(), ...recordProblems()],
      },
    );
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
