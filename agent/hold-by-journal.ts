import type { RoutedFlag } from "../alerts/flags/flag-target.ts";
import type { LedgerEntry } from "../core/ledger.ts";
import type { Log } from "../core/log.ts";
import type { Migration } from "../core/migration.ts";
import { foldLedger } from "../lifecycle/transitions.ts";
import { holdDown } from "./align-flag.ts";

/**
 * Switches off the flags of the migrations that `pending`, what the journal holds, says are rolled back. Never rejects:
 * what does not work is logged, and done by the first round.
 */
export const holdByJournal = async (
  migrations: readonly Migration[],
  flagOf: (migration: Migration) => RoutedFlag,
  pending: readonly LedgerEntry[],
  log: Log,
): Promise<void> => {
  for (const migration of migrations) {
    const entries = pending.filter((entry) => entry.migration === migration.name).toSorted((a, b) => a.at - b.at);
    if (foldLedger(migration, entries).rollback === null) continue;
    const problem = await holdDown(flagOf(migration));
    if (problem === "") log.info(`${migration.name}: kept at 0% by a rollback that the ledger may not have yet`);
    else log.error(`${migration.name}: rolled back, but ${problem}`);
  }
};
