import { askFlag } from "../../agent/ask-flag.ts";
import { loadFlagAccess } from "../../agent/config/load-flag-access.ts";
import { loadStoreAccess } from "../../agent/config/read-settings.ts";
import { createLog } from "../../agent/create-log.ts";
import { readWanted } from "../../agent/read-wanted.ts";
import { isBuiltinTarget } from "../../alerts/flags/builtin.ts";
import { createFlagTarget } from "../../alerts/flags/create-flag-target.ts";
import { LeewayError } from "../../core/errors.ts";
import type { Migration } from "../../core/migration.ts";
import { printableValues } from "../../core/printable-values.ts";
import { type FlagView, flagView, type WantedShare } from "../../status/flag-view.ts";
import { type AgentOptions, connect } from "../api-client.ts";
import type { ExitCode } from "../exit-code.ts";
import { renderFlag } from "../render/flag.ts";
import type { Terminal } from "../terminal.ts";

/** What `leeway flag` is told. */
export interface FlagOptions extends AgentOptions {
  readonly migration: string;
  readonly json: boolean;
  /** Asks the flag system from here; the agent is not asked. */
  readonly direct: boolean;
}

/** Longer than the agent waits for the flag system. */
const AGENT_MS = 20_000;

const NOT_SERVED =
  "the agent serves this flag itself, and none answers: apps go by the default in their code; start the agent";

type Asked = readonly [view: FlagView, by: string];

const byAgent = async (options: FlagOptions): Promise<Asked> => {
  const client = connect({ ...options, timeoutMs: AGENT_MS });
  return [await client.get<FlagView>(`/api/v1/migrations/${encodeURIComponent(options.migration)}/flag`), "the agent"];
};

const wantedFrom = async (config: string, migration: Migration, terminal: Terminal): Promise<WantedShare> => {
  try {
    const { store } = loadStoreAccess(config, process.env);
    const quiet = { ...createLog(terminal.print, Date.now), info: () => undefined };
    return await readWanted(store, migration, { now: Date.now, log: quiet });
  } catch (error) {
    if (error instanceof LeewayError) return { share: null, because: error.message };
    throw error;
  }
};

/** What only an agent can do for a flag that it serves itself. */
const served = (view: FlagView, { direct }: FlagOptions): FlagView =>
  direct
    ? { ...view, unknown: [...view.unknown, "whether an agent serves it: none was asked"] }
    : { ...view, problems: [...view.problems, NOT_SERVED] };

const fromHere = async (options: FlagOptions, errors: Terminal): Promise<Asked> => {
  const { config, migration: name } = options;
  const { migration, target: entry } = loadFlagAccess(config, process.env, name);
  const { route, baseline, candidate } = migration;
  const log = createLog(errors.print, Date.now);
  const target = createFlagTarget(route.target, entry, { log, now: Date.now });
  const flag = target.bind(route, { baseline: baseline.model, canary: candidate.model });
  try {
    const [answer, wanted] = await Promise.all([askFlag(flag), wantedFrom(config, migration, errors)]);
    const what = { migration: name, route, capabilities: flag.capabilities, at: Date.now() };
    const view = flagView(what, answer, wanted);
    return [isBuiltinTarget(target) ? served(view, options) : view, `this command, with ${config}`];
  } finally {
    await target.close();
  }
};

const ask = async (options: FlagOptions, errors: Terminal): Promise<Asked> => {
  if (options.direct) return fromHere(options, errors);
  try {
    return await byAgent(options);
  } catch (error) {
    if (!(error instanceof LeewayError) || error.code !== "agent-unreachable") throw error;
    errors.print(`${error.message}; the flag system is asked from here\n`);
    const [view, by] = await fromHere(options, errors);
    return [view, `${by}, as no agent answers`];
  }
};

/** 1 while something is wrong with it, 4 while something that matters is not known. */
const exitCodeFor = ({ problems, unknown }: FlagView): ExitCode =>
  problems.length > 0 ? 1 : unknown.length > 0 ? 4 : 0;

/**
 * `leeway flag`: a migration's flag as its system has it. The agent asks; where none answers this command does, from the
 * configuration.
 */
export const flag = async (
  options: FlagOptions,
  { output, errors }: { readonly output: Terminal; readonly errors: Terminal },
): Promise<ExitCode> => {
  const [view, by] = await ask(options, errors);
  output.print(`${options.json ? JSON.stringify({ ...view, by }) : renderFlag(printableValues(view), by)}\n`);
  return exitCodeFor(view);
};
