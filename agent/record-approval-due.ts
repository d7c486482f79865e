import type { Migration } from "../core/migration.ts";
import type { Judgement } from "../core/verdict.ts";
import { approvalDueKey, idInMigration } from "../lifecycle/ledger-ids.ts";
import type { PreflightCheck } from "../lifecycle/preflight.ts";
import { gateHold } from "../lifecycle/stage-hold.ts";
import { standingOf } from "../lifecycle/standing.ts";
import type { MigrationHistory } from "./migration-history.ts";

/** What is known of the stage at hand; null = it was not judged, or not looked at, since it began. `now` is epoch ms. */
export interface StageReadiness {
  readonly judgement: Judgement | null;
  readonly checks: readonly PreflightCheck[] | null;
  readonly now: number;
}

/**
 * Puts on record that a stage of which the time is up waits for an approval: once while something else keeps it too, and once when
 * nothing else does. People are told by that. That the first stage waits is told with the start.
 */
export const recordApprovalDue = async (
  migration: Migration,
  history: Pick<MigrationHistory, "record" | "state" | "entries">,
  { judgement, checks, now }: StageReadiness,
): Promise<void> => {
  const state = history.state();
  const { stage, hash } = state;
  if (hash === null || stage < 0 || standingOf(migration, state, now) !== "waiting-for-approval") return;
  // What was not looked at since is no reason to call it ready.
  if (judgement?.stage !== stage || checks === null) return;
  const hold = gateHold(migration, state, judgement, now, checks)?.reason ?? "";
  const ready = approvalDueKey(state, false);
  const wasReady = history.entries().some(({ id }) => id === idInMigration(migration.name, ready));
  if (hold !== "" && wasReady) return;
  await history.record(
    { type: "approval-due", stage, hold },
    { id: hold === "" ? ready : approvalDueKey(state, true) },
  );
};
