import type { LedgerEvent } from "../core/ledger.ts";
import type { Migration } from "../core/migration.ts";
import type { Standing } from "../core/standing.ts";
import type { MigrationState, OpenRollback } from "./state.ts";
import { desiredShare } from "./state.ts";

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

/** What the ledger is told of where the migration stands. `now` is epoch ms. */
export const standingEvent = (
  migration: Migration,
  state: MigrationState,
  now: number,
): Extract<LedgerEvent, { readonly type: "standing" }> => ({
  type: "standing",
  standing: standingOf(migration, state, now),
  stage: state.stage,
  share: desiredShare(migration, state),
});
