import type { LedgerEntry } from "../../core/ledger.ts";

/** The moments of one migration's ledger entries, where some of them may lie in the future. */
export interface LedgerTime {
  /**
   * Stored entries as they count: one of the future (by more than a minute) was written by a clock that was ahead, and counts as made when it was
   * first seen here. Nothing can be waited for that began tomorrow: a stage, a drain, the judging itself would stand
   * still until then.
   */
  readonly past: (stored: readonly LedgerEntry[]) => readonly LedgerEntry[];
  /** An entry as it is to be stored: after all that are stored, so that its order outlives this process. */
  readonly next: (entry: LedgerEntry) => LedgerEntry;
}

/** The clocks of two agents may differ by less: both have to keep the same moment of a fact. */
const AHEAD_MS = 60_000;

/** `now` is epoch ms. */
export const createLedgerTime = (now: () => number): LedgerTime => {
  const seen = new Map<string, number>();
  /** In which order entries were first seen: of one moment, those that were there come before what was written since. */
  const order = new Map<string, number>();
  let newest = Number.NEGATIVE_INFINITY;

  const momentOf = ({ id, at }: LedgerEntry): number => {
    if (!order.has(id)) order.set(id, order.size);
    const known = seen.get(id);
    if (known !== undefined) return known;
    newest = Math.max(newest, at);
    const moment = now();
    if (at <= moment + AHEAD_MS) return at;
    seen.set(id, moment);
    return moment;
  };

  const rank = ({ id }: LedgerEntry): number => order.get(id) ?? order.size;

  return {
    past: (stored) => {
      const entries = stored.map((entry) => {
        const at = momentOf(entry);
        return at === entry.at ? entry : { ...entry, at };
      });
      return seen.size === 0 ? entries : entries.sort((a, b) => a.at - b.at || rank(a) - rank(b));
    },
    next: (entry) => (newest > now() + AHEAD_MS ? { ...entry, at: newest + 1 } : entry),
  };
};
