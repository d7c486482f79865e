import { dirname, join, resolve } from "node:path";
import { LeewayError } from "../../core/errors.ts";
import type { Migration } from "../../core/migration.ts";
import { brokenDocument, type DeclaredDocument, declaredDocument } from "../documents/declared-document.ts";
import { documentFolder, documentsIn, namesIn, readFolder } from "../documents/scan-documents.ts";
import { type Declared, flagProblems, twinProblem } from "../documents/shared-flags.ts";
import { type FindLife, findBuiltInLife } from "../models/find-life.ts";
import { readLives } from "../models/read-lives.ts";
import { type Probe, readProbes } from "../monitors/sentinel/read-probes.ts";
import { highestCost } from "../monitors/sentinel/sentinel-budget.ts";
import { builtInPrices, type FindPrice, type PriceCall, type PricesRead, readPrices } from "../prices/prices.ts";
import { configInvalid, type Problem } from "./problem.ts";
import { type Environment, readSettings, shownPath } from "./read-settings.ts";
import { readText } from "./read-text.ts";
import { MAX_YAML_BYTES } from "./read-yaml.ts";
import type { Settings } from "./settings.ts";

/** Everything an agent is configured with. Relative paths of leeway.yaml are resolved against its folder. */
export interface Config {
  /** Absolute path of leeway.yaml. */
  readonly file: string;
  readonly settings: Settings;
  /** Prices a call by the table `agent.prices` names, then by the built-in one. */
  readonly price: PriceCall;
  /** How a model's name is priced by the same tables. */
  readonly findPrice: FindPrice;
  /** When a model ends, by the table `agent.models` names, then by the built-in one. */
  readonly findLife: FindLife;
  readonly migrations: readonly Migration[];
  /** Probes of the sentinels, by the name of their monitor. */
  readonly probes: ReadonlyMap<string, readonly Probe[]>;
}

/** The configuration, or one problem per mistake in any of its files. */
export type ConfigRead = { readonly config: Config } | { readonly problems: readonly Problem[] };

/**
 * Paths of the migration documents beside leeway.yaml: `migrations/*.yaml`, by name. Throws LeewayError `config-missing`
 * when the folder is there and cannot be read.
 */
export const migrationFiles = (folder: string): readonly string[] => {
  const { problem, names } = namesIn(documentFolder(folder));
  if (problem !== "") throw new LeewayError("config-missing", problem);
  return names.map((name) => join(documentFolder(folder), name));
};

/** Of documents in this order, what is wrong with each later one that has the name or a flag of an earlier one. */
const sharedNames = (documents: readonly DeclaredDocument[], flags: Settings["flags"]): readonly Problem[] => {
  const earlier: Declared[] = [];
  return documents.flatMap(({ file, migration }): readonly Problem[] => {
    if (migration === null) return [];
    const before = [...earlier];
    earlier.push({ file, migration });
    const twin = before.find((other) => other.migration.name === migration.name);
    if (twin !== undefined) return [twinProblem(file, migration.name, twin.file)];
    return flagProblems({ file, migration }, before, flags);
  });
};

const readDocument = (path: string, flags: Settings["flags"]): DeclaredDocument => {
  const read = readText(path, shownPath(path), MAX_YAML_BYTES, "expected a migration document");
  return "text" in read ? declaredDocument(path, read.text, flags) : brokenDocument(path, null, read.problems);
};

type DocumentsRead = { readonly documents: readonly DeclaredDocument[]; readonly problems: readonly Problem[] };

const readDocuments = (paths: readonly string[], flags: Settings["flags"]): DocumentsRead => {
  const documents = paths.map((path) => readDocument(path, flags));
  const problems = [...documents.flatMap((each) => each.problems), ...sharedNames(documents, flags)];
  return { documents, problems };
};

type SentinelsRead = { readonly probes: Config["probes"]; readonly problems: readonly Problem[] };

