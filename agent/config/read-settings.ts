import { basename, dirname, relative, resolve } from "node:path";
import { z } from "zod";
import { builtin } from "../../alerts/flags/builtin.ts";
import { flagTargetType } from "../../alerts/flags/create-flag-target.ts";
import { printableLine } from "../../core/printable.ts";
import { isLoopback } from "../../http/listen-address.ts";
import { readTlsPair, type TlsFiles } from "../../http/tls-pair.ts";
import { routeProblems } from "./notify-schema.ts";
import { configInvalid, type KnownKeys, type Problem, parseWith } from "./problem.ts";
import { expandEnvironment, readYaml } from "./read-yaml.ts";
import { agentSchema, entryKeys, type Settings, settingsSchema, storeSchema } from "./settings.ts";

/** Variables `${env:NAME}` is looked up in. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A path as people know it: relative to where they are, and on one line. */
export const shownPath = (path: string): string => printableLine(relative(process.cwd(), path) || basename(path));

/** A team without a flag system gets one without asking: the agent serves the flag itself. */
const withBuiltin = ({ flags }: Settings): Settings["flags"] =>
  Object.values(flags).some(({ type }) => type === builtin.type)
    ? flags
    : { builtin: builtin.schema.parse({ type: builtin.type }), ...flags };

type FlagEntry = Settings["flags"][string];

/** The files an entry under `flags:` names, by key. */
const filesOf = (target: FlagEntry): readonly (readonly [key: string, path: string])[] =>
  Object.entries(target).filter(([key]) => flagTargetType(target.type)?.files.some((each) => each === key));

/** The entry, its files found from the folder of leeway.yaml. */
export const resolveFiles = (target: FlagEntry, folder: string): FlagEntry => ({
  ...target,
  ...Object.fromEntries(filesOf(target).map(([key, path]) => [key, resolve(folder, path)])),
});

const resolveTls = (tls: TlsFiles | null, folder: string): TlsFiles | null =>
  tls === null ? null : { cert: resolve(folder, tls.cert), key: resolve(folder, tls.key) };

const resolvePaths = (settings: Settings, folder: string): Settings => ({
  ...settings,
  store: { ...settings.store, dir: resolve(folder, settings.store.dir) },
  collector: {
    ...settings.collector,
    tls: resolveTls(settings.collector.tls, folder),
    spool: { ...settings.collector.spool, dir: resolve(folder, settings.collector.spool.dir) },
  },
  agent: {
    ...settings.agent,
    tls: resolveTls(settings.agent.tls, folder),
    prices: settings.agent.prices === null ? null : resolve(folder, settings.agent.prices),
    models: settings.agent.models === null ? null : resolve(folder, settings.agent.models),
  },
  flags: Object.fromEntries(
    Object.entries(settings.flags).map(([name, target]) => [name, resolveFiles(target, folder)]),
  ),
  monitors: settings.monitors.map((monitor) => ({
    ...monitor,
    sentinel:
      monitor.sentinel === null ? null : { ...monitor.sentinel, probes: resolve(folder, monitor.sentinel.probes) },
  })),
});

/** A server that others can reach must ask who they are. */
const exposureProblems = ({ collector, agent }: Settings, file: string): readonly Problem[] =>
  Object.entries({ collector, agent })
    .filter(([, { listen, token }]) => token === null && !isLoopback(listen.host))
    .map(([name]) => ({
      file,
      path: `${name}.token`,
      text: `missing while ${name}.listen is reachable by others; expected a token of at least 8 characters`,
    }));

/** Whoever reads a link or a token on its way can act by it. */
const linkProblems = ({ agent: { actionLinks, externalUrl } }: Settings, file: string): readonly Problem[] => {
  if (actionLinks === null) return [];
  const { protocol, hostname } = URL.parse(externalUrl ?? "") ?? { protocol: "", hostname: "" };
  if (protocol === "https:" || isLoopback(hostname.replace(/^\[|\]$/g, ""))) return [];
  const text = `${externalUrl === null ? "missing" : "not https"} while agent.actionLinks is set; expected where people reach the agent, such as https://leeway.example.com`;
  return [{ file, path: "agent.externalUrl", text }];
};

/** What a listener could not start with is found before it starts. */
const tlsProblems = ({ collector, agent }: Settings, file: string): readonly Problem[] =>
  Object.entries({ collector, agent }).flatMap(([name, { tls }]) => {
    const read = tls === null ? null : readTlsPair(tls, Date.now());
    if (read === null || "pair" in read) return [];
    return [{ file, path: `${name}.tls.${read.at}`, text: `${shownPath(read.path)} ${read.text}` }];
  });

/** Two targets on one file would overwrite each other. */
const sharedFiles = ({ flags }: Settings, file: string): readonly Problem[] => {
  const files = Object.entries(flags).flatMap(([name, target]) =>
    filesOf(target).map(([key, path]) => ({ name, key, path })),
  );
  return files.flatMap(({ name, key, path }, i) => {
    const twin = files.slice(0, i).find((other) => other.path === path);
    const text = `the file is also that of flags.${twin?.name}; expected one each`;
    return twin === undefined ? [] : [{ file, path: `flags.${name}.${key}`, text }];
  });
};

/** Notices, states and metrics are kept under a monitor's name. */
const sharedMonitors = ({ monitors }: Settings, file: string): readonly Problem[] =>
  monitors.flatMap(({ name }, i) =>
    monitors.findIndex((other) => other.name === name) === i
      ? []
      : [{ file, path: `monitors[${i}].name`, text: `${name} is also another monitor's; expected a name of its own` }],
  );

