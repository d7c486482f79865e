import type { Rule } from "../../core/migration.ts";
import type { UndecidedReason, Verdict } from "../../core/verdict.ts";

/** What a rule says of itself while there is nothing to compare with: more calls of the canary settle none of it. */
const IN_ITS_PLACE: readonly UndecidedReason[] = ["no-data", "too-few", "baseline-warming-up", "not-proven"];

/**
 * The verdict of a rule in a stage that has no baseline: what compares the arms cannot be judged there, and says so; no number
 * of calls settles it. Absolute limits and projections are judged on the canary alone.
 */
export const withoutBaseline = (rule: Rule, verdict: Verdict): Verdict => {
  if (rule.reference !== "baseline" || verdict.outcome !== "undecided" || !IN_ITS_PLACE.includes(verdict.why))
    return verdict;
  const { needs: _, ...rest } = verdict;
  return { ...rest, why: "no-baseline" };
};
