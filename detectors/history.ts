import type { LedgerEntry } from "../core/ledger.ts";
import type { Migration } from "../core/migration.ts";

/** A rollback from its decision to the proof that canary traffic stopped. */
export interface OpenRollback {
  readonly incident: string;
  readonly decidedAt: number;
  /** Canary share at the moment of the decision, 0-1. */
  readonly shareBefore: number;
  /** When the flag system took the write, epoch ms; null before. */
  readonly flippedAt: number | null;
  /** True once the flag system, read back, serves no canary. */
  readonly isConfirmed: boolean;
  readonly drain: "pending" | "overdue" | "proven";
}

/** Where a migration stands: a fold of its ledger, nothing else. */
export interface MigrationState {
  /** What the migration's document is known by; null before it started. */
  readonly hash: string | null;
  /** The hash it was started with: ids are made of it, so it stays what it was when a newer version calls it otherwise. */
  readonly startedWith: string | null;
  /** Judgement counts from here: the start, or the last re-arming. Epoch ms. */
  readonly since: number;
  /** Index of the stage; equal to the number of stages once the last one is done. */
  readonly stage: number;
  readonly stageSince: number;
  readonly isPaused: boolean;
  /** After a rollback exposure can only go down until a person re-arms. */
  readonly rollback: OpenRollback | null;
  /** Rules that have paused this migration; a rule pauses once, then it is a person's call. */
  readonly pausedFor: readonly string[];
  /** Topics people were already paged for. */
  readonly pagedFor: readonly string[];
}

/** The state before the first entry. */
export const NOT_STARTED: MigrationState = {
  hash: null,
  startedWith: null,
  since: 0,
  stage: 0,
  stageSince: 0,
  isPaused: false,
  rollback: null,
  pausedFor: [],
  pagedFor: [],
};

/** Canary share of a stage; after the last stage the last share stays (the holdback), 0-1. */
export const stageShare = (migration: Migration, stage: number): number =>
  migration.stages[Math.min(stage, migration.stages.length - 1)]?.share ?? 0;

/** The share the flag should serve: the stage's, and nothing after a rollback. */
export const desiredShare = (migration: Migration, state: MigrationState): number =>
  state.hash === null || state.rollback !== null ? 0 : stageShare(migration, state.stage);

const rolledBack = (state: MigrationState, migration: Migration, entry: LedgerEntry): MigrationState => ({
  ...state,
  rollback: state.rollback ?? {
    incident: entry.incident,
    decidedAt: entry.at,
    shareBefore: stageShare(migration, state.stage),
    flippedAt: null,
    isConfirmed: false,
    drain: "pending",
  },
});

const atStage = (state: MigrationState, stage: number, at: number): MigrationState => ({
  ...state,
  stage,
  stageSince: at,
});

/** An advance that comes a second time, from a person, another agent or both at once, does not skip a stage. */
const advancedTo = (state: MigrationState, migration: Migration, stage: number, at: number): MigrationState => {
  const next = Math.min(stage, migration.stages.length);
  return next <= state.stage ? state : atStage(state, next, at);
};

const applyCommand = (
  state: MigrationState,
  migration: Migration,
  entry: LedgerEntry & { readonly event: { readonly type: "command" } },
): MigrationState => {
  switch (entry.event.command) {
    case "pause":
      return { ...state, isPaused: true };
    case "resume":
      return { ...state, isPaused: false };
    case "rollback":
      return rolledBack(state, migration, entry);
    case "advance":
      return advancedTo(state, migration, (entry.event.stage ?? state.stage) + 1, entry.at);
    case "rearm":
      return {
        ...NOT_STARTED,
        hash: state.hash,
        startedWith: state.startedWith,
        since: entry.at,
        stageSince: entry.at,
      };
  }
};

const applyToRollback = (state: MigrationState, change: Partial<OpenRollback>): MigrationState =>
  state.rollback === null ? state : { ...state, rollback: { ...state.rollback, ...change } };

/** The state after one more entry. Entries that change nothing (verdicts, notices, claims, deliveries) leave it as it is. */
export const applyEntry = (state: MigrationState, migration: Migration, entry: LedgerEntry): MigrationState => {
  const { event, at } = entry;
  switch (event.type) {
    case "started":
      return state.hash === null
        ? { ...state, hash: event.hash, startedWith: event.hash, since: at, stageSince: at, stage: event.stage }
        : state;
    case "rehashed":
      return state.hash === null ? state : { ...state, hash: event.hash };
    case "command":
      return applyCommand(state, migration, { ...entry, event });
    case "decision":
      switch (event.decision.kind) {
        case "rollback":
          return rolledBack(state, migration, entry);
        case "pause":
          return { ...state, isPaused: true, pausedFor: [...state.pausedFor, event.decision.rule] };
        case "advance":
          return advancedTo(state, migration, event.decision.toStage, at);
        case "page":
          return { ...state, pagedFor: [...state.pagedFor, event.decision.topic ?? event.decision.reason] };
        case "continue":
          return state;
      }
      break;
    case "flip-result":
      return event.write.outcome === "failed" || event.write.state.share > 0 || state.rollback?.flippedAt != null
        ? state
        : applyToRollback(state, { flippedAt: at });
    case "flip-readback":
      // A flag found off (somebody was faster, or the result was lost in a crash) counts as flipped when it was read.
      return event.confirmed && event.state.share === 0
        ? applyToRollback(state, { isConfirmed: true, flippedAt: state.rollback?.flippedAt ?? at })
        : state;
    case "drain-proven":
      return applyToRollback(state, { drain: "proven" });
    case "drain-overdue":
      return applyToRollback(state, { drain: "overdue" });
    default:
      return state;
  }
  return state;
};

/** Folds a migration's ledger, oldest entry first. */
export const foldLedger = (migration: Migration, entries: readonly LedgerEntry[]): MigrationState =>
  entries.reduce((state, entry) => applyEntry(state, migration, entry), NOT_STARTED);
