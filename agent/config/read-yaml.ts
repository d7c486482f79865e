import { type Document, LineCounter, parseDocument } from "yaml";
import type { Problem } from "./problem.ts";
import { readText } from "./read-text.ts";
import { yamlProblems } from "./yaml-problems.ts";

/** The content of a YAML file as plain data, or the places where it is no YAML. */
export type YamlRead = { readonly value: unknown } | { readonly problems: readonly Problem[] };

/** A price table of thousands of models fits; what is larger takes the parser minutes. */
export const MAX_YAML_BYTES: number = 256 * 1024;

/** Copies an alias may make of what it names, all of them together: a few lines must not become gigabytes. */
const MAX_ALIASES = 100;

const tooMany = (file: string): YamlRead => {
  const text = `aliases that make more than ${MAX_ALIASES} copies; expected the values themselves`;
  return { problems: [{ file, path: "", text }] };
};

/** More brackets open at once than anybody means, or lists begun on one line: the parser takes minutes over them. */
const isBottomless = (text: string): boolean => {
  let [open, most] = [0, 0];
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    open = Math.max(0, open + (bracket === "[" || bracket === "{" ? 1 : -1));
    most = Math.max(most, open);
  }
  return most > 500 || /(?:[-?] ){500}/.test(text);
};

const deep = (file: string): { readonly problems: readonly Problem[] } => ({
  problems: [{ file, path: "", text: "nested too deep; expected YAML of a few levels" }],
});

/** What is thrown while text is parsed, or turned into data: nothing but the depth of it is known to do that. */
const orDeep = <T>(work: () => T, file: string): T | { readonly problems: readonly Problem[] } => {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return deep(file);
  }
};

const toData = (document: Document, file: string): YamlRead => {
  try {
    return { value: document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown };
  } catch (error) {
    if (error instanceof ReferenceError) return tooMany(file);
    throw error;
  }
};

/** Parses YAML text; errors name line and column. Repeated keys, endless aliases and unknown tags are errors. */
export const parseYaml = (text: string, file: string): YamlRead =>
  orDeep(() => {
    if (isBottomless(text)) return deep(file);
    const lineCounter = new LineCounter();
    // keys are checked below, in time that does not grow with their square
    const document = parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: false, logLevel: "error" });
    const problems = yamlProblems(document, lineCounter, file);
    return problems.length > 0 ? { problems } : toData(document, file);
  }, file);

/** Reads a YAML file. Throws LeewayError `config-missing`, with `advice` in its message, when it cannot be read. */
export const readYaml = (path: string, file: string, advice = "expected a YAML file"): YamlRead => {
  const read = readText(path, file, MAX_YAML_BYTES, advice);
  return "problems" in read ? read : parseYaml(read.text, file);
};

/** A value with its variables filled in. `hide` takes their values out of a text meant for people: they may be secrets. */
export interface Expansion {
  readonly value: unknown;
  readonly problems: readonly Problem[];
  readonly hide: (text: string) => string;
}

const VARIABLE = /\$\{env:([^}]*)\}/g;

/** Replaces `${env:NAME}` in every string by the variable; a variable that is not set is a problem. */
export const expandEnvironment = (
  value: unknown,
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
): Expansion => {
  const problems: Problem[] = [];
  const used = new Map<string, string>();
  const lookUp = (name: string, path: string): string => {
    const found = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (found === undefined) problems.push({ file, path, text: `$${name} is not set; expected it in the environment` });
    else if (found !== "") used.set(name, found);
    return found ?? "";
  };
  const expand = (node: unknown, path: string): unknown => {
    if (typeof node === "string") return node.replace(VARIABLE, (_match, name: string) => lookUp(name, path));
    if (Array.isArray(node)) return node.map((each, index) => expand(each, `${path}[${index}]`));
    if (typeof node !== "object" || node === null) return node;
    const pathOf = (key: string): string => (path === "" ? key : `${path}.${key}`);
    return Object.fromEntries(Object.entries(node).map(([key, each]) => [key, expand(each, pathOf(key))]));
  };
  const hide = (text: string): string =>
    [...used].reduce((shown, [name, found]) => shown.replaceAll(found, `\${env:${name}}`), text);
  return { value: expand(value, ""), problems, hide };
};
