import type { ApprovalMeaning, Migration } from "../core/migration.ts";
import type { MigrationState } from "./state.ts";

/** Index of where a migration stands while its first stage waits for an approval: nothing is served there. */
export const BEFORE_FIRST = -1;

/** Index of where a life of the migration begins. */
export const entryStage = ({ stages }: Pick<Migration, "stages">, approvals: ApprovalMeaning): number =>
  approvals === "entry" && stages[0]?.approval === true ? BEFORE_FIRST : 0;

/** True when only a person may let the migration go on from where it stands. */
export const needsApproval = (
  { stages }: Pick<Migration, "stages">,
  { stage, approvals }: Pick<MigrationState, "stage" | "approvals">,
): boolean => stages[approvals === "entry" ? stage + 1 : stage]?.approval === true;

/** True where the checks, and no person, are what the first stage waits for. */
export const waitsForChecks = (
  migration: Pick<Migration, "stages">,
  { stage, approvals }: Pick<MigrationState, "stage" | "approvals">,
): boolean => stage === BEFORE_FIRST && !needsApproval(migration, { stage, approvals });

/** Where a migration stands, for people: `stage 2`. */
export const stageName = (stage: number): string =>
  stage < 0 ? "the start, before its first stage" : `stage ${stage + 1}`;
