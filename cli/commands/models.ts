import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { migrationFiles } from "../../agent/config/load-config.ts";
import { loadDocument } from "../../agent/config/load-migration.ts";
import { loadStoreAccess } from "../../agent/config/read-settings.ts";
import { createLog } from "../../agent/create-log.ts";
import { LIVES_AS_OF } from "../../agent/models/built-in-lives.ts";
import { type FindLife, findBuiltInLife } from "../../agent/models/find-life.ts";
import { loadLives } from "../../agent/models/load-lives.ts";
import { type ModelInUse, modelsInUse, modelsNamed } from "../../agent/models/models-in-use.ts";
import { LeewayError } from "../../core/errors.ts";
import { printableValues } from "../../core/printable-values.ts";
import type { SeenModel } from "../../store/models-seen.ts";
import { openReader } from "../../store/open-reader.ts";
import type { ExitCode } from "../exit-code.ts";
import { renderModels } from "../render/models.ts";
import type { Terminal } from "../terminal.ts";

/** What `leeway models` is asked. */
export interface ModelsOptions {
  /** Names to look up; empty = those in use. */
  readonly models: readonly string[];
  readonly config: string;
  /** `config` was named by the person, and has to be there. */
  readonly isNamed: boolean;
  readonly json: boolean;
}

/** Calls that ended in this time are of late. */
const LATE_MS = 7 * 86_400_000;

const openLives = ({ config, isNamed, models }: ModelsOptions): FindLife => {
  const isNeeded = isNamed || models.length === 0;
  return isNeeded || existsSync(config) ? loadLives(config, process.env) : findBuiltInLife;
};

/** What the spans say, or why they were not read: the days of the documents' models are known without them. */
const readSeen = async (
  config: string,
  errors: Terminal,
): Promise<{ readonly seen: readonly SeenModel[] | null; readonly problem: string }> => {
  const { store } = loadStoreAccess(config, process.env);
  const log = createLog(errors.print, Date.now);
  try {
    const reader = await openReader(store, { log, now: Date.now });
    try {
      return { seen: await reader.modelsSeen(Date.now() - LATE_MS), problem: "" };
    } finally {
      await reader.close();
    }
  } catch (error) {
    if (error instanceof LeewayError) return { seen: null, problem: error.message };
    throw error;
  }
};

const isOver = ({ daysLeft }: ModelInUse): boolean => daysLeft !== null && daysLeft <= 0;

/**
 * `leeway models`: when the models of the calls of late and of the documents are retired. Exit 1 when one is past its day, 4 when one
 * of those that were asked about is unknown.
 */
export const models = async (
  options: ModelsOptions,
  { output, errors }: { readonly output: Terminal; readonly errors: Terminal },
): Promise<ExitCode> => {
  const find = openLives(options);
  const now = Date.now();
  const isAsked = options.models.length > 0;
  const { seen, problem } = isAsked ? { seen: null, problem: "" } : await readSeen(options.config, errors);
  const all = isAsked
    ? modelsNamed(options.models, find, now)
    : modelsInUse(seen, documentsOf(options.config), find, now);
  const spans = isAsked ? null : { days: LATE_MS / 86_400_000, problem: problem === "" ? null : problem };
  if (options.json) {
    output.print(`${JSON.stringify({ schema: "leeway.models/1", at: now, asOf: LIVES_AS_OF, spans, models: all })}\n`);
  } else output.print(renderModels(printableValues(all), printableValues(spans)));
  if (all.some(isOver)) return 1;
  return isAsked && all.some(({ life }) => life === null) ? 4 : 0;
};

const documentsOf = (config: string) => {
  const { targets } = loadStoreAccess(config, process.env);
  return migrationFiles(dirname(resolve(config))).map((path) => loadDocument(path, targets));
};
