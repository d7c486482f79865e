import { utcStamp } from "../../core/utc-text.ts";
import { stageName } from "../../lifecycle/approvals.ts";
import type { CommandRequest, CommandResult } from "../../lifecycle/commands/command-type.ts";
import { COMMAND_TYPES, refuseCommand } from "../../lifecycle/commands/commands.ts";
import { exposureText } from "../../lifecycle/exposure-text.ts";
import { desiredExposure, stageAudience, stageShare } from "../../lifecycle/state.ts";
import { commandScope } from "../access/needed-scope.ts";
import type { TokenBook } from "../access/token-book.ts";
import type { LinkHandlers, LinkPreview } from "../http/link-routes.ts";
import type { MigrationRunner } from "../migration-runner.ts";
import type { ReadLink } from "./action-link.ts";
import type { LinkDesk } from "./link-desk.ts";

/** What links act through. */
export interface LinkHandlerParts {
  readonly desk: LinkDesk;
  readonly runnerOf: (migration: string) => MigrationRunner | undefined;
  readonly command: (migration: string, request: CommandRequest) => Promise<CommandResult>;
  readonly tokens: TokenBook;
  /** Where links lead: absolute URL. */
  readonly address: string;
}

const usedBefore = ({ history }: MigrationRunner, key: string): string | null => {
  const use = history.entries().find(({ event }) => event.type === "command" && event.key === key);
  return use === undefined ? null : `this link was used at ${utcStamp(use.at)}, and is good for one use`;
};

/** Why nobody can do it, whoever they are: who may is asked when they do. */
const refusedToAll = ({ migration, history }: MigrationRunner, { command, stage, since }: ReadLink): string | null => {
  if (!history.isKnown()) return history.problem();
  const state = history.state();
  if (state.since !== since) return "this link was made before the migration began anew, and is void";
  const anybody = {
    command,
    reason: "",
    by: "",
    identity: "proven",
    ...(command === "advance" ? { stage } : {}),
  } as const;
  return refuseCommand({ ...migration, approvers: [], fourEyes: false }, state, anybody);
};

const effectOf = ({ migration, history }: MigrationRunner, { command }: ReadLink): string => {
  const { help } = COMMAND_TYPES[command];
  const stage = history.state().stage + 1;
  const next = { share: stageShare(migration, stage), audience: stageAudience(migration, stage) };
  return command === "advance" ? `${help}, whose canary share is ${exposureText(next)}` : help;
};

const UNKNOWN: LinkPreview = {
  now: "",
  effect: "",
  scope: "admin",
  refused: "no such migration is declared here any more",
};

/** What the page of a link asks and does. */
export const createLinkHandlers = ({ desk, runnerOf, command, tokens, address }: LinkHandlerParts): LinkHandlers => ({
  read: desk.read,
  tokens,
  origin: URL.parse(address)?.origin ?? "",
  preview: (link) => {
    const runner = runnerOf(link.migration);
    if (runner === undefined) return UNKNOWN;
    const { migration, history } = runner;
    const state = history.state();
    const share = exposureText(desiredExposure(migration, state));
    const paused = state.isPaused ? ", paused" : "";
    return {
      now: `${stageName(state.stage)} of ${migration.stages.length}${paused}, canary ${share} (the link is of ${stageName(link.stage)})`,
      effect: effectOf(runner, link),
      scope: commandScope(link.command, migration, state),
      refused: usedBefore(runner, link.key) ?? refusedToAll(runner, link),
    };
  },
  act: async (link, { by, identity, reason }) => {
    const stage = link.command === "advance" ? { stage: link.stage } : {};
    const request = { command: link.command, reason, by, identity, key: link.key, ...stage };
    const { outcome, problem } = await command(link.migration, request);
    return { isDone: outcome === "done", problem };
  },
});
