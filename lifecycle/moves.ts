import { sameAudience } from "../core/audience.ts";
import type { LedgerEntry } from "../core/ledger.ts";
import type { Migration } from "../core/migration.ts";
import { judgedAudience } from "./stages.ts";
import { type MigrationState, type OpenRollback, stageShare } from "./state.ts";

/** Latched: a rollback that is open already stays the one it is. */
export const rolledBack = (state: MigrationState, migration: Migration, entry: LedgerEntry): MigrationState => ({
  ...(state.rollback === null ? called(state, entry.at, true) : state),
  drill: null,
  rollback: state.rollback ?? {
    ...(state.drill === null ? {} : { cutsDrill: true }),
    incident: entry.incident,
    decidedAt: entry.at,
    shareBefore: stageShare(migration, state.stage),
    flippedAt: null,
    isConfirmed: false,
    drain: "pending",
    provenUntil: null,
    provenSenders: [],
    returns: 0,
    fallbacks: [],
  },
});

/** Given up: as a rollback, which nobody is called for and nothing ends. */
export const abandoned = (state: MigrationState, migration: Migration, entry: LedgerEntry): MigrationState => ({
  ...rolledBack(state, migration, entry),
  call: state.call,
  abandoned: state.abandoned ?? { by: entry.by, at: entry.at },
});

const atStage = (state: MigrationState, stage: number, at: number): MigrationState => ({
  ...state,
  stage,
  stageSince: at,
  approvedBy: [],
});

/** An advance that comes a second time, from a person, another agent or both at once, does not skip a stage. */
export const advancedTo = (state: MigrationState, migration: Migration, stage: number, at: number): MigrationState => {
  const { stages } = migration;
  const next = Math.min(stage, stages.length);
  if (next <= state.stage) return state;
  const isForOthers = !sameAudience(judgedAudience(stages, state.stage), judgedAudience(stages, next));
  // What the rules know is of other people: a stage for these is judged by these alone.
  return { ...atStage(state, next, at), ...(isForOthers ? { judgedSince: at } : {}) };
};

/** The share that a drill found is to come back from here on, where it is not yet. */
export const drillOver = (state: MigrationState, at: number): MigrationState =>
  state.drill === null || state.drill.endedAt !== null ? state : { ...state, drill: { ...state.drill, endedAt: at } };

/**
 * People are called because a stage does not end, which may be for want of a drill: one goes on, and may begin. Beside something
 * else that nobody is at it is no news.
 */
export const heldUp = (state: MigrationState, at: number): MigrationState => {
  const { call, isPaused } = state;
  if (call !== null && call.acknowledged === null && call.isCritical) return state;
  const next = { at, isCritical: true, acknowledged: null } as const;
  // A pause that was not theirs waits for people as it did.
  const isAlone = call === null || (call.acknowledged !== null && !isPaused);
  return { ...state, call: isAlone ? { ...next, isHold: true } : next };
};

/**
 * People are called for something, which is no time for a drill. What is open and critical stays it beside a lesser thing, but nobody is at what came after
 * they said so.
 */
export const called = (state: MigrationState, at: number, isCritical: boolean): MigrationState => {
  const { call } = state;
  const goesOn = call !== null && call.acknowledged === null && (call.isCritical || !isCritical);
  // Who acknowledged a critical thing did not end it: only what ends it makes the call a lesser one.
  const staysCritical = isCritical || call?.isCritical === true;
  const told = drillOver(state, at);
  // An incident beside a hold makes it one.
  const since = goesOn ? call.at : at;
  return goesOn && call.isHold !== true
    ? told
    : { ...told, call: { at: since, isCritical: staysCritical, acknowledged: null } };
};

/** What people were called for is over. */
export const callOver = (state: MigrationState): MigrationState =>
  state.call === null ? state : { ...state, call: null };

/** The flag was written (`isRead` false) or read back to serve nothing, in the drill that has it off; nothing without one. */
export const drillFlipped = (state: MigrationState, at: number, isRead: boolean): MigrationState => {
  const { drill } = state;
  if (drill === null || drill.endedAt !== null) return state;
  if (drill.flippedAt !== null && drill.isConfirmed >= isRead) return state;
  return { ...state, drill: { ...drill, flippedAt: drill.flippedAt ?? at, isConfirmed: drill.isConfirmed || isRead } };
};

/** What became of the open rollback; nothing without one. */
export const applyToRollback = (state: MigrationState, change: Partial<OpenRollback>): MigrationState =>
  state.rollback === null ? state : { ...state, rollback: { ...state.rollback, ...change } };
