import type { LedgerEntry } from "../core/ledger.ts";
import type { Migration } from "../core/migration.ts";
import type { Standing } from "../core/standing.ts";
import type { Judgement } from "../core/verdict.ts";
import type { DrainState } from "./drain.ts";
import type { PreflightCheck } from "./preflight.ts";
import { entryHold, type StageHold, stageHold } from "./stage-hold.ts";
import { standingOf } from "./standing.ts";
import { desiredShare, type MigrationState } from "./state.ts";

/** What is known of a migration at one moment, as its runner has it. Times are epoch ms. */
export interface MigrationFacts {
  readonly migration: Migration;
  readonly state: MigrationState;
  /** The ledger behind the state, oldest first. */
  readonly entries: readonly LedgerEntry[];
  /** The newest judgement; null before the first tick. */
  readonly judgement: Judgement | null;
  /** End of the newest judged tick; null before the first. */
  readonly lastTick: number | null;
  /** The newest look at the drain; null without an open rollback. */
  readonly drain: DrainState | null;
  /** What the pre-flight of the next advance found; null or left out = nobody looked yet. */
  readonly preflight?: readonly PreflightCheck[] | null;
  /** What went wrong in the last round; empty when nothing did. */
  readonly problem: string;
}

/** A migration at one moment, whole: what everybody reads who shows it, tells of it or counts it. */
export interface MigrationSnapshot extends MigrationFacts {
  readonly standing: Standing;
  /** The share the flag should serve, 0-1. */
  readonly share: number;
  /** Why the stage goes on although its time is up; null while it has time, and after a rollback. */
  readonly hold: StageHold | null;
  /** Why the open rollback was decided, in one sentence; empty without one. */
  readonly rollbackReason: string;
}

const rollbackReason = ({ state, entries }: MigrationFacts): string => {
  if (state.rollback === null) return "";
  for (const { event, by } of entries.toReversed()) {
    if (event.type === "decision" && event.decision.kind === "rollback") return event.decision.reason;
    if (event.type === "command" && event.command === "rollback") return `${by}: ${event.reason}`;
  }
  return "";
};

const holdOf = ({ migration, state, judgement, preflight = null }: MigrationFacts, now: number): StageHold | null => {
  if (state.rollback !== null) return null;
  // It waits for no call, and so for no judgement.
  const entry = entryHold(migration, state, preflight);
  return entry ?? (judgement === null ? null : stageHold(migration, state, judgement, now, preflight));
};

/** The snapshot of these facts at `now`, epoch ms. */
export const snapshotOf = (facts: MigrationFacts, now: number): MigrationSnapshot => ({
  ...facts,
  standing: standingOf(facts.migration, facts.state, now),
  share: desiredShare(facts.migration, facts.state),
  hold: holdOf(facts, now),
  rollbackReason: rollbackReason(facts),
});
