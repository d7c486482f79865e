import { dirname } from "node:path";
import { LeewayError } from "../../core/errors.ts";
import { configInvalid, formatProblem, parseWith } from "../config/problem.ts";
import { readText } from "../config/read-text.ts";
import { parseYaml } from "../config/read-yaml.ts";
import { expandCase } from "./expand-case.ts";
import { createLineFinder } from "./line-finder.ts";
import type { Suite, SuiteCase, SuiteHead } from "./suite.ts";
import { caseSchema, headSchema } from "./suite-schema.ts";

/** Thousands of cases in one file. */
const MAX_BYTES = 16 * 1024 ** 2;

/** Margin where a suite has none, share. */
const MARGIN = 0.02;

const marginOf = (written: SuiteHead["margin"], file: string): number => {
  if (written === undefined) return MARGIN;
  const [, number = ""] = /^\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(String(written)) ?? [];
  const share = typeof written === "number" ? written : number === "" ? Number.NaN : Number(number) / 100;
  if (share >= 0 && share < 0.5) return share;
  const text = "not usable; expected a percentage from 0% to below 50%, such as 2%";
  throw configInvalid([{ file, path: "margin", text }]);
};

const readHead = (path: string): { readonly head: SuiteHead; readonly text: string } => {
  const read = readText(path, path, MAX_BYTES, "expected a suite (docs/suite.md)");
  if ("problems" in read) throw configInvalid(read.problems);
  const yaml = parseYaml(read.text, path);
  if ("problems" in yaml) throw configInvalid(yaml.problems);
  const head = parseWith(headSchema, yaml.value, path);
  if ("value" in head) return { head: head.value, text: read.text };
  const lineOf = createLineFinder(read.text);
  throw configInvalid(head.problems.map((each) => ({ ...each, file: `${path}:${lineOf(each.path)}` })));
};

/** Ids are names of answers, reports and tables: the second one of a name is left out. */
const withoutTwice = (cases: readonly SuiteCase[], problems: string[]): readonly SuiteCase[] => {
  const places = new Map<string, string>();
  return cases.filter(({ id, place }) => {
    const before = places.get(id);
    if (before === undefined) return places.set(id, place);
    problems.push(`${place}: id: ${JSON.stringify(id)} is at ${before} already; expected a name of its own`);
    return false;
  });
};

/**
 * Reads a suite and the files that it names. A case that is wrong is left out and told with its line; what is wrong with the whole
 * throws LeewayError `config-invalid` or `config-missing`.
 */
export const readSuite = async (path: string): Promise<Suite> => {
  const { head, text } = readHead(path);
  const lineOf = createLineFinder(text);
  const [cases, problems, warnings]: [SuiteCase[], string[], string[]] = [[], [], []];
  const context = { folder: dirname(path), defaults: head.defaults ?? {} };
  for (const [at, written] of head.cases.entries()) {
    const own = `cases[${at}]`;
    const read = parseWith(caseSchema, written, path);
    if ("problems" in read) {
      for (const { path: inner, text: what } of read.problems) {
        const whole = inner === "" ? own : `${own}.${inner}`;
        problems.push(formatProblem({ file: `${path}:${lineOf(whole)}`, path: whole, text: what }));
      }
      continue;
    }
    const place = `${path}:${lineOf(own)}`;
    try {
      const expanded = await expandCase(read.value, place, context);
      cases.push(...expanded.cases);
      problems.push(...expanded.problems);
      warnings.push(...expanded.warnings);
    } catch (error) {
      if (!(error instanceof LeewayError)) throw error;
      problems.push(`${place}: ${own}: ${error.message}`);
    }
  }
  const kept = withoutTwice(cases, problems);
  return {
    name: head.suite,
    margin: marginOf(head.margin, path),
    models: head.models ?? null,
    cases: kept,
    problems,
    warnings,
  };
};
