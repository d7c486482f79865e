import { builtinModules } from "node:module";
import { posix } from "node:path";
import { findCycles } from "./find-cycles.ts";
import { findOpenSwitches } from "./find-open-switches.ts";
import { LAYERS, mayImport } from "./layers.ts";
import { type ModuleFacts, scanModule, type Token } from "./scan-module.ts";

/** Folders that hold no input, output, clock, randomness or logger. */
const PURE: readonly string[] = ["core", "features", "lifecycle", "detectors", "formats", "alerts/policy"];

/** Folders of which the preload brings something into other people's processes. */
const IN_APPS: readonly string[] = ["core", "features", "formats", "instrumentation"];

/** Globals that would give a pure folder a clock, a log or the network. */
const IMPURE_GLOBALS: readonly string[] = [
  "console",
  "process",
  "performance",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "fetch",
];

/** Names that say nothing about what a file holds. */
const EMPTY_NAMES = /(^|[-.])(utils?|helpers?|managers?)([-.]|$)/;
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)+$/;

/** Packages a shipped file may import, beside node's own. */
export interface AllowedPackages {
  /** `dependencies` and `peerDependencies` of package.json. */
  readonly installed: readonly string[];
  /** Files under a path prefix may also import these packages, e.g. because the build bundles them. */
  readonly extra: Readonly<Record<string, readonly RegExp[]>>;
}

const folderOf = (path: string): string => path.split("/", 1)[0] ?? "";
/** The pure folder that a file is in; null = it is in none. */
const pureFolderOf = (path: string): string | null => PURE.find((folder) => path.startsWith(`${folder}/`)) ?? null;
const isBuiltin = (specifier: string): boolean => specifier.startsWith("node:") || builtinModules.includes(specifier);
const packageOf = (specifier: string): string =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

const packageViolation = (path: string, specifier: string, allowed: AllowedPackages): string | null => {
  const folder = folderOf(path);
  const pure = pureFolderOf(path);
  if (isBuiltin(specifier)) return pure === null ? null : `${pure} is pure and imports no ${specifier}`;
  const extra = Object.entries(allowed.extra).filter(([prefix]) => path.startsWith(prefix));
  if (extra.some(([, patterns]) => patterns.some((pattern) => pattern.test(specifier)))) return null;
  if (IN_APPS.includes(folder))
    return `${folder} runs in the user's process and imports only node:* and @opentelemetry/*, not ${specifier}`;
  return allowed.installed.includes(packageOf(specifier)) ? null : `${specifier} is not a dependency of the package`;
};

const importViolations = (path: string, facts: ModuleFacts, allowed: AllowedPackages): string[] =>
  facts.imports.flatMap(({ specifier, line }) => {
    const where = `${path}:${line}`;
    if (!specifier.startsWith(".")) {
      const violation = packageViolation(path, specifier, allowed);
      return violation === null ? [] : [`${where}: ${violation}`];
    }
    const to = folderOf(posix.join(posix.dirname(path), specifier));
    return to in LAYERS && !mayImport(folderOf(path), to) ? [`${where}: ${folderOf(path)} may not import ${to}`] : [];
  });

const impurity = (tokens: readonly Token[], index: number): string | null => {
  const code = (offset: number): string => {
    const token = tokens[index + offset];
    return token?.kind === "code" ? token.value : "";
  };
  const name = code(0);
  if (code(-1) === "." || code(-1) === "?.") return null;
  if (name === "Math" && code(2) === "random") return "Math.random";
  if (name === "Date" && code(2) === "now") return "Date.now";
  if (name === "Date" && code(-1) === "new" && (code(1) !== "(" || code(2) === ")")) return "new Date()";
  const isKey = code(1) === ":" && code(-1) !== "?";
  return IMPURE_GLOBALS.includes(name) && !isKey ? name : null;
};

const impurities = (path: string, { tokens }: ModuleFacts): string[] => {
  const pure = pureFolderOf(path);
  if (pure === null) return [];
  return tokens.flatMap(({ line }, index) => {
    const what = impurity(tokens, index);
    return what === null ? [] : [`${path}:${line}: ${pure} is pure and uses no ${what}`];
  });
};

const OPENERS: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** The innermost bracket that each token stands in; empty where it stands in none. */
const openersOf = (tokens: readonly Token[]): readonly string[] => {
  const open: string[] = [];
  return tokens.map(({ kind, value }) => {
    if (kind === "code" && OPENERS[open.at(-1) ?? ""] === value) open.pop();
    const opener = open.at(-1) ?? "";
    if (kind === "code" && value in OPENERS) open.push(value);
    return opener;
  });
};

/** A name that begins with an underscore, read of something else: as a member, by a text, or taken out by a pattern. */
const isPrivateMember = (tokens: readonly Token[], index: number, opener: string): boolean => {
  const [owner, before, token, after] = [-2, -1, 0, 1].map((offset) => tokens[index + offset]);
  // Constants such as `_OTHER` are values.
  if (token?.kind === "text") return /^_[a-z]\w*$/.test(token.value);
  if (!/^_[A-Za-z]\w*$/.test(token?.value ?? "")) return false;
  if (before?.value === "." || before?.value === "?.") return owner?.value !== "this";
  const isKey = ["{", ","].includes(before?.value ?? "") && [":", ",", "}", "="].includes(after?.value ?? "");
  return opener === "{" && isKey;
};

const privateMembers = (path: string, { tokens }: ModuleFacts): string[] => {
  const openers = openersOf(tokens);
  return tokens.flatMap(({ value, line }, index) =>
    isPrivateMember(tokens, index, openers[index] ?? "")
      ? [`${path}:${line}: ${value} is private to its package; use what the package makes public`]
      : [],
  );
};

const defaultExports = (path: string, { tokens }: ModuleFacts): string[] =>
  tokens.flatMap(({ value, line }, index) => {
    const before = tokens[index - 1]?.value;
    const isDefault = value === "default" && (before === "export" || before === "as");
    return isDefault ? [`${path}:${line}: export by name, not as default`] : [];
  });

const nameViolations = (path: string): string[] => {
  const name = posix.basename(path);
  if (EMPTY_NAMES.test(name)) return [`${path}: the name says nothing; name the file after what it exports`];
  return KEBAB.test(name) ? [] : [`${path}: file names are kebab-case`];
};

const importGraph = (modules: ReadonlyMap<string, ModuleFacts>): Map<string, string[]> =>
  new Map(
    [...modules].map(([path, { imports }]) => [
      path,
      imports
        .filter(({ specifier }) => specifier.startsWith("."))
        .map(({ specifier }) => posix.join(posix.dirname(path), specifier))
        .filter((target) => modules.has(target)),
    ]),
  );

/**
 * Every place where the files (path from the repository's root -> source text) break the layer picture, one line
 * each: `path:line: what is wrong`. Empty = the picture holds.
 */
export const findViolations = (files: ReadonlyMap<string, string>, allowed: AllowedPackages): string[] => {
  const modules = new Map([...files].map(([path, source]) => [path, scanModule(source)]));
  const perFile = [...modules].flatMap(([path, facts]) => [
    ...importViolations(path, facts, allowed),
    ...impurities(path, facts),
    ...privateMembers(path, facts),
    ...defaultExports(path, facts),
    ...findOpenSwitches(path, facts),
    ...nameViolations(path),
  ]);
  const cycles = findCycles(importGraph(modules)).map((cycle) => `import cycle: ${cycle.join(" -> ")}`);
  return [...perFile, ...cycles];
};
