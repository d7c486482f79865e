import { lse, times } from "./log-space.ts";
import { lbeta } from "./special.ts";

/** Spreads s of the beta mixtures: how far a bin's share may lie from the arms' share. */
export const SPREADS: readonly number[] = [0.1, 0.25, 0.6];

/** Calls per bin in each arm, bins in the same order. */
export interface BinCounts {
  readonly canary: readonly number[];
  readonly baseline: readonly number[];
}

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

/**
 * Log e-value of the arm-label test: if both arms draw their outputs from one distribution, the bin of an output says
 * nothing about the arm that made it. Per bin a beta-binomial around `share` w (kappa = (1-w)/(w s^2), s in
 * .1, .25, .6, averaged) against binomial(`nullShare`).
 *
 * `nullShare` is w by default. Passing the observed share of these very calls, the null's best case, keeps the test
 * valid when the true share is unknown, for about half a log(n) of evidence.
 * Source: docs/statistics.md, arm label.
 */
export const labelLogE = (
  counts: BinCounts,
  share: number,
  nullShare: number = share,
  spreads: readonly number[] = SPREADS,
): number => {
  const null_ =
    times(total(counts.canary), Math.log(nullShare)) + times(total(counts.baseline), Math.log1p(-nullShare));
  const perSpread = spreads.map((spread) => {
    const kappa = (1 - share) / (share * spread * spread);
    const [a, b] = [kappa * share, kappa * (1 - share)];
    const prior = lbeta(a, b);
    return counts.canary.reduce((sum, c, j) => sum + lbeta(a + c, b + (counts.baseline[j] ?? 0)) - prior, -null_);
  });
  return lse(perSpread) - Math.log(spreads.length);
};