/** A budget in dollars that nothing can be counted against would stop the sentinel before its first call. */
const budgetProblems = (settings: Settings, i: number, probes: readonly Probe[], price: PriceCall, file: string) => {
  const sentinel = settings.monitors[i]?.sentinel ?? null;
  if (sentinel === null || sentinel.budget.usdPerDay === null) return [];
  const isKnown = probes.every((probe) => highestCost(sentinel, probe, price) !== null);
  const text = `the price of ${sentinel.model} is unknown; expected it in agent.prices, or usdPerDay: null, which counts calls alone`;
  return isKnown ? [] : [{ file, path: `monitors[${i}].sentinel.budget.usdPerDay`, text }];
};

const readSentinels = (settings: Settings, price: PriceCall, file: string): SentinelsRead => {
  const problems: Problem[] = [];
  const probes = new Map<string, readonly Probe[]>();
  for (const [i, { name, sentinel }] of settings.monitors.entries()) {
    if (sentinel === null) continue;
    const read = readProbes(sentinel.probes, shownPath(sentinel.probes));
    if ("problems" in read) {
      problems.push(...read.problems);
      continue;
    }
    probes.set(name, read.probes);
    problems.push(...budgetProblems(settings, i, read.probes, price, file));
  }
  return { probes, problems };
};

type MainRead = Omit<Config, "migrations"> & { readonly problems: readonly Problem[] };

/** Everything but the documents; what is wrong with the settings ends it, the rest of what is wrong comes with it. */
const readMain = (path: string, environment: Environment): MainRead | { readonly problems: readonly Problem[] } => {
  const main = readSettings(path, environment);
  if ("problems" in main) return main;
  const { settings } = main;
  const { prices, models } = settings.agent;
  const table: PricesRead = prices === null ? builtInPrices : readPrices(prices, shownPath(prices));
  const lives = models === null ? { find: findBuiltInLife } : readLives(models, shownPath(models));
  const file = resolve(path);
  const usable = "problems" in table ? builtInPrices : table;
  const wrong = ["problems" in table ? table.problems : [], "problems" in lives ? lives.problems : []].flat();
  const sentinels =
    wrong.length > 0 ? { probes: new Map(), problems: wrong } : readSentinels(settings, usable.price, shownPath(file));
  const findLife = "problems" in lives ? findBuiltInLife : lives.find;
  return { file, settings, price: usable.price, findPrice: usable.find, findLife, ...sentinels };
};

/**
 * Reads leeway.yaml at `path`, the price table and the probes it names and the migration documents beside it (or `documents`, when
 * given). Throws LeewayError `config-missing` when a file cannot be read; everything wrong inside is returned as
 * problems.
 */
export const readConfig = (
  path: string,
  environment: Environment,
  documents: readonly string[] | null = null,
): ConfigRead => {
  const main = readMain(path, environment);
  if (!("settings" in main)) return main;
  const read = readDocuments(documents ?? migrationFiles(dirname(main.file)), main.settings.flags);
  const { problems, ...config } = main;
  const all = [...problems, ...read.problems];
  if (all.length > 0) return { problems: all };
  return { config: { ...config, migrations: read.documents.flatMap(({ migration }) => migration ?? []) } };
};

/**
 * The same for an agent, which goes on without the documents that are wrong: throws LeewayError `config-missing`, and
 * `config-invalid` with a line per problem of leeway.yaml and what it names. `migrations` are those of documents that can be used.
 */
export const loadConfig = (path: string, environment: Environment): Config => {
  const main = readMain(path, environment);
  if (main.problems.length > 0 || !("settings" in main)) throw configInvalid(main.problems);
  const { problems: _, ...config } = main;
  const documents = documentsIn(readFolder(dirname(config.file)).files, config.settings.flags);
  const refused = new Set(sharedNames(documents, config.settings.flags).map(({ file }) => file));
  const used = documents.filter(({ file }) => !refused.has(file));
  return { ...config, migrations: used.flatMap(({ migration }) => migration ?? []) };
};
