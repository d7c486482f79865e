import type { Migration } from "../core/migration.ts";
import { shareOfStage } from "./stages.ts";

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
  /** Up to when the spans prove that there was no canary call, epoch ms; null before the first proof. */
  readonly provenUntil: number | null;
  /** How often canary calls came back after a proof. */
  readonly returns: number;
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
export const stageShare = ({ stages }: Migration, stage: number): number => {
  const last = stages[Math.min(stage, stages.length - 1)];
  return last === undefined ? 0 : shareOfStage(last);
};

/** The share the flag should serve: the stage's, and nothing after a rollback. */
export const desiredShare = (migration: Migration, state: MigrationState): number =>
  state.hash === null || state.rollback !== null ? 0 : stageShare(migration, state.stage);
