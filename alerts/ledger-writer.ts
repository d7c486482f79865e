import { setTimeout as wait } from "node:timers/promises";
import { messageOf } from "../core/errors.ts";
import type { LedgerEntry } from "../core/ledger.ts";
import type { Log } from "../core/log.ts";

/** Appends entries to the decision ledger. Rejects when they are not stored. Repeating an append changes nothing. */
export type AppendLedger = (entries: readonly LedgerEntry[]) => Promise<void>;

/** Writes to the ledger without depending on it. */
export interface LedgerWriter {
  /** Resolves when the entries are stored, or kept for later because the ledger failed; true = stored. Never rejects. */
  readonly write: (...entries: readonly LedgerEntry[]) => Promise<boolean>;
  /** Entries that are not stored yet. */
  readonly backlog: () => number;
}

const within = async (ms: number, append: Promise<void>): Promise<void> => {
  const late = new AbortController();
  const timeout = wait(ms, undefined, { signal: late.signal }).then(() => {
    throw new Error(`no answer within ${ms} ms`);
  });
  try {
    await Promise.race([append, timeout]);
  } finally {
    late.abort();
  }
};

/**
 * A writer that keeps what a failing or hanging ledger does not take, and hands it over before the next entries.
 * Telling people and moving traffic must work while the store is down; their record may be late, not lost.
 * `timeoutMs` is how long one append may take, default 5 s.
 */
export const createLedgerWriter = (
  { timeoutMs = 5_000 }: { readonly timeoutMs?: number },
  { appendLedger, log }: { readonly appendLedger: AppendLedger; readonly log: Log },
): LedgerWriter => {
  let kept: readonly LedgerEntry[] = [];
  const write = async (...entries: readonly LedgerEntry[]): Promise<boolean> => {
    const batch = [...kept, ...entries];
    if (batch.length === 0) return true;
    kept = [];
    try {
      await within(timeoutMs, appendLedger(batch));
      return true;
    } catch (error) {
      kept = [...batch, ...kept];
      log.error("the ledger does not take entries; they are kept and tried again", {
        entries: kept.length,
        problem: messageOf(error),
      });
      return false;
    }
  };
  return { write, backlog: () => kept.length };
};
