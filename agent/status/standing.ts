import type { DrainState } from "../../alerts/drain.ts";
import { unreachable } from "../../core/exhaustive.ts";
import type { Migration } from "../../core/migration.ts";
import type { MigrationState, OpenRollback } from "../../detectors/history.ts";
import type { IncidentView, Standing } from "../../grafana/status-page.ts";

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

const time = (at: number): string => new Date(at).toISOString().slice(11, 19);

const drainDetail = (state: MigrationState, drain: DrainState | null): string => {
  const { rollback } = state;
  if (rollback === null) return "";
  if (rollback.flippedAt === null) return "the flag is not flipped yet";
  if (drain === null) return `flipped at ${time(rollback.flippedAt)} UTC`;
  switch (drain.state) {
    case "draining":
      return `flipped at ${time(rollback.flippedAt)} UTC; waiting for enough baseline calls without a canary call`;
    case "proven": {
      const last =
        drain.lastCanaryStart === null
          ? "no canary call after the flip"
          : `last canary call at ${time(drain.lastCanaryStart)} UTC`;
      return `${last}; ${drain.exposure.baselineCalls} baseline calls since`;
    }
    case "overdue":
      return drain.instances.length > 0
        ? `canary calls still come from ${drain.instances.join(", ")}`
        : `no proof in time: ${drain.reason.replaceAll("-", " ")}`;
    default:
      return unreachable(drain);
  }
};

/** The open incident of a migration; null without a rollback. */
export const incidentOf = (state: MigrationState, drain: DrainState | null, reason: string): IncidentView | null => {
  const { rollback } = state;
  if (rollback === null) return null;
  return {
    id: rollback.incident,
    openedAt: rollback.decidedAt,
    reason,
    drain: rollback.drain === "pending" ? "draining" : rollback.drain,
    drainDetail: drainDetail(state, drain),
  };
};
