import { createHash } from "node:crypto";
import { parse } from "node-cron";
import type { Log } from "../../../core/log.ts";
import type { Monitor, MonitorEvent, MonitorSlice } from "../../../core/monitor.ts";
import {
  createMonitorEngine,
  emptyMonitorState,
  type MonitorEngine,
  type MonitorState,
} from "../../../detectors/monitors/monitor-engine.ts";
import {
  compareRun,
  emptyPasts,
  PROBE_SIGNALS,
  type ProbeAnswer,
  type ProbePasts,
} from "../../../detectors/monitors/probe-comparison.ts";
import type { MonitorStore, ProbeCall } from "../../../store/monitors/monitor-store.ts";
import { type MonitorSettings, monitorOf, type SentinelSettings } from "../../config/monitor-schema.ts";
import { encodeCheckpoint, readCheckpoint } from "../checkpoint.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** How far back answers are compared when there is no stored state. */
const HISTORY_MS: number = 30 * DAY_MS;

/** Mean time between two runs of a day, ms, by the cron expression's times of day; a run a minute at most. */
export const periodOf = ({ cron }: Pick<SentinelSettings, "cron">): number => {
  const { second, minute, hour } = parse(cron);
  return Math.max(MINUTE_MS, Math.floor(DAY_MS / (second.length * minute.length * hour.length)));
};

/** The monitor whose calls are the sentinel's own: probes compared with their past, whatever the hour. */
export const sentinelMonitor = (settings: MonitorSettings, sentinel: SentinelSettings): Monitor => {
  const { url, model, cron, maxTokens } = sentinel;
  const asked = createHash("sha256")
    .update(JSON.stringify([url, model, cron, maxTokens]))
    .digest("hex");
  const own = monitorOf(settings);
  return {
    ...own,
    hash: createHash("sha256").update(own.hash).update(asked).digest("hex").slice(0, 16),
    by: [],
    signals: PROBE_SIGNALS,
    slice: periodOf(sentinel),
    learn: DAY_MS,
    flat: true,
  };
};

const answerOf = (call: ProbeCall): ProbeAnswer => ({
  probe: call.probe,
  version: call.prompt_version,
  isError: call.error === 1,
  answer: call.answer,
  form: call.form,
  chars: call.output_chars,
  responseModel: call.response_model,
  systemFingerprint: call.system_fingerprint,
});

interface Checkpoint {
  readonly engine: MonitorState;
  readonly pasts: ProbePasts;
  /** The newest run that is in it. */
  readonly run: number;
}

const CHECKPOINT_KEYS = ["engine", "pasts", "run"] as const;

/** Compares the runs of a sentinel with what came before. */
export interface SentinelDetector {
  /** Takes in the stored runs that are new. Rejects with the store's error, or that of `tell`; what is untold is told later. */
  readonly catchUp: (now: number, tell: (events: readonly MonitorEvent[]) => Promise<void>) => Promise<void>;
  readonly engine: () => MonitorEngine | null;
}

/** A judge over the stored calls: the same calls give the same state, also after a restart. See readCheckpoint. */
export const createSentinelDetector = (
  monitor: Monitor,
  { store, log }: { readonly store: MonitorStore; readonly log: Pick<Log, "warn"> },
): SentinelDetector => {
  let open: { readonly engine: MonitorEngine; readonly pasts: ProbePasts; run: number } | null = null;
  // A stored state of another version that a state of the same run must not be written over.
  let leftAlone: number | null = null;
  const untold: MonitorEvent[] = [];

  const begin = async (now: number): Promise<NonNullable<typeof open>> => {
    const known = await readCheckpoint<Checkpoint>(monitor, CHECKPOINT_KEYS, { store, log });
    leftAlone = known.leftAlone;
    const { engine, pasts, run } = known.checkpoint ?? {
      engine: emptyMonitorState(),
      pasts: emptyPasts(),
      run: now - HISTORY_MS,
    };
    return { engine: createMonitorEngine(monitor, engine), pasts, run };
  };

  const takeRun = (at: number, calls: readonly ProbeCall[]): void => {
    if (open === null) return;
    const samples = compareRun(open.pasts, calls.map(answerOf));
    const slice: MonitorSlice = { from: at, to: at + monitor.slice, samples, designEffects: {} };
    untold.push(...open.engine.step(slice));
    open.run = at;
  };

  return {
    engine: () => open?.engine ?? null,
    catchUp: async (now, tell) => {
      open ??= await begin(now);
      // A call ends after its run began.
      const calls = await store.probeCalls(monitor.name, open.run);
      const after = open.run;
      const runs = [...Map.groupBy(calls, ({ run }) => run)].filter(([run]) => run > after);
      for (const [run, own] of runs) takeRun(run, own);
      if (untold.length > 0) await tell([...untold]);
      untold.length = 0;
      if (runs.length === 0) return;
      if (open.run === leftAlone) return;
      const checkpoint: Checkpoint = { engine: open.engine.state(), pasts: open.pasts, run: open.run };
      await store.writeState(monitor, open.run, encodeCheckpoint(checkpoint));
    },
  };
};
