import {
  IDENTITIES,
  type Identity,
  type IdentityChange,
  type Monitor,
  type MonitorEvent,
  type MonitorSlice,
  type SeriesSample,
  type WatchReading,
} from "../../core/monitor.ts";
import { createIdentityState, type IdentityState, stepIdentity } from "./identity-watch.ts";
import { type Incident, threadEvents } from "./incidents.ts";
import { isShare } from "./level.ts";
import { HOUR_MS } from "./profile.ts";
import {
  createSignalState,
  createSignalWatch,
  directionsOf,
  type SignalState,
  type SignalWatch,
} from "./signal-watch.ts";
import { coarsen, emptyTotals } from "./totals.ts";

/** Everything that is known of one series: plain data. */
interface SeriesState {
  readonly name: string;
  /** End of the newest slice with calls. */
  last: number;
  readonly signals: SignalState[];
  readonly identities: IdentityState[];
}

/** Everything a monitor knows: plain data, the same before and after a trip through JSON. */
export interface MonitorState {
  /** End of the newest slice; null before the first. */
  at: number | null;
  series: SeriesState[];
  /** Series there was no room for, the last ones named. */
  ignored: string[];
  designEffects: Readonly<Record<string, number>>;
  /** Incidents that are open, or for which people were paged within the hour; absent in what earlier versions stored. */
  incidents?: Incident[];
}

/** One monitor under way. Slices come in order of time. */
export interface MonitorEngine {
  /** Takes one slice in; what people are to be told. */
  readonly step: (slice: MonitorSlice) => readonly MonitorEvent[];
  readonly readings: () => readonly WatchReading[];
  /** Changed in place by every step. */
  readonly state: () => Readonly<MonitorState>;
}

const FORGET_MS: number = 30 * 24 * HOUR_MS;
const DAY_MS: number = 24 * HOUR_MS;
const MAX_IGNORED = 20;

/** Detectors that share a monitor's false alarms. */
export const detectorsOf = ({ signals, by, maxSeries }: Monitor): number =>
  signals.reduce((sum, signal) => sum + directionsOf(signal).length, 0) * (by.length === 0 ? 1 : maxSeries);

/**
 * Log wealth at which a detector of the monitor raises an alarm. The summed wealth of all detectors less their number
 * times the slices is a supermartingale while nothing changes, so that together they need the stated time on average.
 */
export const alarmThreshold = (monitor: Monitor): number =>
  Math.log((monitor.meanTimeBetweenFalseAlarms / monitor.slice) * detectorsOf(monitor));

/** A state that has seen nothing. */
export const emptyMonitorState = (): MonitorState => ({ at: null, series: [], ignored: [], designEffects: {} });

const bySignal = (samples: readonly SeriesSample[]): ReadonlyMap<string, ReadonlyMap<string, SeriesSample>> => {
  const series = new Map<string, Map<string, SeriesSample>>();
  for (const sample of samples) {
    const found = series.get(sample.series) ?? new Map<string, SeriesSample>();
    series.set(sample.series, found.set(sample.signal, sample));
  }
  return series;
};

/** One series with its watches. */
const createSeriesWatch = (monitor: Monitor, state: SeriesState) => {
  const threshold = alarmThreshold(monitor);
  const watches: readonly SignalWatch[] = monitor.signals.flatMap((signal, i) => {
    const own = state.signals[i];
    return own === undefined ? [] : [createSignalWatch(monitor, signal, own, threshold)];
  });

  const changedAround = (since: number): readonly IdentityChange[] =>
    state.identities.flatMap(({ changes }) => changes).filter((change) => change.since >= since - DAY_MS);

  const stepIdentities = (
    samples: ReadonlyMap<string, SeriesSample>,
    { from, to }: MonitorSlice,
    judged: boolean,
  ): readonly MonitorEvent[] =>
    IDENTITIES.flatMap((identity: Identity, i): readonly MonitorEvent[] => {
      const own = state.identities[i];
      if (own === undefined) return [];
      const change = stepIdentity(own, identity, samples.get(identity)?.bins ?? {}, { at: from, judged });
      // A new prompt version is the team's own doing: it explains, and alarms nobody.
      if (change === null || !monitor.modelChanges || identity === "prompt_version") return [];
      return [{ kind: "model-changed", series: state.name, change, at: to }];
    });

  const step = (
    samples: ReadonlyMap<string, SeriesSample>,
    slice: MonitorSlice,
    designEffects: MonitorState["designEffects"],
  ): readonly MonitorEvent[] => {
    const judged = slice.to - slice.from <= monitor.slice;
    if (samples.size > 0) state.last = slice.to;
    // Before the signals: an alarm names the change that came with it.
    const told = stepIdentities(samples, slice, judged);
    const events = monitor.signals.flatMap(({ signal, kind }, i) => {
      const sample = samples.get(signal);
      const calls =
        sample === undefined ? emptyTotals() : isShare({ kind }) ? { ...sample, bins: {} } : coarsen(sample);
      const designEffect = designEffects[signal] ?? 1;
      const { from, to } = slice;
      return watches[i]?.step({ series: state.name, from, to, calls, designEffect, judged, changedAround }) ?? [];
    });
    return [...told, ...events];
  };

  return { state, step, readings: (at: number) => watches.flatMap((watch) => watch.readings(state.name, at)) };
};

const hasDrift = ({ signals }: SeriesState): boolean =>
  signals.some(({ directions }) => directions.some(({ open }) => open !== null));

/** An engine over `state`, which it changes in place: a new one, or one that was stored. */
export const createMonitorEngine = (monitor: Monitor, state: MonitorState = emptyMonitorState()): MonitorEngine => {
  let watches = state.series.map((series) => createSeriesWatch(monitor, series));
  const room = monitor.by.length === 0 ? 1 : monitor.maxSeries;

  const dropSilent = (at: number): void => {
    watches = watches.filter(({ state: series }) => at - series.last < FORGET_MS || hasDrift(series));
    state.series = watches.map((watch) => watch.state);
  };

  const admit = (name: string, at: number): void => {
    if (watches.length >= room) dropSilent(at);
    if (watches.length >= room) {
      if (!state.ignored.includes(name)) state.ignored = [...state.ignored, name].slice(-MAX_IGNORED);
      return;
    }
    const series: SeriesState = {
      name,
      last: at,
      signals: monitor.signals.map(createSignalState),
      identities: IDENTITIES.map(createIdentityState),
    };
    state.series.push(series);
    watches.push(createSeriesWatch(monitor, series));
    state.ignored = state.ignored.filter((each) => each !== name);
  };

  return {
    state: () => state,
    readings: () => watches.flatMap((watch) => watch.readings(state.at ?? 0)),
    step: (slice) => {
      const samples = bySignal(slice.samples);
      // The busiest first: which series get the room must not depend on the order of rows.
      const names = [...samples].map(
        ([name, own]) => [name, Math.max(...[...own.values()].map(({ n }) => n))] as const,
      );
      for (const [name] of names.toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))) {
        if (!watches.some((watch) => watch.state.name === name)) admit(name, slice.to);
      }
      state.at = slice.to;
      state.designEffects = { ...state.designEffects, ...slice.designEffects };
      const events = watches.flatMap((watch) =>
        watch.step(samples.get(watch.state.name) ?? new Map(), slice, state.designEffects),
      );
      state.incidents ??= [];
      return threadEvents(state.incidents, events, slice.to);
    },
  };
};
