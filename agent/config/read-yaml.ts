import { readFileSync } from "node:fs";
import { parseDocument } from "yaml";
import { LeewayError } from "../../core/errors.ts";
import type { Problem } from "./problem.ts";

/** The content of a YAML file as plain data, or the places where it is no YAML. */
export type YamlRead = { readonly value: unknown } | { readonly problems: readonly Problem[] };

/** Parses YAML text; errors name line and column. Repeated keys are errors. */
export const parseYaml = (text: string, file: string): YamlRead => {
  const document = parseDocument(text, { prettyErrors: true, uniqueKeys: true });
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => ({
      file,
      path: `line ${error.linePos?.[0].line ?? "?"}, column ${error.linePos?.[0].col ?? "?"}`,
      text: `${error.message.split(" at line")[0]}; expected YAML`,
    }));
    return { problems };
  }
  return { value: document.toJS({ maxAliasCount: 100 }) as unknown };
};

/** Reads a YAML file. Throws LeewayError `config-missing` when there is none. */
export const readYaml = (path: string, file: string): YamlRead => {
  try {
    return parseYaml(readFileSync(path, "utf8"), file);
  } catch (cause) {
    const advice = 'run "leeway init" to write one';
    throw new LeewayError("config-missing", `${file}: cannot be read; ${advice}`, { cause });
  }
};

/** Replaces `${env:NAME}` in every string by the variable; a variable that is not set is a problem. */
export const expandEnvironment = (
  value: unknown,
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
): { readonly value: unknown; readonly problems: readonly Problem[] } => {
  const problems: Problem[] = [];
  const expand = (node: unknown, path: string): unknown => {
    if (typeof node === "string") {
      return node.replace(/\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}/g, (_match, name: string) => {
        const found = environment[name];
        if (found === undefined)
          problems.push({ file, path, text: `$${name} is not set; expected it in the environment` });
        return found ?? "";
      });
    }
    if (Array.isArray(node)) return node.map((each, index) => expand(each, `${path}[${index}]`));
    if (typeof node !== "object" || node === null) return node;
    const entries = Object.entries(node).map(([key, each]) => [
      key,
      expand(each, path === "" ? key : `${path}.${key}`),
    ]);
    return Object.fromEntries(entries);
  };
  return { value: expand(value, ""), problems };
};
