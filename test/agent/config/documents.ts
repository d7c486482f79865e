import { parse } from "yaml";
import { readMigration } from "../../../agent/config/migration-document.ts";
import { formatProblem } from "../../../agent/config/problem.ts";
import type { Migration } from "../../../core/migration.ts";

/** Every part of a migration document, as YAML, to be replaced one at a time. */
export const PARTS = {
  migration: "migration: m",
  owner: "owner: team",
  baseline: "baseline: { model: old }",
  candidate: "candidate: { model: new }",
  match: "match: { service: support-api }",
  route: "route: { flag: model, target: builtin }",
  segments: "segments: [input_type]",
  stages: "stages: [{ canary: 5%, for: 1h }, { canary: 50%, for: 1h, approval: true }]",
  rules: "rules: [{ signal: error, limit: 5%, unit: absolute, severity: rollback }]",
} as const;

/** The text of a document with some parts replaced; an empty text leaves a part out. `more` stands at the end. */
export const documentText = (parts: Partial<Record<keyof typeof PARTS, string>> = {}, more = ""): string =>
  `${Object.values({ ...PARTS, ...parts }).join("\n")}\n${more}\n`;

const read = (text: string) => readMigration(parse(text), "m.yaml", ["builtin", "prod"]);

/** Everything that is wrong with a document, a line each. */
export const problemsOf = (text: string): readonly string[] => {
  const result = read(text);
  return "problems" in result ? result.problems.map(formatProblem) : [];
};

/** A document that must be valid. */
export const migrationOf = (text: string): Migration => {
  const result = read(text);
  if ("problems" in result) throw new Error(result.problems.map(formatProblem).join("\n"));
  return result.migration;
};
