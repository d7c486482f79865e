import type { Notifier } from "../../alerts/notifier.ts";
import type { Log } from "../../core/log.ts";
import type { MonitorView } from "../../status/monitor-view.ts";
import type { Store } from "../../store/store.ts";
import { storeWithin } from "../bounded-store.ts";
import type { Config } from "../config/load-config.ts";
import { createLedgerReader } from "../ledger-reader.ts";
import { boundMonitorStore } from "./bound-monitor-store.ts";
import { createMonitorRunner, createTeller, type MonitorRunner } from "./monitor-runner.ts";
import { createSentinel, type Sentinel } from "./sentinel/sentinel.ts";

/** A monitor under way, with its sentinel where it has one. */
export interface OpenMonitor {
  readonly runner: MonitorRunner;
  readonly sentinel: Sentinel | null;
}

/** Something to be done on a schedule. */
export interface Job {
  readonly name: string;
  readonly cron: string;
  readonly work: () => Promise<void>;
}

/** Longest answer of the store that is waited for: a day of the past is read from raw calls. */
const STORE_TIMEOUT_MS = 60_000;

/** Opens every monitor of the configuration. Nothing is read or sent before their jobs run. */
export const openMonitors = (
  config: Config,
  parts: {
    readonly store: Store;
    readonly notifier: Notifier;
    readonly now: () => number;
    readonly log: Log;
    readonly link: () => string;
    /** The agent is ending. */
    readonly ending: AbortSignal;
  },
): readonly OpenMonitor[] =>
  config.settings.monitors.map((settings) => {
    const monitors = boundMonitorStore(parts.store.monitors, STORE_TIMEOUT_MS);
    const store = { monitors, insertSpans: parts.store.insertSpans };
    const readLedger = createLedgerReader({
      ledgerSince: (name, since) => storeWithin(STORE_TIMEOUT_MS, parts.store.ledgerSince(name, since)),
      now: parts.now,
    });
    const shared = { ...parts, readLedger };
    const runner = createMonitorRunner(settings, { ...shared, store: monitors });
    const probes = config.probes.get(settings.name) ?? [];
    if (settings.sentinel === null) return { runner, sentinel: null };
    const tell = createTeller(settings, shared);
    const sentinel = createSentinel(settings, settings.sentinel, probes, {
      ...parts,
      store,
      price: config.price,
      tell,
    });
    return { runner, sentinel };
  });

/** A minute closes somewhere in these; the rounds between find nothing to do. */
const ROUNDS = "*/10 * * * * *";

/** What monitors have to be called for. */
export const monitorJobs = (monitors: readonly OpenMonitor[]): readonly Job[] =>
  monitors.flatMap(({ runner, sentinel }) => {
    const { name } = runner.monitor;
    const judging = { name: `monitor ${name}`, cron: ROUNDS, work: runner.round };
    return sentinel === null
      ? [judging]
      : [judging, { name: `sentinel of ${name}`, cron: sentinel.cron, work: sentinel.run }];
  });

/** What keeps monitors from judging, one sentence each. A budget that is spent is no problem of the agent's. */
export const monitorProblems = (monitors: readonly OpenMonitor[]): readonly string[] =>
  monitors.flatMap(({ runner }) =>
    runner.problem() === "" ? [] : [`monitor ${runner.monitor.name}: ${runner.problem()}`],
  );

/** What the status shows of a monitor. */
export const monitorView = ({ runner, sentinel }: OpenMonitor): MonitorView => ({
  name: runner.monitor.name,
  lastSlice: runner.lastSlice(),
  readings: runner.readings(),
  ignored: runner.ignored(),
  sentinel: sentinel === null ? null : { ...sentinel.standing(), cron: sentinel.cron, readings: sentinel.readings() },
});
