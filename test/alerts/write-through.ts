import type { LedgerWriter } from "../../alerts/ledger-writer.ts";
import type { LedgerEntry } from "../../core/ledger.ts";

/** Notes the entries and waits for the ledger; true = it has them, and without any: all that are kept. */
export const writeThrough = async (writer: LedgerWriter, ...entries: readonly LedgerEntry[]): Promise<boolean> => {
  await writer.note(...entries);
  return writer.stored(...entries);
};
