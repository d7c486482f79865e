import { lse, times } from "../stats/log-space.ts";
import { lbeta } from "../stats/special.ts";

/** Spreads of the Beta mixture around one half: from faint to one-sided differences. */
const CONCENTRATIONS = [20, 2, 0.5] as const;

/**
 * Log e-value of the sign test on pairs: of the pairs that differ, is the canary's value as often the larger as the
 * smaller? Beta(a, a) mixtures against one half, averaged. Ties say nothing.
 */
export const pairLogE = (larger: number, smaller: number): number => {
  const null_ = times(larger + smaller, Math.log(0.5));
  const mixtures = CONCENTRATIONS.map((a) => lbeta(a + larger, a + smaller) - lbeta(a, a) - null_);
  return lse(mixtures) - Math.log(CONCENTRATIONS.length);
};
