import type { IdentityChange, Monitor, MonitorEvent, WatchedSignal, WatchReading } from "../../core/monitor.ts";
import { evidenceOf } from "./change-process.ts";
import { createDirectionWatch, type DirectionWatch, stepDirection, type WatchedSlice } from "./direction-watch.ts";
import { type Expectation, expect, shownClip } from "./expectation.ts";
import { levelOf, NO_CLIP } from "./level.ts";
import { emptyProfile, HOUR_MS, learnHour, type Profile, pastOf, pastOfHour } from "./profile.ts";
import { emptySpread, learnSpread, type Spread } from "./spread.ts";
import { addTotals, emptyTotals, type Totals } from "./totals.ts";

/** The calls of one whole hour. */
interface WaitingHour {
  readonly hour: number;
  readonly calls: Totals;
}

/**
 * An hour is learned from this many hours later, when the same hour of the next day is about to begin: a change that is
 * found within a day has not become part of the past by then.
 */
const WAIT_HOURS = 23;

/** Everything that is known of one signal of one series: plain data. */
export interface SignalState {
  profile: Profile;
  /** What came since an alarm: it is no past to compare with, unless the change stays. */
  fresh: Profile | null;
  readonly spread: Spread;
  /** Hours that are over and not learned from yet, oldest first. */
  waiting: WaitingHour[];
  /** The hour that is under way, counted from the epoch, and its calls. */
  hour: number | null;
  pending: Totals;
  designEffect: number;
  /** End of the newest slice with calls. */
  lastCalls: number | null;
  readonly directions: DirectionWatch[];
}

/** The directions a signal is looked at in. */
export const directionsOf = ({ direction }: WatchedSignal): readonly ("increase" | "drop")[] =>
  direction === "either" ? ["increase", "drop"] : [direction];

/** A state that has seen nothing. */
export const createSignalState = (signal: WatchedSignal): SignalState => ({
  profile: emptyProfile(),
  fresh: null,
  spread: emptySpread(),
  waiting: [],
  hour: null,
  pending: emptyTotals(),
  designEffect: 1,
  lastCalls: null,
  directions: directionsOf(signal).map(createDirectionWatch),
});

/** One slice as a signal needs it. */
export interface SignalSlice {
  readonly series: string;
  readonly from: number;
  readonly to: number;
  readonly calls: Readonly<Totals>;
  readonly designEffect: number;
  /** False for the past that is only learned from. */
  readonly judged: boolean;
  readonly changedAround: (since: number) => readonly IdentityChange[];
}

/** One signal of one series. */
export interface SignalWatch {
  readonly step: (slice: SignalSlice) => readonly MonitorEvent[];
  readonly readings: (series: string, at: number) => readonly WatchReading[];
}

/** A watch over `state`, which it changes in place. `threshold` is the log wealth of an alarm. */
export const createSignalWatch = (
  monitor: Monitor,
  signal: WatchedSignal,
  state: SignalState,
  threshold: number,
): SignalWatch => {
  const isOpen = (): boolean => state.directions.some(({ open }) => open !== null);
  const hasLearned = (): boolean => pastOf(state.profile) >= monitor.learn;
  const pastOfThisHour = (): Readonly<Totals> | null =>
    state.hour === null ? null : pastOfHour(state.profile, state.hour, signal, monitor.flat);

  const expectNow = (): Expectation | null => {
    const past = hasLearned() ? pastOfThisHour() : null;
    const settings = { least: monitor.margin, designEffect: state.designEffect };
    return past === null ? null : expect(signal, past, state.spread, settings);
  };
  /** Of this hour; the past changes between hours only. */
  let expectation: Expectation | null = expectNow();

  const adopt = (at: number): readonly MonitorEvent[] =>
    state.directions.flatMap((watch): readonly MonitorEvent[] => {
      const { open } = watch;
      if (open === null || at - open.drift.at < monitor.adoptAfter) return [];
      watch.open = null;
      if (state.fresh !== null) state.profile = state.fresh;
      state.fresh = null;
      return [{ kind: "adopted", drift: open.drift, at }];
    });

  const learn = ({ hour, calls }: WaitingHour): void => {
    const past = pastOfHour(state.profile, hour, signal, monitor.flat);
    if (past !== null && calls.n > 0) learnSpread(state.spread, signal, past, calls, state.designEffect);
    learnHour(state.profile, hour, calls, monitor.flat);
  };

  const closeHour = (hour: number): void => {
    if (!isOpen()) {
      state.fresh = null;
      state.waiting.push({ hour, calls: state.pending });
    } else {
      state.fresh ??= emptyProfile();
      learnHour(state.fresh, hour, state.pending, monitor.flat);
    }
    const isOver = (each: WaitingHour): boolean => each.hour <= hour - WAIT_HOURS;
    for (const each of state.waiting.filter(isOver)) learn(each);
    state.waiting = state.waiting.filter((each) => !isOver(each));
  };

  /** What came since a change is no past, and the first of what may become the new one. */
  const setApart = (since: number): void => {
    const first = Math.floor(since / HOUR_MS);
    const fresh = emptyProfile();
    for (const { hour, calls } of state.waiting) if (hour >= first) learnHour(fresh, hour, calls, monitor.flat);
    state.waiting = state.waiting.filter(({ hour }) => hour < first);
    state.fresh = fresh;
  };

  const enterHour = (slice: SignalSlice): readonly MonitorEvent[] => {
    const hour = Math.floor(slice.from / HOUR_MS);
    if (state.hour === hour) return [];
    if (state.hour !== null) closeHour(state.hour);
    state.hour = hour;
    state.pending = emptyTotals();
    state.designEffect = slice.designEffect;
    const events = adopt(slice.from);
    expectation = expectNow();
    return events;
  };

  return {
    step: (slice) => {
      const events = [...enterHour(slice)];
      const { calls } = slice;
      if (calls.n === 0) return events;
      state.lastCalls = slice.to;
      addTotals(state.pending, calls);
      if (!slice.judged) return events;
      const watched: WatchedSlice = { ...slice, designEffect: state.designEffect, threshold };
      for (const watch of state.directions) {
        const event = stepDirection(watch, signal, expectation, watched);
        if (event === null) continue;
        events.push(event);
        if (event.kind === "drift") setApart(event.drift.since);
      }
      return events;
    },
    readings: (series, at) =>
      state.directions.map(({ direction, running, open }): WatchReading => {
        const limit = expectation?.limit[direction] ?? null;
        const isSilent = state.lastCalls === null || at - state.lastCalls >= HOUR_MS;
        const evidence = evidenceOf(running);
        const quiet = !hasLearned() ? "learning" : isSilent ? "silent" : limit === null ? "thin" : "watching";
        return {
          series,
          signal: signal.id,
          unit: signal.unit,
          direction,
          state: open === null ? quiet : "drifted",
          expected: expectation?.level ?? null,
          limit,
          seen: levelOf(signal, state.pending, expectation === null ? NO_CLIP : shownClip(expectation)),
          n: state.pending.n,
          logE: Number.isFinite(evidence) ? evidence : null,
          threshold,
          drift: open?.drift ?? null,
        };
      }),
  };
};
