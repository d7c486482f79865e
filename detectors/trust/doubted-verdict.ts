import { unreachable } from "../../core/exhaustive.ts";
import { UNDECIDED_REASONS } from "../../core/undecided-reasons.ts";
import type { Doubt, Verdict } from "../../core/verdict.ts";

const standsInDoubt = (verdict: Verdict): boolean => {
  switch (verdict.outcome) {
    case "breach":
      return true;
    case "undecided":
      return !UNDECIDED_REASONS[verdict.why].passes;
    case "clear":
      return false;
    default:
      return unreachable(verdict);
  }
};

/**
 * The verdict of a rule whose data are in doubt: what would be clear, or what more calls would settle, is undecided
 * for that reason. A breach stays one: harm waits for nothing. So does a reason that is the rule's own.
 */
export const doubtedVerdict = (verdict: Verdict, doubts: readonly Doubt[]): Verdict => {
  const [doubt] = doubts;
  if (doubt === undefined || standsInDoubt(verdict)) return verdict;
  return { ...verdict, outcome: "undecided", why: doubt.reason, detail: doubt.detail };
};