/** What was asked of a file, or what is wrong in it. */
export type Read<T> = { readonly value: T } | { readonly problems: readonly Problem[] };

/**
 * Reads what `pick` leaves of leeway.yaml, variables filled in; no secret that stands elsewhere is needed. Throws LeewayError
 * `config-missing`.
 */
export const readExpanded = <T>(
  path: string,
  environment: Environment,
  schema: z.ZodType<T>,
  { pick = (value) => value, keys }: { pick?: (value: unknown) => unknown; keys?: KnownKeys } = {},
): Read<T> => {
  const file = shownPath(resolve(path));
  const yaml = readYaml(resolve(path), file, '"leeway init" writes one');
  if ("problems" in yaml) return yaml;
  const { value, problems, hide } = expandEnvironment(pick(yaml.value ?? {}), file, environment);
  if (problems.length > 0) return { problems };
  const parsed = parseWith(schema, value, file, keys);
  if ("value" in parsed) return parsed;
  return { problems: parsed.problems.map((problem) => ({ ...problem, text: hide(problem.text) })) };
};

/** The settings, or one problem per mistake. */
export type SettingsRead = { readonly settings: Settings } | { readonly problems: readonly Problem[] };

/**
 * Reads leeway.yaml: variables filled in, defaults filled in, paths resolved against its folder. Throws LeewayError
 * `config-missing` when it cannot be read.
 */
export const readSettings = (path: string, environment: Environment): SettingsRead => {
  const read = readExpanded(path, environment, settingsSchema, { keys: entryKeys });
  if ("problems" in read) return read;
  const file = shownPath(resolve(path));
  const settings = resolvePaths({ ...read.value, flags: withBuiltin(read.value) }, dirname(resolve(path)));
  const problems = [
    ...exposureProblems(settings, file),
    ...linkProblems(settings, file),
    ...tlsProblems(settings, file),
    ...sharedFiles(settings, file),
    ...sharedMonitors(settings, file),
    ...routeProblems(settings, file),
  ];
  return problems.length > 0 ? { problems } : { settings };
};

const onlyAgent = (value: unknown): unknown => ({
  agent: (value as { readonly agent?: unknown } | null)?.agent ?? {},
});

/**
 * Where the agent of leeway.yaml listens, its token and its certificate. Only the section `agent` is looked at, so that a person who
 * asks for the status needs none of the secrets the agent itself needs. Throws `config-missing` or `config-invalid`.
 */
export const loadAgentAddress = (
  path: string,
  environment: Environment,
): Pick<Settings["agent"], "listen" | "token" | "tls"> => {
  const read = readExpanded(path, environment, z.object({ agent: agentSchema }), { pick: onlyAgent });
  if ("problems" in read) throw configInvalid(read.problems);
  const { agent } = read.value;
  return { ...agent, tls: resolveTls(agent.tls, dirname(resolve(path))) };
};

const onlyTable =
  (table: "prices" | "models") =>
  (value: unknown): unknown => {
    const named = (value as Written)?.agent?.[table];
    return { agent: named === undefined ? {} : { [table]: named } };
  };

/**
 * Path of the table of prices, or of models, that leeway.yaml names, null for none. Nothing else is looked at. Throws
 * `config-missing` or `config-invalid`.
 */
export const loadTablePath = (path: string, environment: Environment, table: "prices" | "models"): string | null => {
  const read = readExpanded(path, environment, z.object({ agent: agentSchema }), { pick: onlyTable(table) });
  if ("problems" in read) throw configInvalid(read.problems);
  const named = read.value.agent[table];
  return named === null ? null : resolve(dirname(resolve(path)), named);
};

/** What those need who read the store and judge it again. */
export interface StoreAccess {
  readonly store: Settings["store"];
  readonly agent: Pick<Settings["agent"], "tick" | "settle">;
  /** Names of the flag systems, which migration documents refer to. */
  readonly targets: readonly string[];
}

/** leeway.yaml as it was written, as far as sections go. */
export type Written = Readonly<Record<string, Readonly<Record<string, unknown>> | null | undefined>> | null;

/** Names of the flag systems, the one that needs no entry among them. */
export const targetsOf = (flags: Readonly<Record<string, unknown>>): readonly string[] => {
  const isBuiltin = (target: unknown): boolean =>
    flagTargetType((target as { readonly type?: unknown } | null)?.type) === builtin;
  return Object.values(flags).some(isBuiltin) ? Object.keys(flags) : ["builtin", ...Object.keys(flags)];
};

const onlyStore = (value: unknown): unknown => {
  const { store, agent, flags } = (value as Written) ?? {};
  const { tick, settle } = agent ?? {};
  const times = Object.entries({ tick, settle }).filter(([, time]) => time !== undefined);
  return { store: store ?? {}, agent: Object.fromEntries(times), targets: targetsOf(flags ?? {}) };
};

/**
 * Where the store of leeway.yaml is and how time is cut. Nothing else is looked at, so that no secret of a flag system
 * or a channel is needed. Throws `config-missing` or `config-invalid`.
 */
export const loadStoreAccess = (path: string, environment: Environment): StoreAccess => {
  const schema = z.object({ store: storeSchema, agent: agentSchema, targets: z.array(z.string()) });
  const read = readExpanded<StoreAccess>(path, environment, schema, { pick: onlyStore });
  if ("problems" in read) throw configInvalid(read.problems);
  const { store, agent, targets } = read.value;
  return { store: { ...store, dir: resolve(dirname(resolve(path)), store.dir) }, agent, targets };
};
