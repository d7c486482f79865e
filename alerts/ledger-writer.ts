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

const HANGS: unique symbol = Symbol("no answer in time");

/** Ends after `ms` at the latest; rejects as `append` does. */
const within = async (ms: number, append: Promise<void>): Promise<typeof HANGS | undefined> => {
  const answered = new AbortController();
  const timeout = wait<typeof HANGS>(ms, HANGS, { signal: answered.signal }).catch((): typeof HANGS => HANGS);
  try {
    return await Promise.race([append.then(() => undefined), timeout]);
  } finally {
    answered.abort();
  }
};

/**
 * A writer that keeps what a failing or hanging ledger does not take, and hands it over before the next entries.
 * Telling people and moving traffic must work while the store is down; their record may be late, not lost.
 * `timeoutMs` is how long one append may take, default 5 s. After one that took longer, entries are kept without
 * a try for `pauseMs`, default 2 s: a rollback writes several, and must not wait for each of them.
 */
export const createLedgerWriter = (
  { timeoutMs = 5_000, pauseMs = 2_000 }: { readonly timeoutMs?: number; readonly pauseMs?: number },
  { appendLedger, log }: { readonly appendLedger: AppendLedger; readonly log: Log },
): LedgerWriter => {
  let kept: readonly LedgerEntry[] = [];
  let pause: Promise<unknown> | null = null;
  const keep = (batch: readonly LedgerEntry[], problem: string): false => {
    kept = [...batch, ...kept];
    log.error("the ledger does not take entries; they are kept and tried again", { entries: kept.length, problem });
    return false;
  };
  const rest = (): void => {
    pause = wait(pauseMs, undefined, { ref: false }).finally(() => {
      pause = null;
    });
  };
  const append = async (entries: readonly LedgerEntry[]): Promise<boolean> => {
    const batch = [...kept, ...entries];
    if (batch.length === 0) return true;
    kept = pause === null ? [] : batch;
    if (pause !== null) return false;
    try {
      if ((await within(timeoutMs, appendLedger(batch))) === undefined) return true;
      if (pauseMs > 0) rest();
      return keep(batch, `no answer within ${timeoutMs} ms`);
    } catch (error) {
      return keep(batch, messageOf(error));
    }
  };
  // One at a time, so that what was kept goes in before what came later.
  let last: Promise<unknown> = Promise.resolve();
  const write: LedgerWriter["write"] = (...entries) => {
    const written = last.then(() => append(entries));
    last = written;
    return written;
  };
  return { write, backlog: () => kept.length };
};
