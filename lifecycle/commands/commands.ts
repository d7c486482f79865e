import { membersOf } from "../../core/exhaustive.ts";
import type { Command, LedgerEntry } from "../../core/ledger.ts";
import type { Migration } from "../../core/migration.ts";
import type { MigrationState } from "../state.ts";
import { abandon } from "./abandon.ts";
import { ack } from "./ack.ts";
import { advance } from "./advance.ts";
import type { CommandRequest, CommandType } from "./command-type.ts";
import { pause } from "./pause.ts";
import { rearm } from "./rearm.ts";
import { resume } from "./resume.ts";
import { revise } from "./revise.ts";
import { rollback } from "./rollback.ts";

/** Every command, in the order in which people are shown them; a new one is a file of this folder and a line here. */
export const COMMAND_TYPES: Readonly<Record<Command, CommandType>> = {
  rollback,
  advance,
  pause,
  resume,
  rearm,
  ack,
  abandon,
  revise,
};

/** The names of all commands. */
export const COMMANDS: readonly Command[] = membersOf(COMMAND_TYPES);

/** True for the name of a command. */
export const isCommand = (value: unknown): value is Command => COMMANDS.some((command) => command === value);

/** The type of a command that the ledger names; undefined for one that a newer version knows. */
export const commandType = (command: Command): CommandType | undefined =>
  isCommand(command) ? COMMAND_TYPES[command] : undefined;

/** The entry of a request that was carried out already; null for a new one. */
export const repeatOf = (entries: readonly LedgerEntry[], { key }: CommandRequest): LedgerEntry | null =>
  (key !== undefined && entries.find(({ event }) => event.type === "command" && event.key === key)) || null;

/** Why `request` makes no sense now, in words for the person; null when it can be carried out. */
export const refuseCommand = (migration: Migration, state: MigrationState, request: CommandRequest): string | null =>
  state.hash === null
    ? "the migration has not started yet; try again in a moment"
    : COMMAND_TYPES[request.command].refuse(migration, state, request);
