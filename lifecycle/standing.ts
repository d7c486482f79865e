import type { LedgerEvent } from "../core/ledger.ts";
import type { Migration } from "../core/migration.ts";
import type { Standing } from "../core/standing.ts";
import { needsApproval } from "./approvals.ts";
import type { MigrationState, OpenRollback } from "./state.ts";
import { desiredShare, isDrilledDown } from "./state.ts";

const ROLLED_BACK: Readonly<Record<OpenRollback["drain"], Standing>> = {
  pending: "rolling-back",
  overdue: "not-rolled-back",
  proven: "rolled-back",
};

/** Where a migration stands, in one word. `now` is epoch ms. */
export const standingOf = (migration: Migration, state: MigrationState, now: number): Standing => {
  if (state.rollback?.drain === "proven" && state.abandoned !== null) return "abandoned";
  if (state.rollback !== null) return ROLLED_BACK[state.rollback.drain];
  if (isDrilledDown(state)) return "drilling";
  if (state.isPaused) return "paused";
  if (state.stage >= migration.stages.length) return "done";
  const isTimeUp = now - state.stageSince >= (migration.stages[state.stage]?.forMs ?? 0);
  return isTimeUp && needsApproval(migration, state) ? "waiting-for-approval" : "running";
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

/** Whether a migration in this standing is over. */
const IS_OVER: Readonly<Record<Standing, boolean>> = {
  running: false,
  drilling: false,
  paused: false,
  "waiting-for-approval": false,
  "rolling-back": false,
  "not-rolled-back": false,
  "rolled-back": true,
  abandoned: true,
  done: true,
};

/** True where nothing is left to be done: the last stage is over, or a rollback is proven. */
export const isOver = (standing: Standing): boolean => IS_OVER[standing];
