import type { Migration } from "../core/migration.ts";
import type { MigrationState, OpenRollback } from "./state.ts";

/** Where a migration stands, as one word an on-call person can act on. */
export type Standing =
  | "running"
  | "paused"
  | "waiting-for-approval"
  /** the flag is flipped, canary calls have not yet been seen to stop */
  | "rolling-back"
  | "rolled-back"
  /** the drain was not proven in time: canary calls still arrive, or the spans cannot tell */
  | "not-rolled-back"
  | "done";

const ROLLED_BACK: Readonly<Record<OpenRollback["drain"], Standing>> = {
  pending: "rolling-back",
  overdue: "not-rolled-back",
  proven: "rolled-back",
};

/** Where a migration stands, in one word. `now` is epoch ms. */
export const standingOf = (migration: Migration, state: MigrationState, now: number): Standing => {
  if (state.rollback !== null) return ROLLED_BACK[state.rollback.drain];
  if (state.isPaused) return "paused";
  const stage = migration.stages[state.stage];
  if (stage === undefined) return "done";
  return stage.approval && now - state.stageSince >= stage.forMs ? "waiting-for-approval" : "running";
};
