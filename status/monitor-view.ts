import type { WatchReading } from "../core/monitor.ts";

/** What a monitor's sentinel did last. Times are epoch ms. */
export interface SentinelView {
  readonly model: string;
  readonly cron: string;
  readonly probes: number;
  readonly lastRun: number | null;
  /** Calls of the last run, and how many of them failed. */
  readonly asked: number;
  readonly failed: number;
  /** Since the start of the day, UTC; null before the first run. */
  readonly spent: { readonly calls: number; readonly usd: number } | null;
  readonly budget: { readonly callsPerDay: number; readonly usdPerDay: number | null };
  /** What went wrong, or why it stopped asking; empty when all is well. */
  readonly problem: string;
  readonly readings: readonly WatchReading[];
}

/** One monitor: a model compared with its own past. Times are epoch ms. */
export interface MonitorView {
  readonly name: string;
  /** End of the newest minute taken in; null before the first. */
  readonly lastSlice: number | null;
  readonly readings: readonly WatchReading[];
  /** Series there is no room for. */
  readonly ignored: readonly string[];
  readonly sentinel: SentinelView | null;
}
