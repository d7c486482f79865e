import type { Migration, ShadowStage } from "../../core/migration.ts";
import { DEFAULT_SHADOW, type ShadowBudget } from "../../core/shadow.ts";
import type { ShadowPlan } from "../../core/shadow-plan.ts";
import type { ShadowSpend } from "../../store/pairs/shadow-spend.ts";

/** The shadow stage that a migration stands at; null at any other one. */
export const shadowStageOf = ({ stages }: Migration, stage: number): ShadowStage | null => {
  const found = stages[stage];
  return found?.kind === "shadow" ? found : null;
};

const leftOf = (allowed: number | null, spent: number, processes: number): number | null =>
  allowed === null ? null : Math.max(0, allowed - spent) / processes;

/** A dollar budget is kept for what is known to have been spent: beside calls without a price nothing is left of it. */
const left = (budget: ShadowBudget, spent: ShadowSpend, processes: number): ShadowBudget => {
  const calls = leftOf(budget.calls, spent.calls, processes);
  return {
    calls: calls === null ? null : Math.floor(calls),
    tokens: leftOf(budget.tokens, spent.tokens, processes),
    usd: budget.usd !== null && spent.unpriced > 0 ? 0 : leftOf(budget.usd, spent.usd, processes),
  };
};

/** What one of `processes` app processes is told of a migration's shadow; `spent` since the day began. Pure. */
export const planOf = (
  migration: Migration,
  { mirrored }: ShadowStage,
  spent: ShadowSpend,
  processes: number,
): ShadowPlan => {
  const { baseUrl, key, timeoutMs, concurrency, selfRerun, audience, budget, similarity, judge } =
    migration.shadow ?? DEFAULT_SHADOW;
  return {
    migration: migration.name,
    operation: migration.match.operation,
    baselineModel: migration.baseline.model,
    candidateModel: migration.candidate.model,
    share: mirrored,
    ...{ selfRerun, audience, baseUrl, key, timeoutMs, concurrency, similarity, judge },
    left: left(budget, spent, Math.max(1, processes)),
  };
};
