import type { Monitor, MonitorSlice } from "../../core/monitor.ts";
import type { SpanRow } from "../../core/span-row.ts";

/** Slices to be folded; times are epoch ms and whole slices. */
export interface MonitorFold {
  readonly monitor: Monitor;
  readonly from: number;
  readonly to: number;
  /** Where the monitor's past ends: slices before it are hours that late calls do not matter to. */
  readonly origin: number;
}

/** A monitor, as its stored rows know it. */
export type MonitorId = Pick<Monitor, "name" | "hash">;

/** One call of a sentinel, as it was stored. */
export type ProbeCall = Pick<
  SpanRow,
  | "end_ms"
  | "error"
  | "error_type"
  | "finish_reason"
  | "refusal_class"
  | "response_model"
  | "system_fingerprint"
  | "prompt_version"
  | "output_chars"
  | "duration_ms"
  | "output_tokens"
  | "cost_usd"
> & {
  readonly probe: string;
  readonly run: number;
  /** Digests of the answer and of its form; empty without an answer. */
  readonly answer: string;
  readonly form: string;
};

/** What a store keeps for monitors. Every method rejects with a LeewayError, as those of Store do. */
export interface MonitorStore {
  /** Where the monitor's past ends: `proposed` the first time, then for ever what it was the first time. */
  readonly origin: (monitor: MonitorId, proposed: number) => Promise<number>;
  /**
   * The hours of a day, or less, that is only learned from: before the origin, or while no agent was there. Safe to repeat and for several agents at once: all get the same slices.
   */
  readonly foldPast: (request: MonitorFold) => Promise<readonly MonitorSlice[]>;
  /**
   * The slice [from, to), judged once: calls that ended in it, and those of the ten minutes before (since the origin)
   * that came late. Safe to repeat and for several agents at once; slices are folded in order, none left out.
   */
  readonly foldSlice: (request: MonitorFold) => Promise<MonitorSlice>;
  /** The stored slices with `to > sinceMs`, oldest first. */
  readonly readSlices: (monitor: MonitorId, sinceMs: number) => AsyncIterable<MonitorSlice>;
  /** The newest stored state, as JSON; null without one. */
  readonly readState: (monitor: MonitorId) => Promise<{ readonly at: number; readonly state: string } | null>;
  readonly writeState: (monitor: MonitorId, at: number, state: string) => Promise<void>;
  /** Calls of the sentinel of a monitor with `end_ms >= sinceMs`, by run, then by probe. */
  readonly probeCalls: (monitor: string, sinceMs: number) => Promise<readonly ProbeCall[]>;
}
