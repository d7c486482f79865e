import type { LedgerEntry } from "../core/ledger.ts";
import type { Store } from "../store/store.ts";

/** Reads the whole ledger of a migration or monitor, each entry once, as the first that was stored under its id. */
export type ReadLedger = (name: string) => Promise<readonly LedgerEntry[]>;

/** What reading needs. */
export interface LedgerReaderParts {
  readonly ledgerSince: Store["ledgerSince"];
  readonly now: () => number;
}

/**
 * How much of what was read is read again, by the database's clock, ms: an entry can become visible after a later one, on
 * another server of a cluster much later.
 */
const OVERLAP_MS = 600_000;
/** How often all of it is read again, ms: what became visible later than that is then seen at last. */
const WHOLE_MS = 3_600_000;

interface Known {
  readonly entries: Map<string, LedgerEntry>;
  newest: number;
  readonly readAt: number;
}

/**
 * A reader that goes on from where it was: a ledger is read at least once in every tick, and grows for weeks. What was read is
 * kept in memory, as the history that is folded from it is. Rejects when the store does, and then knows what it knew.
 */
export const createLedgerReader = ({ ledgerSince, now }: LedgerReaderParts): ReadLedger => {
  const all = new Map<string, Known>();
  return async (name) => {
    const before = all.get(name);
    // A clock that was set back must not end the reading of all.
    const goesOn = before !== undefined && Math.abs(now() - before.readAt) < WHOLE_MS;
    const part = await ledgerSince(name, goesOn ? before.newest - OVERLAP_MS : 0);
    const known: Known = goesOn ? before : { entries: new Map(), newest: 0, readAt: now() };
    for (const entry of part.entries) if (!known.entries.has(entry.id)) known.entries.set(entry.id, entry);
    known.newest = Math.max(known.newest, part.newest ?? 0);
    all.set(name, known);
    return [...known.entries.values()].sort((a, b) => a.at - b.at);
  };
};
