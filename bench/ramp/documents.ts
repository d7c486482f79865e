import { parse } from "yaml";
import { readMigration } from "../../agent/config/migration-document.ts";
import { EXAMPLE_MIGRATION } from "../../cli/commands/init-templates.ts";
import type { Migration } from "../../core/migration.ts";

const EXCEPT_TICKETS = { except: ["support_tickets"] };

/** The rules of the playbook; tickets guard and are waited for by nobody. */
const playbookOf = (stages: readonly object[]): object => ({
  migration: "playbook",
  owner: "bench",
  baseline: { model: "old" },
  candidate: { model: "new" },
  match: { service: "app" },
  route: { flag: "model", target: "builtin" },
  segments: ["input_type"],
  stages,
  rules: "playbook",
  projections: { cost_usd: 0.0042 },
});

/** Every stage waits for every rule. */
const ALL_GATES = playbookOf(["5%", "25%", "50%"].map((canary) => ({ canary, for: "1d", gate: EXCEPT_TICKETS })));

/** As docs/migrations.md writes it: a stage waits for what its calls can prove, the last one for the rest. */
const PLAYBOOK = playbookOf([
  { canary: "5%", for: "4h", gate: ["error"] },
  { canary: "25%", for: "1d", gate: ["error", "tool_call_valid", "cost_usd", "tokens_total"] },
  { canary: "50%", for: "1d", gate: EXCEPT_TICKETS },
]);

const DOCUMENTS = { init: parse(EXAMPLE_MIGRATION) as unknown, playbook: PLAYBOOK, "all-gates": ALL_GATES };

/** Name of one of them. */
export type DocumentName = "init" | "playbook" | "all-gates";

/** The documents of the bench: what `leeway init` writes, the playbook's rules with the gates of the documentation, and without. */
export const DOCUMENT_NAMES: readonly DocumentName[] = ["init", "playbook", "all-gates"];

/** A document, read as the agent reads one, up to where observation begins. */
export const documentOf = (name: DocumentName): Migration => {
  const read = readMigration(DOCUMENTS[name], `${name}.yaml`, ["builtin"]);
  if ("problems" in read) throw new Error(read.problems.map(({ path, text }) => `${path}: ${text}`).join("; "));
  const { migration } = read;
  return { ...migration, stages: migration.stages.filter(({ kind }) => kind !== "observe") };
};
