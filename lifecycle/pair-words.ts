import type { LedgerEntry } from "../core/ledger.ts";

/** How many words on differences people have given in this life of the migration. */
export const wordsGiven = (entries: readonly LedgerEntry[], since: number): number =>
  entries.filter(({ at, event }) => event.type === "triaged" && at >= since).length;
