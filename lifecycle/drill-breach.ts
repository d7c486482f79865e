import type { Migration } from "../core/migration.ts";
import type { Judgement, Verdict } from "../core/verdict.ts";
import { decide } from "./decide.ts";
import type { MigrationState } from "./state.ts";

const NOTHING = { canary: 0, baseline: 0 } as const;
const UNKNOWN = { canary: null, baseline: null } as const;

/** A breach that says what it is: it goes into no ledger. */
const madeUp = (rule: string): Verdict => ({
  rule,
  severity: "rollback",
  outcome: "breach",
  evidence: {
    ...{ method: "drill", segment: "", parts: [], logE: 1, threshold: 0, logEPass: 0, passThreshold: 0 },
    ...{ n: NOTHING, events: null, value: UNKNOWN, interval: null, limit: null, share: 0, designEffect: 1 },
    seen: "a breach made up for a drill",
  },
});

/**
 * Puts a made-up breach of the first rule that rolls back through the real decision, at `now` (epoch ms): the rule that rolled
 * back, or "" where no breach of a rule would, and a rollback takes a person. Pure.
 */
export const drilledRule = (migration: Migration, state: MigrationState, now: number): string => {
  const rule = migration.rules.find(({ severity }) => severity === "rollback");
  if (rule === undefined) return "";
  const judgement: Judgement = { migration: migration.name, at: now, stage: state.stage, verdicts: [madeUp(rule.id)] };
  const decision = decide(migration, state, judgement, now);
  return decision.kind === "rollback" ? decision.rule : "";
};
