import { readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { builtin } from "../../alerts/flags/builtin.ts";
import { flagTargetType } from "../../alerts/flags/create-flag-target.ts";
import { LeewayError } from "../../core/errors.ts";
import type { Migration } from "../../core/migration.ts";
import { type Probe, readProbes } from "../monitors/sentinel/read-probes.ts";
import { highestCost } from "../monitors/sentinel/sentinel-budget.ts";
import { builtInPrices, type PriceCall, readPrices } from "../prices.ts";
import { readMigration } from "./migration-document.ts";
import { configInvalid, type Problem } from "./problem.ts";
import { type Environment, readSettings, shownPath } from "./read-settings.ts";
import { readYaml } from "./read-yaml.ts";
import type { Settings } from "./settings.ts";
import { shareStepProblems } from "./share-steps.ts";

/** Everything an agent is configured with. Relative paths of leeway.yaml are resolved against its folder. */
export interface Config {
  /** Absolute path of leeway.yaml. */
  readonly file: string;
  readonly settings: Settings;
  /** Prices a call by the table `agent.prices` names, then by the built-in one. */
  readonly price: PriceCall;
  readonly migrations: readonly Migration[];
  /** Probes of the sentinels, by the name of their monitor. */
  readonly probes: ReadonlyMap<string, readonly Probe[]>;
}

/** The configuration, or one problem per mistake in any of its files. */
export type ConfigRead = { readonly config: Config } | { readonly problems: readonly Problem[] };

const isYaml = (name: string): boolean => /\.ya?ml$/.test(name);

const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder);
  } catch (cause) {
    const { code = "error" } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") return [];
    const what = "expected a folder of migration documents";
    throw new LeewayError("config-missing", `${shownPath(folder)}: cannot be read (${code}); ${what}`, { cause });
  }
};

/**
 * Paths of the migration documents beside leeway.yaml: `migrations/*.yaml`, by name. Throws LeewayError `config-missing`
 * when the folder is there and cannot be read.
 */
export const migrationFiles = (folder: string): readonly string[] => {
  const documents = join(folder, "migrations");
  return namesIn(documents)
    .filter(isYaml)
    .sort()
    .map((name) => join(documents, name));
};

interface Declared {
  readonly file: string;
  readonly migration: Migration;
}

/** The agent serves the flags of all its own targets at one address, so there a name is taken for all of them. */
const isSameFlag = (a: Migration["route"], b: Migration["route"], flags: Settings["flags"]): boolean =>
  a.flag === b.flag &&
  (a.target === b.target || (flags[a.target]?.type === builtin.type && flags[b.target]?.type === builtin.type));

const sharedNames = (read: readonly Declared[], flags: Settings["flags"]): readonly Problem[] =>
  read.flatMap(({ file, migration }, i): readonly Problem[] => {
    const { name, route } = migration;
    const earlier = read.slice(0, i);
    const twin = earlier.find((other) => other.migration.name === name);
    if (twin !== undefined) {
      const text = `${name} is also declared in ${twin.file}; expected one document per migration`;
      return [{ file, path: "migration", text }];
    }
    const taken = earlier.find((other) => isSameFlag(other.migration.route, route, flags));
    if (taken === undefined) return [];
    const text = `flag ${route.flag} already routes ${taken.migration.name} (${taken.file}); expected a flag of its own`;
    return [{ file, path: "route.flag", text }];
  });

const readDocuments = (
  paths: readonly string[],
  flags: Settings["flags"],
): { readonly declared: readonly Declared[]; readonly problems: readonly Problem[] } => {
  const problems: Problem[] = [];
  const declared: Declared[] = [];
  for (const path of paths) {
    const yaml = readYaml(path, shownPath(path), "expected a migration document");
    const result = "problems" in yaml ? yaml : readMigration(yaml.value, shownPath(path), Object.keys(flags));
    if ("problems" in result) problems.push(...result.problems);
    else declared.push({ file: shownPath(path), migration: result.migration });
  }
  const steps = declared.flatMap(({ file, migration }) => {
    const step = flagTargetType(flags[migration.route.target]?.type)?.capabilities.shareStep ?? 0;
    return shareStepProblems(migration, step, file);
  });
  return { declared, problems: [...problems, ...sharedNames(declared, flags), ...steps] };
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
  const main = readSettings(path, environment);
  if ("problems" in main) return main;
  const { settings } = main;
  const { prices } = settings.agent;
  const table = prices === null ? { price: builtInPrices } : readPrices(prices, shownPath(prices));
  const file = resolve(path);
  const { declared, problems } = readDocuments(documents ?? migrationFiles(dirname(file)), settings.flags);
  if ("problems" in table) return { problems: [...table.problems, ...problems] };
  const sentinels = readSentinels(settings, table.price, shownPath(file));
  const all = [...sentinels.problems, ...problems];
  if (all.length > 0) return { problems: all };
  const { probes } = sentinels;
  return {
    config: { file, settings, probes, price: table.price, migrations: declared.map(({ migration }) => migration) },
  };
};

/** The same, for callers that cannot go on: throws LeewayError `config-invalid` with a line per problem. */
export const loadConfig = (path: string, environment: Environment): Config => {
  const read = readConfig(path, environment);
  if ("problems" in read) throw configInvalid(read.problems);
  return read.config;
};
