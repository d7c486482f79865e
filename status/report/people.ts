import { signature } from "../../core/identity.ts";
import type { LedgerEvent } from "../../core/ledger.ts";
import { shortHash } from "../../core/migration.ts";
import { stageName } from "../../lifecycle/approvals.ts";
import type { PersonRecord } from "./report.ts";
import type { Step } from "./walk.ts";

type CommandEvent = Extract<LedgerEvent, { readonly type: "command" }>;

/** What a command was meant as: to give a migration up is a rollback in the ledger. */
export const commandName = ({ command, abandons }: Pick<CommandEvent, "command" | "abandons">): string =>
  abandons ? "abandon" : command;

const commandText = (event: CommandEvent): string => {
  const stage = event.stage === undefined ? "" : ` from stage ${event.stage + 1}`;
  const despite = event.despite === undefined ? "" : `, although ${event.despite.join("; and ")}`;
  return `${commandName(event)}${stage}${despite}`;
};

/** What people decided, and why: commands, approvals that were one of two, and drills. */
export const peopleOf = (steps: readonly Step[]): readonly PersonRecord[] =>
  steps.flatMap(({ entry: { at, by, event } }): readonly PersonRecord[] => {
    if (event.type === "command")
      return [{ at, by: signature(by, event.identity), what: commandText(event), reason: event.reason }];
    if (event.type === "approval")
      return [{ at, by, what: `approve going on from ${stageName(event.stage)}, one of two`, reason: event.reason }];
    if (event.type === "revision-approval")
      return [
        { at, by, what: `approve taking up document ${shortHash(event.hash, 12)}, one of two`, reason: event.reason },
      ];
    return event.type === "drill-started" ? [{ at, by, what: "drill", reason: event.reason }] : [];
  });
