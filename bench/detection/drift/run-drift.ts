import type { Monitor } from "../../../core/monitor.ts";
import { binomialFrom, normalFrom } from "../../../core/seeded-random.ts";
import { createMonitorEngine } from "../../../detectors/monitors/monitor-engine.ts";
import { klBernoulli } from "../formulas.ts";
import { joinedRandom } from "../whole/joined-random.ts";

const MINUTE_MS = 60_000;
const HOUR = 60;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
/** A Monday, 00:00 UTC. */
const START = Date.UTC(2026, 0, 5);
const MARGIN = 0.1;
const MEAN_TIME_MINUTES = 1e6;

/** Errors of one series, 200 calls a minute, a false alarm every 1e6 minutes (1.9 years) on average. */
const MONITOR: Monitor = {
  name: "bench",
  hash: "0123456789abcdef",
  match: { service: null, operation: null, provider: null, model: null, prompt: null, segments: {} },
  by: [],
  signals: [{ id: "error", signal: "error", kind: "rate", quantile: null, direction: "increase", unit: "share" }],
  meanTimeBetweenFalseAlarms: MEAN_TIME_MINUTES * MINUTE_MS,
  slice: MINUTE_MS,
  margin: MARGIN,
  history: 4 * WEEK * MINUTE_MS,
  learn: 3 * DAY * MINUTE_MS,
  adoptAfter: 7 * DAY * MINUTE_MS,
  maxSeries: 1,
  modelChanges: false,
  flat: false,
};

const CALLS = 200;
const RATE = 0.03;

/** A drift of the error rate, or none: the factor from `onset` on. Times in minutes. */
export interface DriftCase {
  readonly name: string;
  readonly factor: number;
  /** Standard deviation of the noise that every hour has of its own, as a share. */
  readonly noise: number;
  readonly learn: number;
  readonly watch: number;
  readonly runs: number;
}

/** The rows about drift without a canary. */
export const DRIFT_CASES: readonly DriftCase[] = [
  { name: "no drift, 30 days, hours alike", factor: 1, noise: 0, learn: 2 * WEEK, watch: 30 * DAY, runs: 40 },
  { name: "no drift, 30 days, hours 8% apart", factor: 1, noise: 0.08, learn: 2 * WEEK, watch: 30 * DAY, runs: 40 },
  { name: "errors +50%", factor: 1.5, noise: 0, learn: 2 * WEEK, watch: DAY, runs: 60 },
  { name: "errors +100%", factor: 2, noise: 0, learn: 2 * WEEK, watch: DAY, runs: 60 },
  { name: "errors +50%, hours 8% apart", factor: 1.5, noise: 0.08, learn: 2 * WEEK, watch: DAY, runs: 60 },
];

/** Minutes from the onset to the first alarm of one run; null = none. `early`: there was one while learning. */
export const runDrift = ({ factor, noise, learn, watch }: DriftCase, seed: number): number | null => {
  const random = joinedRandom(seed);
  const engine = createMonitorEngine(MONITOR);
  let hourly = 1;
  for (let minute = 0; minute < learn + watch; minute++) {
    if (minute % HOUR === 0) hourly = Math.exp(noise * normalFrom(random) - (noise * noise) / 2);
    const day = 1 + 0.3 * Math.sin((2 * Math.PI * minute) / DAY);
    const rate = RATE * day * hourly * (minute < learn ? 1 : factor);
    const from = START + minute * MINUTE_MS;
    const sample = { series: "", signal: "error", n: CALLS, sum: binomialFrom(random, CALLS, rate), bins: {} };
    const events = engine.step({ from, to: from + MINUTE_MS, samples: [sample], designEffects: {} });
    if (minute >= learn && events.some(({ kind }) => kind === "drift")) return minute + 1 - learn;
  }
  return null;
};

/** Least minutes on average to an alarm: log(mean time) over the divergence of a minute's calls from the margin. */
export const driftBound = ({ factor }: DriftCase): number | null =>
  factor === 1 ? null : Math.log(MEAN_TIME_MINUTES) / (CALLS * klBernoulli(RATE * factor, RATE * (1 + MARGIN)));

/** The rows as Markdown; `share` of the runs of each. */
export const printDrift = (share: number, progress: (name: string) => void): string => {
  const lines = DRIFT_CASES.map((row) => {
    progress(row.name);
    const runs = Math.max(2, Math.round(row.runs * share));
    const found = Array.from({ length: runs }, (_, i) => runDrift(row, i + 1) ?? Number.POSITIVE_INFINITY);
    const sorted = found.toSorted((a, b) => a - b);
    const [alarms, bound] = [found.filter(Number.isFinite).length, driftBound(row)];
    const at = (q: number): string => {
      const minutes = sorted[Math.floor(q * runs)] ?? Number.POSITIVE_INFINITY;
      return bound === null || !Number.isFinite(minutes) ? "-" : String(minutes);
    };
    const ratio = bound === null ? "-" : ((sorted[Math.floor(runs / 2)] ?? Number.NaN) / bound).toFixed(2);
    return `| ${row.name} | ${runs} | ${alarms} | ${at(0.5)} | ${at(0.95)} | ${ratio} |`;
  });
  return `| scenario | runs | alarms | median minutes | p95 | ratio |\n| --- | --- | --- | --- | --- | --- |\n${lines.join("\n")}\n`;
};
