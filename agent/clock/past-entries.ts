import type { LedgerEntry } from "../../core/ledger.ts";

/**
 * Entries as they count at `now`: one of the future was written by a clock that was ahead, and counts as made when it
 * was first seen here. Nothing can be waited for that began tomorrow: a stage, a drain, the judging itself would stand
 * still until then. Keeps what it said of an entry; `now` is epoch ms.
 */
export const createPastEntries = (now: () => number): ((entries: readonly LedgerEntry[]) => readonly LedgerEntry[]) => {
  const seen = new Map<string, number>();
  const momentOf = ({ id, at }: LedgerEntry): number => {
    const known = seen.get(id);
    if (known !== undefined) return known;
    const moment = now();
    if (at <= moment) return at;
    seen.set(id, moment);
    return moment;
  };
  return (entries) =>
    entries.map((entry) => {
      const at = momentOf(entry);
      return at === entry.at ? entry : { ...entry, at };
    });
};
