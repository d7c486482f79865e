import type { LedgerEntry } from "../core/ledger.ts";
import type { Migration } from "../core/migration.ts";
import { type MigrationState, type OpenRollback, stageShare } from "./state.ts";

/** Latched: a rollback that is open already stays the one it is. */
export const rolledBack = (state: MigrationState, migration: Migration, entry: LedgerEntry): MigrationState => ({
  ...state,
  rollback: state.rollback ?? {
    incident: entry.incident,
    decidedAt: entry.at,
    shareBefore: stageShare(migration, state.stage),
    flippedAt: null,
    isConfirmed: false,
    drain: "pending",
    provenUntil: null,
    returns: 0,
  },
});

const atStage = (state: MigrationState, stage: number, at: number): MigrationState => ({
  ...state,
  stage,
  stageSince: at,
});

/** An advance that comes a second time, from a person, another agent or both at once, does not skip a stage. */
export const advancedTo = (state: MigrationState, migration: Migration, stage: number, at: number): MigrationState => {
  const next = Math.min(stage, migration.stages.length);
  return next <= state.stage ? state : atStage(state, next, at);
};

/** What became of the open rollback; nothing without one. */
export const applyToRollback = (state: MigrationState, change: Partial<OpenRollback>): MigrationState =>
  state.rollback === null ? state : { ...state, rollback: { ...state.rollback, ...change } };
