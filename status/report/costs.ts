import type { Migration, Rule } from "../../core/migration.ts";
import type { CostRecord, Phase } from "./report.ts";

const COST = "cost_usd";

/** The evidence of a rule that tells the mean cost of a call. */
const meanCost = ({ signal, quantile, by }: Rule): boolean => signal === COST && quantile === null && by === null;

const costOf = (ids: ReadonlySet<string>, { name, kind, verdicts }: Phase): CostRecord => {
  const phase = kind === "rolled-back" ? "on the baseline" : name;
  const evidence = verdicts.find(({ rule }) => ids.has(rule))?.evidence;
  const unknown = { phase, canaryCalls: null, canaryUsd: null, extraUsd: null };
  // What is judged in a segment is not the cost of the phase.
  if (evidence === undefined || evidence.segment !== "") return unknown;
  const { n, value } = evidence;
  return {
    phase,
    canaryCalls: n.canary,
    canaryUsd: value.canary === null ? null : n.canary * value.canary,
    extraUsd: value.canary === null || value.baseline === null ? null : n.canary * (value.canary - value.baseline),
  };
};

/** What the candidate's calls cost, phase by phase, going by the judgement each phase ended with. */
export const costsOf = (migration: Migration, phases: readonly Phase[]): readonly CostRecord[] => {
  const ids = new Set(migration.rules.filter(meanCost).map(({ id }) => id));
  return phases.filter(({ kind }) => kind !== "rolled-back").map((phase) => costOf(ids, phase));
};
