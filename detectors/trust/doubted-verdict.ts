import { UNDECIDED_REASONS } from "../../core/undecided-reasons.ts";
import type { Doubt, Verdict } from "../../core/verdict.ts";

/**
 * The verdict of a rule whose data are in doubt: what would be clear, or what more calls would settle, is undecided
 * for that reason. A breach stays one: harm waits for nothing. So does a reason that is the rule's own.
 */
export const doubtedVerdict = (verdict: Verdict, doubts: readonly Doubt[]): Verdict => {
  const [doubt] = doubts;
  if (doubt === undefined || verdict.outcome === "breach") return verdict;
  if (verdict.outcome === "undecided" && !UNDECIDED_REASONS[verdict.why].passes) return verdict;
  return { ...verdict, outcome: "undecided", why: doubt.reason };
};
