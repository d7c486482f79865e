import { randomUUID } from "node:crypto";
import { dirname, join } from "node:path";
import { createLedgerWriter } from "../alerts/ledger-writer.ts";
import { monitorLedgerName } from "../alerts/monitor-notices.ts";
import type { Migration } from "../core/migration.ts";
import { AGENT_SUBJECT } from "../core/notice.ts";
import { descriptorLimit, shareDescriptors } from "../http/descriptor-limit.ts";
import { openStore } from "../store/open-store.ts";
import type { Store } from "../store/store.ts";
import { createTokenBook, type TokenBook } from "./access/token-book.ts";
import { accessFolder } from "./access/token-file.ts";
import { type AgentParts, elapsed, type TimedParts } from "./agent-parts.ts";
import { alertDeskJob, createAlertDesk } from "./alert-desk.ts";
import { createBaselineDesk } from "./baselines/baseline-desk.ts";
import { baselineJobs } from "./baselines/keep-baselines.ts";
import { boundStatusStore, storeWithin } from "./bounded-store.ts";
import { decisionsBefore } from "./case/decisions-before.ts";
import { clockProblems } from "./clock/clock-problems.ts";
import { recentStep } from "./clock/recent-step.ts";
import { type ClockStep, createSteadyClock } from "./clock/steady-clock.ts";
import { createStoreClock } from "./clock/store-clock.ts";
import { createClosers } from "./closers.ts";
import type { Config } from "./config/load-config.ts";
import { createContentDesk } from "./content-desk.ts";
import { createExplainCost } from "./cost-of-stage.ts";
import { costHoursJob, createCostHours } from "./costs/cost-hours.ts";
import { createHandlers } from "./create-handlers.ts";
import { restoreDocument } from "./documents/document-record.ts";
import { type KeptDocuments, openKeptDocuments } from "./documents/kept-documents.ts";
import { type Fleet, openFleet } from "./documents/open-fleet.ts";
import { type FolderRead, readFolder } from "./documents/scan-documents.ts";
import { documentJob, watchDocuments } from "./documents/watch-documents.ts";
import { createEngineWatch, engineWatchJob } from "./engine-watch.ts";
import { heartbeatJobs, openHeartbeat } from "./heartbeat/open-heartbeat.ts";
import { holdByJournal } from "./hold-by-journal.ts";
import { createRoutes } from "./http/create-routes.ts";
import { type HttpServer, serveRoutes } from "./http/serve-routes.ts";
import { createIntakeWriter } from "./intake-writer.ts";
import { createLedgerReader } from "./ledger-reader.ts";
import { openLinks } from "./links/open-links.ts";
import type { MigrationRunner, RunnerSettings } from "./migration-runner.ts";
import { monitorJobs, type OpenMonitor, openMonitors } from "./monitors/open-monitors.ts";
import { openAgentJournal } from "./open-agent-journal.ts";
import { openFlags } from "./open-flags.ts";
import { openNotifier } from "./open-notifier.ts";
import { createPrecedence } from "./precedence.ts";
import { startSchedule } from "./schedule.ts";
import { createShadowDesk, shadowJob } from "./shadow/shadow-desk.ts";
import { createWriteWords, writeWordsJob } from "./shadow/write-words.ts";
import { createSilenceDesk } from "./silence-desk.ts";
import { startCollector } from "./start-collector.ts";
import { openTelemetry } from "./telemetry/open-telemetry.ts";
import { tracedStore } from "./telemetry/traced-store.ts";
import { createBaselineProbes } from "./watch/baseline-probes.ts";

/** A running agent. */
export interface Agent {
  /** Status page, API and OFREP. */
  readonly url: string;
  readonly collectorUrl: string;
  readonly store: Store;
  /** As of this moment: documents come and go. */
  readonly runners: readonly MigrationRunner[];
  /** Reads the documents again at once, and says where leeway.yaml was changed. Never rejects. */
  readonly reload: () => Promise<void>;
  /** Finishes what is under way, stores what was acknowledged, ends the engine. */
  readonly close: () => Promise<void>;
}

const nameInLedger = ({ runner }: OpenMonitor): string => monitorLedgerName(runner.monitor.name);

const LEDGER_PATIENCE_MS = 10_000;

/** A database that hangs must not keep what else is done each minute waiting. */
const boundSpend =
  (store: Store): Store["shadowSpend"] =>
  (migration, sinceMs) =>
    storeWithin(LEDGER_PATIENCE_MS, store.shadowSpend(migration, sinceMs));

