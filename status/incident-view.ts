import { unreachable } from "../core/exhaustive.ts";
import { utcClock } from "../core/utc-text.ts";
import type { DrainState } from "../lifecycle/drain.ts";
import type { MigrationSnapshot } from "../lifecycle/snapshot.ts";
import type { MigrationState } from "../lifecycle/state.ts";
import type { IncidentView } from "./status-view.ts";

const waitText = (senders: readonly string[]): string =>
  senders.length === 0
    ? "waiting for enough baseline calls without a canary call"
    : `waiting until ${senders.join(", ")} ${senders.length === 1 ? "has" : "have"} been silent for long enough`;

const drainDetail = (state: MigrationState, drain: DrainState | null): string => {
  const { rollback } = state;
  if (rollback === null) return "";
  if (rollback.flippedAt === null) return "the flag is not flipped yet";
  if (drain === null) return `flipped at ${utcClock(rollback.flippedAt)} UTC`;
  switch (drain.state) {
    case "draining":
      return `flipped at ${utcClock(rollback.flippedAt)} UTC; ${waitText(drain.waitingFor)}`;
    case "proven": {
      const last =
        drain.lastCanaryStart === null
          ? "no canary call after the flip"
          : `last canary call at ${utcClock(drain.lastCanaryStart)} UTC`;
      return `${last}; ${drain.exposure.baselineCalls} baseline calls since`;
    }
    case "overdue": {
      const named = drain.instances.join(", ");
      if (drain.reason === "canary-calls") return `canary calls still come from ${named || "unknown instances"}`;
      const reason = `no proof in time: ${drain.reason.replaceAll("-", " ")}`;
      return named === "" ? reason : `${reason}; not proven silent: ${named}`;
    }
    default:
      return unreachable(drain);
  }
};

/** The open incident of a migration; null without a rollback. */
export const incidentView = ({
  state,
  drain,
  rollbackReason,
}: Pick<MigrationSnapshot, "state" | "drain" | "rollbackReason">): IncidentView | null => {
  const { rollback } = state;
  if (rollback === null) return null;
  return {
    id: rollback.incident,
    openedAt: rollback.decidedAt,
    reason: rollbackReason,
    drain: rollback.drain === "pending" ? "draining" : rollback.drain,
    drainDetail: drainDetail(state, drain),
  };
};
