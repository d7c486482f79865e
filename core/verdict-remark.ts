import { breachRemark } from "./evidence-line.ts";
import { unreachable } from "./exhaustive.ts";
import { undecidedText } from "./undecided-text.ts";
import type { Verdict } from "./verdict.ts";

/** What there is to say of a rule beside its row: what it waits for, or since when its limit is broken; null for nothing. */
export const verdictRemark = (verdict: Verdict, unit: string): string | null => {
  switch (verdict.outcome) {
    case "clear":
      return null;
    case "undecided":
      return undecidedText(verdict, unit);
    case "breach":
      return breachRemark(verdict.evidence, unit);
    default:
      return unreachable(verdict);
  }
};
