import { readFileSync } from "node:fs";
import { parseDocument, type YAMLError } from "yaml";
import { LeewayError } from "../../core/errors.ts";
import type { Problem } from "./problem.ts";

/** The content of a YAML file as plain data, or the places where it is no YAML. */
export type YamlRead = { readonly value: unknown } | { readonly problems: readonly Problem[] };

const positionOf = ({ linePos }: YAMLError): string =>
  `line ${linePos?.[0].line ?? "?"}, column ${linePos?.[0].col ?? "?"}`;

/** Parses YAML text; errors name line and column. Repeated keys are errors. */
export const parseYaml = (text: string, file: string): YamlRead => {
  const document = parseDocument(text, { prettyErrors: true, uniqueKeys: true });
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => ({
      file,
      path: positionOf(error),
      text: `${error.message.split(" at line")[0]}; expected YAML`,
    }));
    return { problems };
  }
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) as unknown };
  } catch {
    const text = "an alias without its anchor, or far too many aliases; expected YAML that is read without them";
    return { problems: [{ file, path: "", text }] };
  }
};

/** Reads a YAML file. Throws LeewayError `config-missing`, with `advice` in its message, when it cannot be read. */
export const readYaml = (path: string, file: string, advice = "expected a YAML file"): YamlRead => {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    const { code = "error" } = cause as NodeJS.ErrnoException;
    throw new LeewayError("config-missing", `${file}: cannot be read (${code}); ${advice}`, { cause });
  }
  return parseYaml(text, file);
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
