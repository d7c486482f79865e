import type { SpoolStats } from "../../core/collector-stats.ts";

/** How an append ended. Only `durable` may be acknowledged; after the others nothing of it is kept. */
export type AppendOutcome =
  | {
      readonly outcome: "durable";
      /** Number of the segment that the rows are in; missing where there was nothing to write. */
      readonly segment?: number;
    }
  /** The spool has reached its limit: the store has not taken rows for a while. */
  | { readonly outcome: "full" }
  /** The disk refused: no space, or an error. `detail` is one line. */
  | { readonly outcome: "failed"; readonly detail: string };

/** Rows on disk between the acknowledgement and the store. */
export interface Spool {
  /** Appends whole lines; resolves when they are durable, or will never be. Appends that meet share one fsync. */
  readonly append: (lines: Uint8Array, rows: number) => Promise<AppendOutcome>;
  /**
   * Appends the line of a row that stands in for one of this segment (see standing-in.ts), if it still grows. Resolves with
   * whether that is durable; where it is not, nothing has changed.
   */
  readonly exchange: (line: Uint8Array, segment: number) => Promise<boolean>;
  /** Keys of the rows an earlier run left behind, newest segment first. */
  readonly leftoverKeys: readonly string[];
  readonly stats: () => SpoolStats;
  /**
   * Seals what was appended and waits until it is in the store. Rejects with the store's error at the first failed
   * try: the rows stay on disk and are tried again.
   */
  readonly flush: () => Promise<void>;
  /** Flushes for at most `graceMs`; what could not be stored stays on disk for the next run. */
  readonly close: (graceMs: number) => Promise<void>;
}

/** Bounds of the spool. */
export interface SpoolSettings {
  /** Appends beyond this many bytes on disk are refused. */
  readonly maxBytes: number;
  /** A segment is sealed, and so stored, at this many rows … */
  readonly maxRows: number;
  /** … or bytes … */
  readonly maxSegmentBytes: number;
  /** … or this long after its first row, ms. */
  readonly maxDelayMs: number;
  /** Bound of `Spool.leftoverKeys`. */
  readonly maxLeftoverKeys: number;
  /** First and longest pause after a failed insert, ms; it doubles in between. */
  readonly retryMs: { readonly first: number; readonly longest: number };
}
