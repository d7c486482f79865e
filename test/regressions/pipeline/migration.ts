import { readMigration } from "../../../agent/config/migration-document.ts";
import type { Migration } from "../../../core/migration.ts";
import type { Served } from "./served.ts";

/** What a call of the incumbent costs on average, US dollars; `costOf` in the tests measures it. */
const PROJECTED_COST = 0.000195;

const configuration = ({ model, prompt }: Served) => ({ model, prompt });

/** The document of a migration under the playbook at a share of 50%, read as the agent reads it. */
export const migrationDocument = (name: string, baseline: Served, candidate: Served): Migration => {
  const read = readMigration(
    {
      migration: name,
      owner: "support-platform",
      baseline: configuration(baseline),
      candidate: configuration(candidate),
      match: { service: "support-api", operation: "chat" },
      route: { flag: "support-model", target: "builtin" },
      segments: ["input_type", "language", "tier"],
      stages: [{ canary: "50%", for: "4h" }],
      rules: "playbook",
      projections: { cost_usd: PROJECTED_COST },
    },
    `${name}.yaml`,
    ["builtin"],
  );
  if ("problems" in read) throw new Error(JSON.stringify(read.problems));
  return read.migration;
};
