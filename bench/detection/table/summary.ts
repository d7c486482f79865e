import { CALLS } from "../streams/stream.ts";
import type { Acted, Case, RunResult } from "./case.ts";

/** What one method did over all runs of a row. */
export interface Summary {
  readonly runs: number;
  /** Runs in which it acted at or after the onset, and before it. */
  readonly acted: number;
  readonly early: number;
  /** Canary calls from the onset to the act, to the end of the deciding look; null when half of the runs lack one. */
  readonly median: number | null;
  readonly p95: number | null;
  /** Median against the row's lower bound. */
  readonly ratio: number | null;
}

const quantile = (sorted: readonly number[], q: number): number | null => {
  const found = sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.POSITIVE_INFINITY;
  return Number.isFinite(found) ? found : null;
};

/** Sums up column `method` of the runs of a row. */
export const summarize = (row: Case, results: readonly RunResult[], method: number): Summary => {
  const minutes = results.map((result): Acted => result[method] ?? null);
  const early = minutes.filter((minute) => minute !== null && minute <= row.onset).length;
  const calls = minutes
    .filter((minute) => minute === null || minute > row.onset)
    .map((minute) =>
      minute === null ? Number.POSITIVE_INFINITY : Math.floor((minute - row.onset) * CALLS.canary + 1e-9),
    )
    .sort((a, b) => a - b);
  const median = quantile(calls, 0.5);
  return {
    runs: results.length,
    acted: calls.filter(Number.isFinite).length,
    early,
    median,
    p95: quantile(calls, 0.95),
    ratio: median === null || row.bound === null ? null : median / row.bound,
  };
};
