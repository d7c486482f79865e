import { userInfo } from "node:os";
import { createInterface } from "node:readline/promises";
import type { CommandResult } from "../../agent/command.ts";
import { LeewayError } from "../../core/errors.ts";
import type { Command } from "../../core/ledger.ts";
import { printableLine } from "../../core/printable.ts";
import type { ApiClient } from "../api-client.ts";

const DONE: Readonly<Record<Command, string>> = {
  advance: "advanced to the next stage",
  pause: "paused; rollback rules are judged on",
  resume: "resumed",
  rollback: "rolled back; the spans are watched until canary calls stop: leeway status",
  rearm: "re-armed at its first stage",
};

type CommandDone = Extract<CommandResult, { readonly outcome: "done" }>;

const noReason = (command: Command, migration: string): LeewayError =>
  new LeewayError(
    "config-invalid",
    `leeway ${command} ${migration}: no reason; expected --reason "…", which goes into the ledger`,
  );

const askReason = async (command: Command, migration: string): Promise<string> => {
  if (!process.stdin.isTTY) throw noReason(command, migration);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(`Why ${command} ${printableLine(migration)}? `);
  } finally {
    terminal.close();
  }
};

const currentUser = (): string => {
  try {
    return userInfo().username;
  } catch {
    // A container may run under an id that has no name.
    return process.env.USER ?? `user ${process.getuid?.() ?? "unknown"}`;
  }
};

/**
 * A person's decision: asks for the reason, records who. 1 when it is on record but did not take hold yet: the flag
 * system refused, for example; the agent tries again every tick.
 */
export const giveCommand = async (
  client: ApiClient,
  command: Command,
  migration: string,
  options: { readonly reason?: string; readonly by?: string },
  print: (text: string) => void,
): Promise<0 | 1> => {
  const reason = (options.reason ?? (await askReason(command, migration))).trim();
  if (reason === "") throw noReason(command, migration);
  const by = options.by ?? currentUser();
  const path = `/api/v1/migrations/${encodeURIComponent(migration)}/commands`;
  const { problem } = await client.post<CommandDone>(path, { command, reason, by });
  print(
    problem === ""
      ? `${migration}: ${DONE[command]}\n`
      : `${migration}: ${command} is on record, but not done yet: ${printableLine(problem)}; leeway status shows how it goes on\n`,
  );
  return problem === "" ? 0 : 1;
};
