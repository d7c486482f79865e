import type { LedgerEntry } from "../../core/ledger.ts";

/**
 * Where entries wait, safe from a crash, until the ledger has them. Entries have deterministic ids, so handing one to
 * the ledger twice changes nothing.
 */
export interface Journal {
  /**
   * Puts entries on disk, with those that an earlier call could not. Resolves with "" when all of them are there, else
   * with what keeps them from it, in words; they are kept in memory then. Never rejects and never hangs.
   */
  readonly add: (entries: readonly LedgerEntry[]) => Promise<string>;
  /** The ledger has these. */
  readonly forget: (entries: readonly LedgerEntry[]) => void;
  /** What the ledger may not have, in the order of `add`; after opening: what an earlier run left. */
  readonly pending: () => readonly LedgerEntry[];
  /** Why something that waits is not on disk; empty when all of it is. */
  readonly problem: () => string;
  /** Finishes what is under way. */
  readonly close: () => Promise<void>;
}

/** A journal without a disk, for whoever writes to the ledger and has nothing to lose in a crash. */
export const NO_JOURNAL: Journal = {
  add: async () => "",
  forget: () => undefined,
  pending: () => [],
  problem: () => "",
  close: async () => undefined,
};
