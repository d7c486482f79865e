import { bucketOf } from "../../../core/histogram.ts";
import type { Monitor, MonitorEvent, MonitorSlice, SeriesSample, WatchedSignal } from "../../../core/monitor.ts";
import { binomialFrom, normalFrom, seededRandom } from "../../../core/seeded-random.ts";
import { createMonitorEngine, type MonitorEngine } from "../../../detectors/monitors/monitor-engine.ts";

export const MINUTE = 60_000;
export const HOUR: number = 60 * MINUTE;
export const DAY: number = 24 * HOUR;

/** A Monday, 00:00 UTC. */
export const T0: number = Date.UTC(2026, 0, 5);

export const ERRORS: WatchedSignal = {
  id: "error",
  signal: "error",
  kind: "rate",
  quantile: null,
  direction: "increase",
  unit: "share",
};
export const LATENCY_P95: WatchedSignal = {
  id: "latency_ms.p95",
  signal: "latency_ms",
  kind: "value",
  quantile: 0.95,
  direction: "increase",
  unit: "ms",
};
export const TOKENS: WatchedSignal = {
  id: "output_tokens",
  signal: "output_tokens",
  kind: "value",
  quantile: null,
  direction: "either",
  unit: "tokens",
};

/** A monitor of errors alone with a threshold of log(1e6), but for what `parts` say. */
export const aMonitor = (parts: Partial<Monitor> = {}): Monitor => ({
  name: "support",
  hash: "0123456789abcdef",
  match: { service: "support-api", operation: null, provider: null, model: null, prompt: null, segments: {} },
  by: [],
  signals: [ERRORS],
  meanTimeBetweenFalseAlarms: 1e6 * MINUTE,
  slice: MINUTE,
  margin: 0.1,
  history: 28 * DAY,
  learn: 3 * DAY,
  adoptAfter: 7 * DAY,
  maxSeries: 8,
  modelChanges: true,
  flat: false,
  ...parts,
});

/** How calls are, at some moment. */
export interface Nature {
  readonly callsPerMinute: number;
  readonly error?: number;
  /** Median and log-deviation of the latency, ms. */
  readonly latency?: readonly [median: number, deviation: number];
  readonly tokens?: readonly [median: number, deviation: number];
  readonly model?: string;
  readonly fingerprint?: string;
  readonly prompt?: string;
  readonly series?: string;
}

const valueSample = (
  signal: string,
  series: string,
  n: number,
  [median, deviation]: readonly [number, number],
  random: () => number,
): SeriesSample => {
  const bins: Record<string, number> = {};
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const value = median * Math.exp(deviation * normalFrom(random));
    sum += value;
    const bin = String(bucketOf(value));
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return { series, signal, n, sum, bins };
};

/** A binomial count, by the normal approximation where it is a large one. */
const events = (random: () => number, n: number, p: number): number =>
  n * p < 200
    ? binomialFrom(random, n, p)
    : Math.max(0, Math.round(n * p + Math.sqrt(n * p * (1 - p)) * normalFrom(random)));

/** The calls of [from, to). Values are drawn for at most 2000 calls and counted for all. */
export const aSlice = (from: number, to: number, nature: Nature, random: () => number): MonitorSlice => {
  const { series = "", callsPerMinute, error, latency, tokens, model, fingerprint, prompt } = nature;
  const n = Math.round((callsPerMinute * (to - from)) / MINUTE);
  const scaled = (signal: string, shape: readonly [number, number]): SeriesSample => {
    const drawn = valueSample(signal, series, Math.min(n, 2000), shape, random);
    const factor = drawn.n === 0 ? 0 : n / drawn.n;
    const bins = Object.fromEntries(Object.entries(drawn.bins).map(([bin, count]) => [bin, count * factor]));
    return { ...drawn, n, sum: drawn.sum * factor, bins };
  };
  const label = (signal: string, value: string | undefined): readonly SeriesSample[] =>
    value === undefined ? [] : [{ series, signal, n, sum: 0, bins: { [value]: n } }];
  const samples: readonly SeriesSample[] = [
    ...(error === undefined ? [] : [{ series, signal: "error", n, sum: events(random, n, error), bins: {} }]),
    ...(latency === undefined ? [] : [scaled("latency_ms", latency)]),
    ...(tokens === undefined ? [] : [scaled("output_tokens", tokens)]),
    ...label("response_model", model),
    ...label("system_fingerprint", fingerprint),
    ...label("prompt_version", prompt),
  ];
  return { from, to, samples: n === 0 ? [] : samples, designEffects: {} };
};

/** A monitor's engine, fed with calls of a nature that may change with time. */
export interface MonitorWorld {
  readonly engine: () => MonitorEngine;
  readonly now: () => number;
  /** Whole hours that are only learned from. */
  readonly learn: (hours: number, nature: (at: number) => Nature) => void;
  /** Minutes that are judged, one by one; stops at the first event when told so. */
  readonly detector: (minutes: number, nature: (at: number) => Nature, until?: "event") => readonly MonitorEvent[];
  /** The engine goes on from what it would have stored. */
  readonly restart: () => void;
}

/** A world with a seed of its own. */
export const monitorWorld = (monitor: Monitor, seed: number): MonitorWorld => {
  const random = seededRandom(seed);
  let engine = createMonitorEngine(monitor);
  let now = T0;
  return {
    engine: () => engine,
    now: () => now,
    learn: (hours, nature) => {
      for (let hour = 0; hour < hours; hour++, now += HOUR) engine.step(aSlice(now, now + HOUR, nature(now), random));
    },
    detector: (minutes, nature, until) => {
      const told: MonitorEvent[] = [];
      for (let minute = 0; minute < minutes; minute++, now += MINUTE) {
        told.push(...engine.step(aSlice(now, now + MINUTE, nature(now), random)));
        if (until === "event" && told.length > 0) {
          now += MINUTE;
          return told;
        }
      }
      return told;
    },
    restart: () => {
      engine = createMonitorEngine(monitor, JSON.parse(JSON.stringify(engine.state())));
    },
  };
};
