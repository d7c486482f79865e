import type { LedgerEntry } from "../../core/ledger.ts";
import type { Migration } from "../../core/migration.ts";
import { type MigrationState, NOT_STARTED } from "../../lifecycle/state.ts";
import { applyEntry } from "../../lifecycle/transitions.ts";

/** One entry with the state before and after it. */
export interface Step {
  readonly entry: LedgerEntry;
  readonly before: MigrationState;
  readonly after: MigrationState;
  /** Life it belongs to, from 1; 0 before the start. */
  readonly life: number;
}

/** Every entry of a ledger in turn, as it was folded: the one pass that all parts of a report are made of. */
export const walkLedger = (migration: Migration, entries: readonly LedgerEntry[]): readonly Step[] => {
  let [state, life]: [MigrationState, number] = [NOT_STARTED, 0];
  return entries.map((entry) => {
    const before = state;
    state = applyEntry(before, migration, entry);
    if (state.hash !== null && (before.hash === null || state.since !== before.since)) life += 1;
    return { entry, before, after: state, life };
  });
};

/** Why somebody decided what an entry holds, in their words; empty where it holds no decision. */
export const reasonOf = ({ event }: LedgerEntry): string => {
  if (event.type === "decision" && "reason" in event.decision) return event.decision.reason;
  return event.type === "command" ? event.reason : "";
};
