import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isRecord } from "../../features/is-record.ts";
import { promptfooCheck } from "./promptfoo-check.ts";
import type { WrittenCase, WrittenCheck } from "./suite.ts";

/** A configuration of promptfoo as a suite, and what of it is not in there: each with its place and what to do. */
export interface ImportedSuite {
  readonly suite: { readonly suite: string; readonly cases: readonly WrittenCase[] };
  readonly left: readonly string[];
}

type Vars = Readonly<Record<string, unknown>>;

const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

/** Names in a template take their values; filters and loops are promptfoo's own. */
const filled = (template: string, vars: Vars): string | null => {
  if (/\{%/.test(template)) return null;
  let isWhole = true;
  const text = template.replaceAll(/\{\{\s*([^}]*?)\s*\}\}/g, (_, name: string) => {
    const value = Object.hasOwn(vars, name) ? vars[name] : undefined;
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") isWhole = false;
    return String(value);
  });
  return isWhole ? text : null;
};

/** The text of a prompt; null where it is made by a program. */
const promptText = (prompt: unknown, folder: string): string | null => {
  const raw = isRecord(prompt) ? (prompt.raw ?? prompt.id) : prompt;
  if (typeof raw !== "string") return null;
  const [, file] = /^file:\/\/(.+)$/.exec(raw) ?? [];
  if (file === undefined) return raw;
  if (!/\.(?:txt|md|json)$/.test(file)) return null;
  try {
    return readFileSync(join(folder, file), "utf8");
  } catch {
    return null;
  }
};

/** A prompt that is JSON is messages. */
const asked = (text: string): Pick<WrittenCase, "prompt" | "messages"> => {
  try {
    const messages: unknown = JSON.parse(text);
    if (Array.isArray(messages) && messages.every((each) => isRecord(each) && typeof each.role === "string"))
      return { messages: messages as WrittenCase["messages"] };
  } catch {
    // It is a text.
  }
  return { prompt: text };
};

const checksOf = (asserts: readonly unknown[], vars: Vars, tell: (what: string) => void): readonly WrittenCheck[] =>
  asserts.flatMap((assert): readonly WrittenCheck[] => {
    if (!isRecord(assert)) {
      tell("an assertion that is no object; expected type and value");
      return [];
    }
    const type = String(assert.type);
    const value = typeof assert.value === "string" ? filled(assert.value, vars) : assert.value;
    const found = promptfooCheck(type, value);
    if (value !== null && "check" in found) return [found.check];
    tell(
      `${type}: ${value === null ? "its value is a template of more than names; write it out" : "left" in found ? found.left : ""}`,
    );
    return [];
  });

/** Reads a parsed configuration; `folder` is where its files are from. */
export const importPromptfoo = (config: unknown, folder: string): ImportedSuite => {
  const left: string[] = [];
  const cases: WrittenCase[] = [];
  const { prompts, tests, defaultTest, description } = isRecord(config) ? config : {};
  const shared = isRecord(defaultTest) ? defaultTest : {};
  const templates = listOf(prompts).map((prompt) => promptText(prompt, folder));
  for (const [at, test] of listOf(tests).entries()) {
    if (!isRecord(test)) {
      left.push(`tests[${at}]: tests in a file; expected them in the configuration`);
      continue;
    }
    const vars = { ...(isRecord(shared.vars) ? shared.vars : {}), ...(isRecord(test.vars) ? test.vars : {}) };
    for (const [number, template] of templates.entries()) {
      const place = `tests[${at}], prompts[${number}]`;
      const text = template === null ? null : filled(template, vars);
      if (text === null) {
        left.push(`${place}: the prompt is made by a program or a template of more than names; write it out`);
        continue;
      }
      const tell = (what: string): void => void left.push(`${place}: ${what}`);
      const expect = checksOf([...listOf(shared.assert), ...listOf(test.assert)], vars, tell);
      if (expect.length === 0) {
        tell("no check is left; the case is not imported");
        continue;
      }
      const name = typeof test.description === "string" ? test.description : `test ${at + 1}`;
      const id = `${name.slice(0, 150)}${cases.some((each) => each.id === name) || templates.length > 1 ? ` (${at + 1}.${number + 1})` : ""}`;
      cases.push({ id, kind: "invariant", ...asked(text), expect });
    }
  }
  if (templates.length === 0) left.push("prompts: missing; expected at least one");
  const suite = typeof description === "string" && description !== "" ? description.slice(0, 200) : "imported";
  return { suite: { suite, cases }, left };
};
