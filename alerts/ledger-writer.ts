import { setTimeout as wait } from "node:timers/promises";
import { inTurn } from "../async/in-turn.ts";
import { withinOr } from "../async/within-or.ts";
import { LeewayError, messageOf } from "../core/errors.ts";
import type { LedgerEntry } from "../core/ledger.ts";
import type { Log } from "../core/log.ts";
import { type Journal, NO_JOURNAL } from "./journal/journal.ts";

/** Appends entries to the decision ledger. Rejects when they are not stored. Repeating an append changes nothing. */
export type AppendLedger = (entries: readonly LedgerEntry[]) => Promise<void>;

/** Writes to the ledger without depending on it. */
export interface LedgerWriter {
  /**
   * Puts the entries on record without waiting for the ledger, which gets them, after those before them, as soon as it
   * takes them. Resolves with "" when they are safe from a crash: in the journal, or else in the ledger; otherwise with
   * why they are not, in words. They are kept in memory then. Without entries: hands over what is kept. Never rejects.
   */
  readonly note: (...entries: readonly LedgerEntry[]) => Promise<string>;
  /**
   * Whether the ledger has entries that were noted; without any, whether it has all that were. Waits for the tries that
   * were begun, and begins none. Never rejects.
   */
  readonly stored: (...entries: readonly LedgerEntry[]) => Promise<boolean>;
  /** Entries that the ledger does not have yet, oldest first. */
  readonly kept: () => readonly LedgerEntry[];
}

/** How long a writer waits. All in ms. */
export interface LedgerWriterSettings {
  /** One append. Default 5 s. */
  readonly timeoutMs?: number;
  /** After an append that took longer, entries are kept without a try for this long. Default 2 s. */
  readonly pauseMs?: number;
  /** How long `note` waits for the ledger where the journal failed. Default 1 s. */
  readonly noteMs?: number;
}

/** What a writer works with. */
export interface LedgerWriterParts {
  readonly appendLedger: AppendLedger;
  readonly log: Log;
  /** Shared by all writers of a process. Default: none, and a crash loses what the ledger did not take. */
  readonly journal?: Journal;
  /** What an earlier run left in the journal; written before anything else. Default: nothing. */
  readonly left?: readonly LedgerEntry[];
}

const isRefused = (error: unknown): boolean => error instanceof LeewayError && error.code === "store-query";

const HANGS: unique symbol = Symbol("no answer in time");

/**
 * A writer that keeps what a failing or hanging ledger does not take, and hands it over before the next entries.
 * Telling people and moving traffic must work while the store is down; their record may be late, not lost: everything
 * is in the journal before it is handed to the ledger.
 */
export const createLedgerWriter = (
  { timeoutMs = 5_000, pauseMs = 2_000, noteMs = 1_000 }: LedgerWriterSettings,
  { appendLedger, log, journal = NO_JOURNAL, left = [] }: LedgerWriterParts,
): LedgerWriter => {
  let kept: readonly LedgerEntry[] = left;
  let pause: Promise<unknown> | null = null;
  const fail = (problem: string): void =>
    log.error("the ledger does not take entries; they are kept and tried again", { entries: kept.length, problem });
  const rest = (): void => {
    pause = wait(pauseMs, undefined, { ref: false }).finally(() => {
      pause = null;
    });
  };
  const stored = (batch: readonly LedgerEntry[]): void => {
    const done = new Set(batch);
    kept = kept.filter((entry) => !done.has(entry));
    journal.forget(batch);
  };
  /** Hands entries over in one append; rejects when they are not stored. */
  const appendAll = async (batch: readonly LedgerEntry[]): Promise<void> => {
    if ((await withinOr(timeoutMs, appendLedger(batch), HANGS)) === HANGS) {
      if (pauseMs > 0) rest();
      throw new Error(`no answer within ${timeoutMs} ms`);
    }
    stored(batch);
  };
  /** One by one: an entry that the database refuses for good must not keep the others out, now or after a restart. */
  const appendEach = async (batch: readonly LedgerEntry[]): Promise<void> => {
    for (const entry of batch) {
      try {
        await appendAll([entry]);
      } catch (error) {
        if (!isRefused(error)) throw error;
      }
    }
  };
  const append = async (): Promise<void> => {
    const batch = kept;
    if (batch.length === 0 || pause !== null) return;
    try {
      await appendAll(batch);
    } catch (error) {
      fail(messageOf(error));
      if (isRefused(error) && batch.length > 1) await appendEach(batch).catch(() => undefined);
    }
  };
  // One at a time, so that what was kept goes in before what came later.
  const turn = inTurn();
  const isStored = (entries: readonly LedgerEntry[]): boolean =>
    entries.length === 0 ? kept.length === 0 : entries.every(({ id }) => !kept.some((entry) => entry.id === id));
  const hand = async (entries: readonly LedgerEntry[]): Promise<boolean> => {
    await turn(append);
    return isStored(entries);
  };

  return {
    note: async (...entries) => {
      kept = [...kept, ...entries];
      const problem = await journal.add(entries);
      const handed = hand(entries);
      if (problem === "" || (await withinOr(noteMs, handed, false))) return "";
      return problem;
    },
    stored: async (...entries) => {
      await turn(async () => undefined);
      return isStored(entries);
    },
    kept: () => kept,
  };
};
