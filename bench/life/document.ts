import { readMigration } from "../../agent/config/migration-document.ts";
import { formatProblem } from "../../agent/config/problem.ts";
import { parseYaml } from "../../agent/config/read-yaml.ts";
import type { DocumentText } from "../../agent/documents/document-record.ts";

/** Where the document would lie beside leeway.yaml. */
export const FILE = "migrations/support-bot-to-gpt-5.yaml";

/** A plan of six weeks, with a stage of every kind. */
export const TEXT = `migration: support-bot-to-gpt-5
owner: support-platform
approvers: [ana@example.com, ben@example.com]
environment: production
why: { deprecation: 2026-11-30 }
baseline:  { model: gpt-4o-2024-08-06, prompt: { name: support, version: "41" } }
candidate: { model: gpt-5-2026-08, prompt: { name: support, version: "42" } }
match:     { service: support-api, operation: chat }
route:     { flag: support-model, target: prod }
segments:  [input_type, tier]
not:       [weekend, "18:00-08:00 America/Los_Angeles"]
stages:
  - { baseline: 2d }
  - { shadow: 100%, for: 5d }
  - { canary: 50%, for: 2d, segment: { tier: internal }, gate: [error] }
  - { canary: 1%,  for: 2d, approval: true, gate: [error] }
  - { canary: 5%,  for: 3d, gate: { except: [refusal.by_input_type, output_shape] } }
  - { canary: 25%, for: 3d }
  - { canary: 50%, for: 3d, approval: true }
  - { canary: 99%, for: 4d, gate: { except: [refusal.by_input_type, output_shape] } }
  - { observe: 14d, holdback: 1%, gate: { except: [refusal.by_input_type, output_shape] } }
rules:
  - { signal: error, limit: 5%, unit: absolute, severity: rollback }
  - { signal: latency_ms, quantile: 99, limit: 800ms, unit: absolute-increase, severity: rollback }
  - { signal: cost_usd, limit: 20%, unit: relative, direction: increase, reference: projection, severity: rollback }
  - { signal: tokens_total, limit: 20%, unit: relative, direction: increase, severity: pause }
  - { signal: refusal, limit: 5, unit: points, direction: either, by: input_type, severity: pause }
  - { signal: output_shape, severity: pause }
projections: { cost_usd: 0.0041 }
`;

/** The same with one limit tighter and one looser: what people learned in the first weeks. */
export const REVISED: string = TEXT.replace("signal: error, limit: 5%", "signal: error, limit: 4%").replace(
  "signal: tokens_total, limit: 20%",
  "signal: tokens_total, limit: 25%",
);

/** A text as the agent reads it. */
export const readDocument = (text: string = TEXT): DocumentText => {
  const yaml = parseYaml(text, FILE);
  if ("problems" in yaml) throw new Error(yaml.problems.map(formatProblem).join("; "));
  const read = readMigration(yaml.value, FILE, ["prod"]);
  if ("problems" in read) throw new Error(read.problems.map(formatProblem).join("; "));
  return { file: FILE, text, migration: read.migration };
};
