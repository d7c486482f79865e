import { membersOf, unreachable } from "../core/exhaustive.ts";
import type { Command, LedgerEntry } from "../core/ledger.ts";
import type { Migration } from "../core/migration.ts";
import type { MigrationState } from "./state.ts";

/** Every command. */
export const COMMANDS: readonly Command[] = membersOf<Command>({
  advance: true,
  pause: true,
  resume: true,
  rollback: true,
  rearm: true,
});

/** True for the name of a command. */
export const isCommand = (value: unknown): value is Command => COMMANDS.some((command) => command === value);

/** A person's command: what, why, who. */
export interface CommandRequest {
  readonly command: Command;
  readonly reason: string;
  readonly by: string;
  /** Index of the stage an advance is meant for. Left out: the one the migration is at when the request arrives. */
  readonly stage?: number;
  /** What the sender calls this request; the same one, sent again, is carried out once. */
  readonly key?: string;
}

/** How a command ended. */
export type CommandResult =
  /**
   * It counts. `problem`: it is on no record yet, or what it calls for did not work yet and is tried again every tick;
   * empty = it is on record, and all done.
   */
  | { readonly outcome: "done"; readonly problem: string }
  | { readonly outcome: "unknown"; readonly problem: string }
  | { readonly outcome: "refused"; readonly problem: string };

const pauses = (entries: readonly LedgerEntry[], since: number): number =>
  entries.filter(
    ({ at, event }) =>
      at >= since &&
      ((event.type === "command" && (event.command === "pause" || event.command === "resume")) ||
        (event.type === "decision" && event.decision.kind === "pause")),
  ).length;

/**
 * What names a command within its migration: the same state and the same command give the same name, so that two
 * agents that are asked at once write one fact down.
 */
export const commandKey = (
  { since, stage }: Pick<MigrationState, "since" | "stage">,
  entries: readonly LedgerEntry[],
  command: Command,
): string => {
  switch (command) {
    case "advance":
      return `command:${since}:advance:${stage}`;
    case "pause":
    case "resume":
      return `command:${since}:${command}:${pauses(entries, since)}`;
    case "rollback":
    case "rearm":
      return `command:${since}:${command}`;
    default:
      return unreachable(command);
  }
};

/** The entry of a request that was carried out already; null for a new one. */
export const repeatOf = (entries: readonly LedgerEntry[], { key }: CommandRequest): LedgerEntry | null =>
  (key !== undefined && entries.find(({ event }) => event.type === "command" && event.key === key)) || null;

const movedOn = (migration: Migration, state: MigrationState, stage: number): string => {
  const count = migration.stages.length;
  const now = state.stage < count ? `it is at stage ${state.stage + 1} now` : "its last stage is done now";
  return `advance was given for stage ${stage + 1} of ${count}; ${now}`;
};

const advanceProblem = (
  migration: Migration,
  state: MigrationState,
  { by, stage: given = state.stage }: CommandRequest,
): string | null => {
  if (given !== state.stage) return movedOn(migration, state, given);
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
      return advanceProblem(migration, state, request);
    case "rollback":
      return null;
    default:
      return unreachable(request.command);
  }
};
