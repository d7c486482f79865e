import type { Command } from "../core/ledger.ts";
import type { Migration } from "../core/migration.ts";
import type { MigrationState } from "../detectors/history.ts";

const COMMANDS: readonly Command[] = ["advance", "pause", "resume", "rollback", "rearm"];

/** True for the name of a command. */
export const isCommand = (value: unknown): value is Command => COMMANDS.some((command) => command === value);

/** A person's command: what, why, who. */
export interface CommandRequest {
  readonly command: Command;
  readonly reason: string;
  readonly by: string;
}

/** How a command ended. */
export type CommandResult =
  /** It is on record. `problem`: what it calls for did not work yet and is tried again every tick; empty = all done. */
  | { readonly outcome: "done"; readonly problem: string }
  | { readonly outcome: "unknown"; readonly problem: string }
  | { readonly outcome: "refused"; readonly problem: string };

const advanceProblem = (migration: Migration, state: MigrationState, by: string): string | null => {
  if (state.isPaused) return "it is paused; resume it first";
  const stage = migration.stages[state.stage];
  if (stage === undefined) return "the last stage is done";
  const needsApprover = stage.approval && migration.approvers.length > 0 && !migration.approvers.includes(by);
  return needsApprover ? `this stage needs one of its approvers (${migration.approvers.join(", ")})` : null;
};

/** Why `request` makes no sense now, in words for the person; null when it can be carried out. */
export const refuseCommand = (migration: Migration, state: MigrationState, request: CommandRequest): string | null => {
  if (state.hash === null) return "the migration has not started yet; try again in a moment";
  if (request.command === "rearm") return state.rollback === null ? "it is not rolled back" : null;
  if (state.rollback !== null) return "it is rolled back; nothing moves until it is re-armed";
  switch (request.command) {
    case "pause":
      return state.isPaused ? "it is paused already" : null;
    case "resume":
      return state.isPaused ? null : "it is not paused";
    case "advance":
      return advanceProblem(migration, state, request.by);
    case "rollback":
      return null;
  }
};
