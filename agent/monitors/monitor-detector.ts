import { LeewayError } from "../../core/errors.ts";
import type { Log } from "../../core/log.ts";
import type { Monitor, MonitorEvent, MonitorSlice } from "../../core/monitor.ts";
import { utcStamp } from "../../core/utc-text.ts";
import {
  createMonitorEngine,
  emptyMonitorState,
  type MonitorEngine,
  type MonitorState,
} from "../../detectors/monitors/monitor-engine.ts";
import type { MonitorStore } from "../../store/monitors/monitor-store.ts";
import { encodeCheckpoint, readCheckpoint } from "./checkpoint.ts";

const HOUR_MS = 3_600_000;
const DAY_MS: number = 24 * HOUR_MS;

/** Minutes, and days of the past, folded in one round, so that a round stays short. */
const MAX_SLICES = 120;
const MAX_DAYS = 7;

/** Time without an agent that is not judged any more. */
const GAP_MS: number = 6 * HOUR_MS;

/** How often the state is stored; a restart replays the minutes since. */
const STORE_MS: number = 6 * HOUR_MS;

/** Stored slices that end further ahead than this are from a clock that was wrong. */
const AHEAD_MS = 60_000;

/** What a stored state of a monitor is, beside the engine's own. */
interface Checkpoint {
  /** Where the past ended. */
  readonly origin: number;
  /** Calls that ended before this are in slices already; see MonitorFold.origin. */
  readonly floor: number;
  readonly engine: MonitorState;
}

const CHECKPOINT_KEYS = ["origin", "floor", "engine"] as const;

/** Rejects when the events are not sure to reach people; they are handed over again then. */
type Tell = (events: readonly MonitorEvent[]) => Promise<void>;

/** Turns closed minutes into what people are told. */
export interface MonitorDetector {
  /**
   * Takes in what closed by `now`, in order; `tell` is called with the events of a slice before anything later is taken
   * in. Rejects with the store's error, or that of `tell`; the next call goes on where this one stopped.
   */
  readonly catchUp: (now: number, tell: Tell) => Promise<void>;
  /** Null until the stored state was read. */
  readonly engine: () => MonitorEngine | null;
}

/**
 * A judge for `monitor`. After a restart it goes on from the newest stored state and replays the slices since, which
 * gives the same state to the last bit, and the same events again, whose notices are known by their ids. A state of a
 * newer version is not read: all stored slices are replayed then.
 */
export const createMonitorDetector = (
  monitor: Monitor,
  { settleMs }: { readonly settleMs: number },
  { store, ending, log }: { readonly store: MonitorStore; readonly ending: AbortSignal; readonly log: Log },
): MonitorDetector => {
  let open: { readonly engine: MonitorEngine; readonly origin: number; floor: number } | null = null;
  let isReplayed = false;

  const at = (): number => open?.engine.state().at ?? 0;

  const begin = async (now: number): Promise<NonNullable<typeof open>> => {
    const { checkpoint: known } = await readCheckpoint<Checkpoint>(monitor, CHECKPOINT_KEYS, { store, log });
    if (known !== null) return { ...known, engine: createMonitorEngine(monitor, known.engine) };
    const proposed = Math.floor((now - settleMs) / HOUR_MS) * HOUR_MS;
    const origin = await store.origin(monitor, proposed);
    const state = { ...emptyMonitorState(), at: origin - monitor.history };
    return { engine: createMonitorEngine(monitor, state), origin, floor: origin };
  };

  const save = async (to: number): Promise<void> => {
    if (open === null || (to !== open.origin && (to < open.origin || to % STORE_MS !== 0))) return;
    const checkpoint: Checkpoint = { origin: open.origin, floor: open.floor, engine: open.engine.state() };
    await store.writeState(monitor, to, encodeCheckpoint(checkpoint));
  };

  /** What was judged ahead of its time, by a clock that was wrong, cannot be judged again: that is said, not kept quiet. */
  const refuseTheFuture = (end: number): void => {
    if (at() <= end + AHEAD_MS) return;
    const until = utcStamp(at());
    throw new LeewayError(
      "clock-wrong",
      `slices until ${until} were judged by a clock that was ahead; judging goes on then`,
    );
  };

  /** Events that people could not be told of yet. Nothing later is taken in before, nor stored. */
  const untold: MonitorEvent[] = [];

  const tellAll = async (tell: Tell): Promise<void> => {
    if (untold.length === 0) return;
    await tell([...untold]);
    untold.length = 0;
  };

  const take = async (slice: MonitorSlice, tell: Tell): Promise<void> => {
    if (open === null) return;
    untold.push(...open.engine.step(slice));
    if (slice.to - slice.from > monitor.slice) open.floor = Math.max(open.floor, slice.to);
    await tellAll(tell);
  };

  const takeHours = async (to: number, tell: Tell): Promise<void> => {
    if (open === null) return;
    const hours = await store.foldPast({ monitor, from: at(), to, origin: open.origin });
    for (const hour of hours) if (hour.to > at()) await take(hour, tell);
    await save(at());
  };

  const takeMinute = async (tell: Tell): Promise<void> => {
    if (open === null) return;
    const from = at();
    const slice = await store.foldSlice({ monitor, from, to: from + monitor.slice, origin: open.floor });
    await take(slice, tell);
    await save(slice.to);
  };

  const replay = async (tell: Tell): Promise<void> => {
    for await (const slice of store.readSlices(monitor, at())) await take(slice, tell);
    isReplayed = true;
  };

  /** Hours up to `to`, some days of them at most in one round. */
  const takeHoursUntil = async (to: number, tell: Tell): Promise<void> => {
    for (let days = 0; days < MAX_DAYS && at() < to && !ending.aborted; days++)
      await takeHours(Math.min(to, at() + DAY_MS), tell);
  };

  /** What lies hours back is learned from, not judged: nobody acts on it any more, and what goes on is seen now. */
  const skipGap = async (end: number, tell: Tell): Promise<void> => {
    if (end - at() <= GAP_MS) return;
    const next = Math.ceil(at() / HOUR_MS) * HOUR_MS;
    while (at() < next) await takeMinute(tell);
    await takeHoursUntil(Math.floor(end / HOUR_MS) * HOUR_MS, tell);
  };

  return {
    engine: () => (isReplayed ? (open?.engine ?? null) : null),
    catchUp: async (now, tell) => {
      open ??= await begin(now);
      await tellAll(tell);
      if (!isReplayed) await replay(tell);
      const end = Math.floor((now - settleMs) / monitor.slice) * monitor.slice;
      refuseTheFuture(end);
      await takeHoursUntil(open.origin, tell);
      if (at() < open.origin) return;
      await skipGap(end, tell);
      if (end - at() > GAP_MS) return;
      for (let slices = 0; slices < MAX_SLICES && at() < end && !ending.aborted; slices++) await takeMinute(tell);
    },
  };
};
