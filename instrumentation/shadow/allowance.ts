import type { ShadowBudget } from "../../core/shadow.ts";

/** Why a budget lets no further call be made. */
export type UsedUp = "budget-calls" | "budget-tokens" | "budget-usd";

/** What of a day's budget this process may use until it is told again. */
export interface Allowance {
  /** Null = one more call may be made. */
  readonly usedUp: () => UsedUp | null;
  /** The same, and it is counted. */
  readonly take: () => UsedUp | null;
  /** One more call was made than was asked for. */
  readonly more: () => void;
  /** A call that was asked for is one the agent never hears of: it counts for the rest of the day. */
  readonly unseen: () => void;
  /** What an answered call took; null = unknown. */
  readonly used: (tokens: number | null) => void;
  /** Begins anew with what the agent says is left; what is under way it does not know of yet. */
  readonly renew: (left: ShadowBudget, underWay: number) => void;
}

/** Calls whose tokens are not known are taken for the mean of those that are; before that for this many. */
const FIRST_GUESS = 1_000;

/** Starts with nothing left. `day` numbers the days of the budget. */
export const createAllowance = (day: () => number = () => 0): Allowance => {
  let left: ShadowBudget = { calls: 0, tokens: 0, usd: 0 };
  let calls = 0;
  let [known, knownTokens] = [0, 0];
  let unseen = { day: day(), calls: 0 };
  const today = (): typeof unseen => {
    if (unseen.day !== day()) unseen = { day: day(), calls: 0 };
    return unseen;
  };
  const mean = (): number => (known === 0 ? FIRST_GUESS : knownTokens / known);
  const usedUp = (): UsedUp | null => {
    if (left.usd !== null && left.usd <= 0) return "budget-usd";
    if (left.calls !== null && calls >= left.calls) return "budget-calls";
    return left.tokens !== null && (calls + 1) * mean() > left.tokens ? "budget-tokens" : null;
  };
  return {
    usedUp,
    take: () => {
      const reason = usedUp();
      if (reason === null) calls += 1;
      return reason;
    },
    more: () => {
      calls += 1;
    },
    unseen: () => {
      today().calls += 1;
    },
    used: (tokens) => {
      if (tokens === null) return;
      known += 1;
      knownTokens += tokens;
    },
    renew: (next, underWay) => {
      left = next;
      calls = underWay + today().calls;
    },
  };
};
