import { otherwise } from "../core/exhaustive.ts";
import type { FlagWrite } from "../core/flag.ts";
import type { LedgerEntry } from "../core/ledger.ts";
import type { Migration } from "../core/migration.ts";
import type { Decision } from "../core/verdict.ts";

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
  const { command, stage } = entry.event;
  switch (command) {
    case "pause":
      return { ...state, isPaused: true };
    case "resume":
      return { ...state, isPaused: false };
    case "rollback":
      return rolledBack(state, migration, entry);
    case "advance":
      return advancedTo(state, migration, (stage ?? state.stage) + 1, entry.at);
    case "rearm":
      return {
        ...NOT_STARTED,
        hash: state.hash,
        startedWith: state.startedWith,
        since: entry.at,
        stageSince: entry.at,
      };
    default:
      return otherwise(command, state);
  }
};

const applyDecision = (
  state: MigrationState,
  migration: Migration,
  entry: LedgerEntry,
  decision: Decision,
): MigrationState => {
  switch (decision.kind) {
    case "rollback":
      return rolledBack(state, migration, entry);
    case "pause":
      return { ...state, isPaused: true, pausedFor: [...state.pausedFor, decision.rule] };
    case "advance":
      return advancedTo(state, migration, decision.toStage, entry.at);
    case "page":
      return { ...state, pagedFor: [...state.pagedFor, decision.topic ?? decision.reason] };
    case "continue":
      return state;
    default:
      return otherwise(decision, state);
  }
};

const applyToRollback = (state: MigrationState, change: Partial<OpenRollback>): MigrationState =>
  state.rollback === null ? state : { ...state, rollback: { ...state.rollback, ...change } };

/** True for a write after which the flag serves no canary. */
const servesNone = (write: FlagWrite): boolean => {
  switch (write.outcome) {
    case "written":
    case "unchanged":
      return write.state.share <= 0;
    case "failed":
      return false;
    default:
      return otherwise(write, false);
  }
};

/**
 * The state after one more entry. What a newer version wrote and this one does not know leaves it as it is, as do the
 * entries that only tell.
 */
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
      return applyDecision(state, migration, entry, event.decision);
    case "flip-result":
      return servesNone(event.write) && state.rollback?.flippedAt == null
        ? applyToRollback(state, { flippedAt: at })
        : state;
    case "flip-readback":
      // A flag found off (somebody was faster, or the result was lost in a crash) counts as flipped when it was read.
      return event.confirmed && event.state.share === 0
        ? applyToRollback(state, { isConfirmed: true, flippedAt: state.rollback?.flippedAt ?? at })
        : state;
    case "drain-proven":
      return applyToRollback(state, { drain: "proven" });
    case "drain-overdue":
      return applyToRollback(state, { drain: "overdue" });
    case "verdict":
    case "finding":
    case "flip-intent":
    case "notice":
    case "claim":
    case "delivery":
      return state;
    default:
      return otherwise(event, state);
  }
};

/** Folds a migration's ledger, oldest entry first. */
export const foldLedger = (migration: Migration, entries: readonly LedgerEntry[]): MigrationState =>
  entries.reduce((state, entry) => applyEntry(state, migration, entry), NOT_STARTED);
