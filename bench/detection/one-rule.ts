import type { Migration, Rule } from "../../core/migration.ts";

export const MINUTE_MS = 60_000;

/** A migration with one long stage at `share` and the given rules. */
export const migrationOf = (rules: readonly Rule[], share = 0.05): Migration => ({
  name: "simulated",
  hash: "simulated",
  earlierHashes: [],
  owner: "bench",
  approvers: [],
  baseline: { model: "old", provider: null, prompt: null },
  candidate: { model: "new", provider: null, prompt: null },
  match: { service: null, operation: null },
  route: { flag: "model", target: "builtin" },
  segments: [],
  stages: [{ kind: "canary", share, forMs: Number.MAX_SAFE_INTEGER, approval: true }],
  rules,
});
