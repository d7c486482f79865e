import { readMigration } from "../../../agent/config/migration-document.ts";
import { PLAYBOOK } from "../../../agent/config/rule-schema.ts";
import type { Migration } from "../../../core/migration.ts";

/** The rules of the playbook and two more: 7 that roll back, 5 that pause. */
const RULES = [
  ...PLAYBOOK,
  { signal: "ttft_ms", quantile: 95, limit: "30%", unit: "relative", direction: "increase", severity: "rollback" },
  { signal: "truncated", limit: 5, unit: "points", direction: "increase", severity: "rollback" },
];

const DOCUMENT = {
  migration: "simulated",
  owner: "bench",
  baseline: { model: "old" },
  candidate: { model: "new" },
  match: { service: "app" },
  route: { flag: "model", target: "builtin" },
  segments: ["input_type", "language"],
  stages: [
    { canary: "5%", for: "4h" },
    { canary: "25%", for: "4h" },
    { canary: "50%", for: "4h" },
    { canary: "99%", for: "14d" },
  ],
  rules: RULES,
  projections: { cost_usd: 0.0045 },
};

/** The document of the end-to-end simulation, read as the agent reads one. */
export const rampMigration = (): Migration => {
  const read = readMigration(DOCUMENT, "ramp.yaml", ["builtin"]);
  if ("problems" in read) throw new Error(read.problems.map(({ path, text }) => `${path}: ${text}`).join("; "));
  return read.migration;
};
