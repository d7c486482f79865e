import { existsSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Migration } from "../../core/migration.ts";
import { builtInPrices, type PriceCall, readPrices } from "../prices.ts";
import { readMigration } from "./migration-document.ts";
import { configInvalid, type Problem } from "./problem.ts";
import { type Environment, readSettings, shownPath } from "./read-settings.ts";
import { readYaml } from "./read-yaml.ts";
import type { Settings } from "./settings.ts";

/** Everything an agent is configured with. Relative paths of leeway.yaml are resolved against its folder. */
export interface Config {
  /** Absolute path of leeway.yaml. */
  readonly file: string;
  readonly settings: Settings;
  /** Prices a call by the table `agent.prices` names, then by the built-in one. */
  readonly price: PriceCall;
  readonly migrations: readonly Migration[];
}

/** The configuration, or one problem per mistake in any of its files. */
export type ConfigRead = { readonly config: Config } | { readonly problems: readonly Problem[] };

const isYaml = (name: string): boolean => /\.ya?ml$/.test(name);

/** Paths of the migration documents beside leeway.yaml: `migrations/*.yaml`, by name. */
export const migrationFiles = (folder: string): readonly string[] => {
  const documents = join(folder, "migrations");
  if (!existsSync(documents)) return [];
  return readdirSync(documents)
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
  (a.target === b.target || (flags[a.target]?.type === "ofrep" && flags[b.target]?.type === "ofrep"));

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
  return { declared, problems: [...problems, ...sharedNames(declared, flags)] };
};

/**
 * Reads leeway.yaml at `path`, the price table it names and the migration documents beside it (or `documents`, when
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
  if (problems.length > 0) return { problems };
  return { config: { file, settings, price: table.price, migrations: declared.map(({ migration }) => migration) } };
};

/** The same, for callers that cannot go on: throws LeewayError `config-invalid` with a line per problem. */
export const loadConfig = (path: string, environment: Environment): Config => {
  const read = readConfig(path, environment);
  if ("problems" in read) throw configInvalid(read.problems);
  return read.config;
};
