import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline/promises";
import { LeewayError } from "../../core/errors.ts";
import type { Command } from "../../core/ledger.ts";
import { printableLine } from "../../core/printable.ts";
import type { CommandResult } from "../../lifecycle/commands/command-type.ts";
import { COMMAND_TYPES } from "../../lifecycle/commands/commands.ts";
import type { Explanation } from "../../status/explanation.ts";
import type { ApiClient } from "../api-client.ts";
import { currentUser } from "../current-user.ts";

type CommandDone = Extract<CommandResult, { readonly outcome: "done" }>;

const noReason = (command: Command, migration: string): LeewayError =>
  new LeewayError(
    "config-invalid",
    `leeway ${command} ${migration}: no reason; expected --reason "…", which goes into the ledger`,
  );

const askReason = async (command: Command, migration: string): Promise<string> => {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(`Why ${command} ${printableLine(migration)}? `);
  } finally {
    terminal.close();
  }
};

/** What `leeway <command>` is given beside the migration. */
export interface CommandOptions {
  readonly reason?: string;
  readonly by?: string;
  /** Number of the stage it is meant for, from 1; default: the one the agent shows. */
  readonly stage?: string;
}

const readStage = (text: string): number => {
  const stage = Number(text);
  if (Number.isSafeInteger(stage) && stage >= 0) return stage;
  throw new LeewayError(
    "config-invalid",
    `--stage: ${JSON.stringify(text)}; expected a number from 1 as leeway status shows it, or 0 to approve the first`,
  );
};

/** The stage a command is meant for: two people who look at one stage and say so at once do not skip the next. */
const stageOf = async (client: ApiClient, migration: string, asked: string | undefined): Promise<number> => {
  if (asked !== undefined) return readStage(asked);
  const { state } = await client.get<Explanation>(`/api/v1/migrations/${encodeURIComponent(migration)}`);
  return state.stage + 1;
};

/** Sends the request once more where the connection broke: its key tells the agent that it is the same one. */
const send = async (client: ApiClient, path: string, body: object): Promise<CommandDone> => {
  try {
    return await client.post<CommandDone>(path, body);
  } catch (error) {
    const isBroken = error instanceof LeewayError && error.code === "agent-unreachable";
    if (!isBroken || (error.cause instanceof Error && error.cause.name === "TimeoutError")) throw error;
    return client.post<CommandDone>(path, body);
  }
};

/**
 * A person's decision: asks for the reason, records who. 1 when it is on no record yet or did not take hold yet: the
 * flag system refused, for example; the agent tries again every tick.
 */
export const giveCommand = async (
  client: ApiClient,
  command: Command,
  migration: string,
  options: CommandOptions,
  print: (text: string) => void,
): Promise<0 | 1> => {
  const { defaultReason } = COMMAND_TYPES[command];
  if (options.reason?.trim() === "" || (options.reason === undefined && defaultReason === null && !process.stdin.isTTY))
    throw noReason(command, migration);
  // Before the reason is asked for: the stage meant is the one of now, not of when somebody has typed it.
  const stage = COMMAND_TYPES[command].isForStage ? { stage: await stageOf(client, migration, options.stage) } : {};
  const reason = (options.reason ?? defaultReason ?? (await askReason(command, migration))).trim();
  if (reason === "") throw noReason(command, migration);
  const by = options.by ?? currentUser();
  const path = `/api/v1/migrations/${encodeURIComponent(migration)}/commands`;
  const { problem } = await send(client, path, { command, reason, by, ...stage, key: randomUUID() });
  print(
    problem === ""
      ? `${migration}: ${COMMAND_TYPES[command].done}\n`
      : `${migration}: ${command} was taken, but not all is done: ${printableLine(problem)}; leeway status shows how it goes on\n`,
  );
  return problem === "" ? 0 : 1;
};