const tokenProblems = (tokens: TokenBook): readonly string[] => (tokens.problem() === "" ? [] : [tokens.problem()]);

/** Shorter than the patience of a probe or of a person before a page that does not load. */
const STATUS_PATIENCE_MS = 2_000;

/** The same patience as that of a migration's rounds. */
const BLIND_AFTER_MS = 120_000;

/** Every document that a rollback in the journal may be about, before the ledger can be asked: those on disk count first. */
const candidates = ({ migrations, settings }: Config, kept: KeptDocuments): readonly Migration[] => {
  const names = new Set(migrations.map(({ name }) => name));
  const lost = [...kept.all()].flatMap(([name, record]) =>
    names.has(name) ? [] : (restoreDocument(record, Object.keys(settings.flags)) ?? []),
  );
  return [...migrations, ...lost];
};

const runnerSettings = (
  { settings: { agent, notify }, findLife }: Config,
  told: Pick<RunnerSettings, "clockStep" | "link" | "probes">,
): RunnerSettings => ({
  tickMs: agent.tick,
  settleMs: agent.settle,
  flipDeadlineMs: agent.flipDeadline,
  drainDeadlineMs: agent.drainDeadline,
  repeatMs: notify.repeatInterval,
  dashboard: agent.grafana,
  findLife,
  ...told,
});

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
    const flags = openFlags(config, timed);
    closers.add(flags.close);
    const kept = await openKeptDocuments(join(config.settings.store.dir, "documents"), log);
    // Before the store is waited for: it may be down, and the last run's decision may be nowhere else.
    await holdByJournal(candidates(config, kept), (migration) => flags.bind(migration).flag, journal.pending(), log);
    const store = tracedStore(await openStore(config.settings.store, { now, elapsed, log }), telemetry);
    closers.add(store.close);
    if (config.settings.content !== null) await store.keepContent(config.settings.content.keep);
    if (config.settings.baselines !== null) await store.keepBaselines(config.settings.baselines.keep);
    const { appendLedger } = store;
    const ledger = createLedgerWriter({}, { appendLedger, log, journal, left: journal.pending() });
    closers.add(async () => {
      await ledger.note();
      await ledger.stored();
    });
    let [url, hasStarted] = ["", false];
    let fleet: Fleet | null = null;
    const migrations = (): readonly Migration[] => fleet?.migrations() ?? config.migrations;
    const links = openLinks(config, now, () => fleet?.runners() ?? []);
    const noticeParts = { ...timed, migrations, links: links?.desk ?? null };
    const { notifier, channels } = openNotifier(config, store, ledger, noticeParts);
    const settings = runnerSettings(config, {
      clockStep: () => stepNow()?.byMs ?? null,
      link: () => url,
      probes: createBaselineProbes(config.settings.monitors, { store, now }),
    });
    const left = ledger.kept();
    const read = (): FolderRead => readFolder(dirname(config.file));
    const found = read();
    const opened = await openFleet(config, found, {
      ...{ store, flags, notifier, ledger, kept, settings },
      ...timed,
    });
    fleet = opened;
    const { runners } = opened;
    const watched = { fleet: opened, read, first: found, settingsFile: config.file };
    const documents = watchDocuments({ ...watched, log, elapsed });
    notifier.restore(left);
    const monitors = openMonitors(config, { store, notifier, now, log, link: () => url, ending: ending.signal });
    const readLedger = createLedgerReader({
      ledgerSince: (name, since) => storeWithin(LEDGER_PATIENCE_MS, store.ledgerSince(name, since)),
      now,
    });
    const desk = createAlertDesk({ channels, notifier, ledger, readLedger, now, log, link: () => url });
    await desk.look();
    const silences = createSilenceDesk({
      ...{ notifier, ledger, now },
      subjects: () => [...opened.migrations().map(({ name }) => name), ...monitors.map(nameInLedger)],
    });
    const limits = shareDescriptors(descriptorLimit());
    const { first, clear } = createPrecedence(elapsed);
    const shadow = createShadowDesk({ runners, spend: boundSpend(store), now, log });
    const collector = await startCollector(config, store, {
      ...timed,
      migrations,
      shadow: shadow.plansFor,
      maxConnections: limits.ingest,
      clear,
    });
    closers.add(collector.close);
    await ownTelemetry.beside(collector.url);
    let http: HttpServer | null = null;
    const listeningProblems = (): readonly string[] =>
      [...collector.problems(), http?.problem() ?? ""].filter((problem) => problem !== "");
    const recordProblems = (): readonly string[] =>
      [journal, documents, ...flags.targets, ...(heartbeat === null ? [] : [heartbeat])]
        .map(({ problem }) => problem())
        .filter((problem) => problem !== "");
    const seen = boundStatusStore(store, STATUS_PATIENCE_MS);
    const storeClock = createStoreClock(() => storeWithin(STATUS_PATIENCE_MS, store.clock()), now);
    await storeClock.look();
    const clocksNow = (): readonly string[] =>
      clockProblems({ step: stepNow(), store: storeClock.problem(), senders: collector.stats().senderClocks });
    const clockStepMs = (): number => stepNow()?.byMs ?? 0;
    const judging = { runners, monitors, ping: seen.ping };
    const heartbeat = openHeartbeat(config, { ...judging, now, elapsed, log, ending: ending.signal });
    const tokens = createTokenBook({ folder: accessFolder(config.settings.store.dir), now });
    closers.add(tokens.close);
    // What people only say of themselves counts less from the first token on: known before the first command.
    await tokens.look(null);
    const keepMs = config.settings.content?.keep ?? null;
    const content = keepMs === null ? null : createContentDesk({ store, keepMs, now });
    const examplesMs = config.settings.baselines?.keep ?? null;
    const baselines = examplesMs === null ? null : createBaselineDesk({ store, keepMs: examplesMs, now });
    const explainCost = createExplainCost(store, config.findPrice);
    const handlers = createHandlers(
      { now, startedAt, version, log },
      {
        ...{ store, seen, runners, monitors, collector, desk, shadow, silences, tokens, links, first, clockStepMs },
        flagOf: opened.flagOf,
        decisions: (migration) => decisionsBefore(dirname(config.file), migration),
        explainCost,
        content,
        baselines,
        served: () => (hasStarted ? flags.served() : null),
        connections: () => http?.connections() ?? null,
        problems: () => [
          ...clocksNow(),
          ...listeningProblems(),
          ...recordProblems(),
          ...desk.problems(),
          ...tokenProblems(tokens),
          ...shadow.problems(),
          ...opened.problems(),
          ...(links === null || links.desk.problem() === "" ? [] : [links.desk.problem()]),
        ],
        heartbeat: () => heartbeat?.view() ?? null,
      },
    );
    const served = { ...config.settings.agent, maxConnections: limits.agent };
    const server = await serveRoutes(createRoutes(served, handlers), served, { now, elapsed, log });
    http = server;
    url = config.settings.agent.externalUrl ?? `${server.url}/`;
    closers.add(server.close);
    const writeIntake = createIntakeWriter(randomUUID(), { stats: collector.stats, insert: store.insertIntake, now });
    const eachMinute = async (): Promise<void> => {
      await storeClock.look();
      await writeIntake();
    };
    const { tick: tickMs, settle: settleMs } = config.settings.agent;
    const times = { tickMs, settleMs };
    const watch = createEngineWatch(BLIND_AFTER_MS, {
      ...{ engine: store.engine, notifier, now, elapsed, link: () => url },
      // What is kept first: it may be stored while the rest is read.
      readOwn: async () => [...ledger.kept(), ...(await readLedger(AGENT_SUBJECT))],
    });
    const schedule = await startSchedule(times, {
      runners,
      notifier,
      log,
      now,
      eachMinute,
      jobs: [
        alertDeskJob(desk),
        shadowJob(shadow),
        costHoursJob(createCostHours({ store, explain: explainCost, runners, now })),
        ...baselineJobs(config.settings.baselines, { store, runners, now }),
        writeWordsJob(createWriteWords({ store, runners, now })),
        documentJob(documents),
        ...monitorJobs(monitors),
        ...heartbeatJobs(heartbeat),
        engineWatchJob(watch, () => runners().length === 0),
      ],
    });
    hasStarted = true;
    await opened.keep();
    closers.add(schedule.stop);
    closers.add(async () => ending.abort());
    return {
      ...{ url: server.url, collectorUrl: collector.url, store, reload: documents.reload, close: closers.closeAll },
      get runners() {
        return runners();
      },
    };
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
};
