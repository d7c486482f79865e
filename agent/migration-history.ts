import type { LedgerWriter } from "../alerts/ledger-writer.ts";
import { messageOf } from "../core/errors.ts";
import type { LedgerEntry, LedgerEvent } from "../core/ledger.ts";
import type { Log } from "../core/log.ts";
import type { Migration } from "../core/migration.ts";
import { foldLedger, type MigrationState, NOT_STARTED } from "../detectors/history.ts";

/** The ledger of one migration, as this agent knows it. */
export interface MigrationHistory {
  readonly state: () => MigrationState;
  readonly entries: () => readonly LedgerEntry[];
  /** Id shared by everything that happens between two re-armings. */
  readonly incident: () => string;
  /** Reads what is stored and hands back the entries that are new here; what a failing store did not take stays part of the state. */
  readonly refresh: () => Promise<readonly LedgerEntry[]>;
  /**
   * Writes an event down and lets it count at once, also while the store does not take it (it is kept and written
   * later). `id` must be the same for the same fact; a known one changes nothing. True = stored.
   */
  readonly record: (
    event: LedgerEvent,
    origin: { readonly id: string; readonly by?: string; readonly at?: number },
  ) => Promise<boolean>;
  /** Takes entries in that were written elsewhere; hands back those that are new. */
  readonly adopt: (entries: readonly LedgerEntry[]) => readonly LedgerEntry[];
}

/** The history of `migration`, empty until refreshed. */
export const createMigrationHistory = (
  migration: Migration,
  parts: {
    readonly readLedger: (migration: string) => Promise<readonly LedgerEntry[]>;
    readonly ledger: LedgerWriter;
    readonly now: () => number;
    readonly log: Log;
  },
): MigrationHistory => {
  let entries: readonly LedgerEntry[] = [];
  let state: MigrationState = NOT_STARTED;

  const adopt = (more: readonly LedgerEntry[]): readonly LedgerEntry[] => {
    const known = new Set(entries.map((entry) => entry.id));
    const fresh = more.filter((entry) => !known.has(entry.id) && known.add(entry.id));
    if (fresh.length === 0) return fresh;
    // Array sort is stable: entries of one moment keep the order they were written in.
    entries = [...entries, ...fresh].sort((a, b) => a.at - b.at);
    state = foldLedger(migration, entries);
    return fresh;
  };
  const incident = (): string => `${migration.name}:${state.since}`;

  return {
    state: () => state,
    entries: () => entries,
    incident,
    adopt,
    refresh: async () => {
      try {
        await parts.ledger.write();
        return adopt(await parts.readLedger(migration.name));
      } catch (error) {
        parts.log.warn("the ledger cannot be read; going on with what is known", { problem: messageOf(error) });
        return [];
      }
    },
    record: async (event, { id, by = "agent", at = parts.now() }) => {
      const entry: LedgerEntry = {
        id: `${migration.name}:${id}`,
        at,
        migration: migration.name,
        by,
        incident: incident(),
        event,
      };
      if (entries.some((known) => known.id === entry.id)) return true;
      const stored = await parts.ledger.write(entry);
      adopt([entry]);
      return stored;
    },
  };
};
