import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import type { Migration } from "../../core/migration.ts";
import { readMigration } from "./migration-document.ts";
import { configInvalid, type Problem, parseWith } from "./problem.ts";
import { expandEnvironment, readYaml } from "./read-yaml.ts";
import { type Settings, settingsSchema } from "./settings.ts";
import { isLoopback } from "./units.ts";

/** Everything an agent is configured with. Relative paths of leeway.yaml are resolved against its folder. */
export interface Config {
  /** Absolute path of leeway.yaml. */
  readonly file: string;
  readonly settings: Settings;
  readonly migrations: readonly Migration[];
}

/** The configuration, or one problem per mistake in any of its files. */
export type ConfigRead = { readonly config: Config } | { readonly problems: readonly Problem[] };

/** A team without a flag system gets one without asking: the agent serves the flag itself. */
const withBuiltin = ({ flags }: Settings): Settings["flags"] =>
  Object.values(flags).some(({ type }) => type === "ofrep")
    ? flags
    : { builtin: { type: "ofrep", file: ".leeway/flags.json" }, ...flags };

/** Two targets on one file would overwrite each other. */
const sharedFiles = ({ flags }: Settings, file: string): readonly Problem[] => {
  const targets = Object.entries(flags);
  return targets.flatMap(([name, target], i) => {
    const [twin] = targets.slice(0, i).filter(([, other]) => resolve(other.file) === resolve(target.file));
    if (twin === undefined) return [];
    return [
      {
        file,
        path: `flags.${name}.file`,
        text: `${target.file} is also the file of flags.${twin[0]}; expected one each`,
      },
    ];
  });
};

const resolvePaths = (settings: Settings, folder: string): Settings => ({
  ...settings,
  store: { ...settings.store, dir: resolve(folder, settings.store.dir) },
  collector: {
    ...settings.collector,
    spool: { ...settings.collector.spool, dir: resolve(folder, settings.collector.spool.dir) },
  },
  agent: { ...settings.agent, prices: settings.agent.prices === null ? null : resolve(folder, settings.agent.prices) },
  flags: Object.fromEntries(
    Object.entries(settings.flags).map(([name, target]) => [name, { ...target, file: resolve(folder, target.file) }]),
  ),
});

/** A server that others can reach must ask who they are. */
const exposureProblems = ({ collector, agent }: Settings, file: string): readonly Problem[] =>
  Object.entries({ collector, agent }).flatMap(([name, { listen, token }]) =>
    token !== null || isLoopback(listen)
      ? []
      : [
          {
            file,
            path: `${name}.token`,
            text: `missing while ${name}.listen is reachable by others; expected a token of at least 8 characters`,
          },
        ],
  );

const readSettings = (
  path: string,
  file: string,
  environment: Environment,
): { readonly settings: Settings } | { readonly problems: readonly Problem[] } => {
  const yaml = readYaml(path, file);
  if ("problems" in yaml) return yaml;
  const expanded = expandEnvironment(yaml.value ?? {}, file, environment);
  if (expanded.problems.length > 0) return { problems: expanded.problems };
  const parsed = parseWith(settingsSchema, expanded.value, file);
  if ("problems" in parsed) return parsed;
  const problems = [...exposureProblems(parsed.value, file), ...sharedFiles(parsed.value, file)];
  return problems.length > 0 ? { problems } : { settings: { ...parsed.value, flags: withBuiltin(parsed.value) } };
};

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

const sharedNames = (read: readonly { readonly file: string; readonly migration: Migration }[]): readonly Problem[] =>
  read.flatMap(({ file, migration }, i) => {
    const earlier = read.slice(0, i);
    const twin = earlier.find((other) => other.migration.name === migration.name);
    if (twin !== undefined)
      return [
        {
          file,
          path: "migration",
          text: `${migration.name} is also declared in ${twin.file}; expected one document per migration`,
        },
      ];
    const route = earlier.find(
      ({ migration: { route: r } }) => r.flag === migration.route.flag && r.target === migration.route.target,
    );
    if (route === undefined) return [];
    return [
      {
        file,
        path: "route.flag",
        text: `flag ${migration.route.flag} already routes ${route.migration.name} (${route.file}); expected a flag of its own`,
      },
    ];
  });

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads leeway.yaml at `path` and the migration documents beside it (or `documents`, when given). Throws LeewayError
 * `config-missing` when leeway.yaml cannot be read; everything wrong inside is returned as problems.
 */
export const readConfig = (
  path: string,
  environment: Environment,
  documents: readonly string[] | null = null,
): ConfigRead => {
  const file = resolve(path);
  const folder = dirname(file);
  const shown = (each: string): string => relative(process.cwd(), each) || basename(each);
  const main = readSettings(file, shown(file), environment);
  if ("problems" in main) return main;
  const targets = Object.keys(main.settings.flags);
  const settings = resolvePaths(main.settings, folder);
  const problems: Problem[] = [];
  const read: { file: string; migration: Migration }[] = [];
  for (const each of documents ?? migrationFiles(folder)) {
    const yaml = readYaml(each, shown(each));
    const result = "problems" in yaml ? yaml : readMigration(yaml.value, shown(each), targets);
    if ("problems" in result) problems.push(...result.problems);
    else read.push({ file: shown(each), migration: result.migration });
  }
  problems.push(...sharedNames(read));
  if (problems.length > 0) return { problems };
  return { config: { file, settings, migrations: read.map(({ migration }) => migration) } };
};

/** The same, for callers that cannot go on: throws LeewayError `config-invalid` with a line per problem. */
export const loadConfig = (path: string, environment: Environment): Config => {
  const read = readConfig(path, environment);
  if ("problems" in read) throw configInvalid(read.problems);
  return read.config;
};
