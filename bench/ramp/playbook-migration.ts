import { readMigration } from "../../agent/config/migration-document.ts";
import type { Migration } from "../../core/migration.ts";

/** The rules of the playbook at 5% and beyond, as the documentation writes them; tickets guard and are waited for by nobody. */
const DOCUMENT = {
  migration: "ramp",
  owner: "bench",
  baseline: { model: "old" },
  candidate: { model: "new" },
  match: { service: "app" },
  route: { flag: "model", target: "builtin" },
  segments: ["input_type"],
  stages: [
    { canary: "5%", for: "1d", gate: { except: ["support_tickets"] } },
    { canary: "25%", for: "1d", gate: { except: ["support_tickets"] } },
    { canary: "50%", for: "1d", gate: { except: ["support_tickets"] } },
  ],
  rules: "playbook",
  projections: { cost_usd: 0.0042 },
};

/** The document of the bench, read as the agent reads one. */
export const playbookMigration = (): Migration => {
  const read = readMigration(DOCUMENT, "ramp.yaml", ["builtin"]);
  if ("problems" in read) throw new Error(read.problems.map(({ path, text }) => `${path}: ${text}`).join("; "));
  return read.migration;
};
