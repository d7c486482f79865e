import type { MonitorSlice, SeriesSample } from "../../../core/monitor.ts";
import type { MonitorStore } from "../../../store/monitors/monitor-store.ts";

const HOUR_MS = 3_600_000;

/** A whole hour: the past of the monitor ends here. */
export const ORIGIN: number = Date.UTC(2026, 10, 20, 12);

/** The monitor whose calls the store has. */
export const MONITOR: Readonly<Record<string, unknown>> = {
  name: "shop",
  signals: ["error"],
  history: "2d",
  meanTimeBetweenFalseAlarms: "2y",
};

/** A store in memory whose monitor has a hundred calls an hour, three of them errors; what is written can be looked at. */
export interface FakeMonitorStore extends MonitorStore {
  /** What was stored, or is to have been, oldest first. */
  readonly states: { at: number; state: string }[];
  readonly slices: MonitorSlice[];
}

const sliceOf = (from: number, to: number): MonitorSlice => {
  const n = Math.round((100 * (to - from)) / HOUR_MS);
  const sample: SeriesSample = { series: "", signal: "error", n, sum: Math.round(n * 0.03), bins: {} };
  return { from, to, samples: n === 0 ? [] : [sample], designEffects: { error: 1 } };
};

/** Creates it, empty. */
export const fakeMonitorStore = (): FakeMonitorStore => {
  const states: { at: number; state: string }[] = [];
  const slices: MonitorSlice[] = [];
  const keep = (slice: MonitorSlice): MonitorSlice => {
    slices.push(slice);
    return slice;
  };
  return {
    states,
    slices,
    origin: async () => ORIGIN,
    foldPast: async ({ from, to }) =>
      Array.from({ length: (to - from) / HOUR_MS }, (_, i) =>
        keep(sliceOf(from + i * HOUR_MS, from + (i + 1) * HOUR_MS)),
      ),
    foldSlice: async ({ from, to }) => keep(sliceOf(from, to)),
    readSlices: async function* (_monitor, sinceMs) {
      for (const slice of slices) if (slice.to > sinceMs) yield slice;
    },
    readState: async () => states.toSorted((a, b) => b.at - a.at)[0] ?? null,
    writeState: async (_monitor, at, state) => void states.push({ at, state }),
    probeCalls: async () => [],
  };
};
