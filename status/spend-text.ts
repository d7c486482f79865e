import { countText } from "../core/count-text.ts";
import type { ShadowBudget } from "../core/shadow.ts";
import type { ShadowSpend } from "../store/pairs/shadow-spend.ts";

/** What a shadow took of its day's budget, UTC; null = it is not known. */
export interface DaySpend {
  readonly today: ShadowSpend | null;
  readonly budget: ShadowBudget;
}

const usdText = (usd: number): string => `$${usd.toFixed(2)}`;

/** `3 of 10`, each in the words of `text`; `3` where there is no limit. */
const ofLimit = (spent: number, limit: number | null, text: (value: number) => string): string =>
  limit === null ? text(spent) : `${text(spent)} of ${text(limit)}`;

const withoutPrice = (calls: number): string =>
  calls === 0 ? "" : `; ${countText(calls)} calls have no known price and are not in it`;

/** What the shadow took today: `second calls today, UTC: 1,310 of 10,000 calls, 2,100,000 tokens, $3.40 of $50.00`. */
export const spendText = ({ today, budget }: DaySpend): string => {
  if (today === null) return "what today's second calls took is not known; nothing is shadowed until it is";
  const { calls, tokens, usd, unpriced } = today;
  const parts = [
    `${ofLimit(calls, budget.calls, countText)} calls`,
    `${ofLimit(tokens, budget.tokens, countText)} tokens`,
    ofLimit(usd, budget.usd, usdText),
  ];
  return `second calls today, UTC: ${parts.join(", ")}${withoutPrice(unpriced)}`;
};

/**
 * What it took since the migration began: `second calls in all: 9,310 calls, 12,100,000 tokens, $23.40`. Null where it took
 * nothing, or that is not known.
 */
export const spendInAllText = (spend: ShadowSpend | null): string | null =>
  spend === null || spend.calls === 0
    ? null
    : `second calls in all: ${countText(spend.calls)} calls, ${countText(spend.tokens)} tokens, ${usdText(spend.usd)}${withoutPrice(spend.unpriced)}`;
