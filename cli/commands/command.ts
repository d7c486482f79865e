import { userInfo } from "node:os";
import { createInterface } from "node:readline/promises";
import { LeewayError } from "../../core/errors.ts";
import type { Command } from "../../core/ledger.ts";
import type { ApiClient } from "../api-client.ts";

const DONE: Readonly<Record<Command, string>> = {
  advance: "advanced to the next stage",
  pause: "paused; rollback rules are judged on",
  resume: "resumed",
  rollback: "rolled back; the spans are watched until canary calls stop: leeway status",
  rearm: "re-armed at its first stage",
};

const askReason = async (command: Command, migration: string): Promise<string> => {
  if (!process.stdin.isTTY) {
    throw new LeewayError(
      "config-invalid",
      `leeway ${command} ${migration}: no reason; expected --reason "…", which goes into the ledger`,
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(`Why ${command} ${migration}? `);
  } finally {
    terminal.close();
  }
};

/** A person's decision: asks for the reason, records who. */
export const giveCommand = async (
  client: ApiClient,
  command: Command,
  migration: string,
  options: { readonly reason?: string; readonly by?: string },
  print: (text: string) => void,
): Promise<0> => {
  const reason = options.reason ?? (await askReason(command, migration));
  const by = options.by ?? userInfo().username;
  await client.post(`/api/v1/migrations/${encodeURIComponent(migration)}/commands`, { command, reason, by });
  print(`${migration}: ${DONE[command]}\n`);
  return 0;
};
