import { LIMIT_ALPHA, PASS_ALPHA } from "../plan.ts";
import { propLower, propUpper } from "../stats/one-sample.ts";
import { correctedRate, type Label } from "./judge/corrected-rate.ts";
import { orderError } from "./judge/order-error.ts";

/** Labels from which on the judge is corrected by them; before, its own unsteadiness widens the bound. */
export const MIN_LABELS = 30;

/** Parts of alpha: the pairs, what was read of those that are open, and what reruns take off. */
const PAIR_PART = 0.4;
const READ_PART = 0.4;
const RERUN_PART = 0.2;

/** Counts a bound is made of. */
export interface GateCounts {
  readonly pairs: number;
  /** Pairs that facts, rules or people call regressions. */
  readonly regressions: number;
  /** Pairs that nobody decides before they are read. */
  readonly open: number;
  /** Of those, what the judge read: prefers the baseline, is inconsistent, all. */
  readonly judged: { readonly worse: number; readonly inconsistent: number; readonly all: number };
  readonly labels: readonly Label[];
  readonly reruns: { readonly pairs: number; readonly regressions: number; readonly open: number };
  readonly designEffect: number;
  /** How many floors there were, 1 and up: alpha is spread over them. */
  readonly version: number;
}

/** How much of each open pair counts as a regression, at most. */
export interface OpenRate {
  readonly counted: number;
  readonly by: "nothing" | "judge" | "labels";
}

/** Alpha of floor number v: alpha / v(v + 1), so that all of them together have no more than alpha. */
const alphaOf = (version: number): number => PASS_ALPHA / (version * (version + 1));

/** Upper bound of the share of open pairs that are regressions, at `alpha`; see OpenRate. */
export const openRate = ({ judged, labels, designEffect }: GateCounts, alpha: number): OpenRate => {
  const { worse, inconsistent, all } = judged;
  if (labels.length >= MIN_LABELS) {
    const seen = { n: all, sum: worse + inconsistent / 2, labels };
    return { counted: correctedRate(seen, alpha, designEffect).upper, by: "labels" };
  }
  if (all === 0) return { counted: 1, by: "nothing" };
  const upper = propUpper((worse + inconsistent) / designEffect, all / designEffect, alpha / 2);
  const error = orderError(inconsistent / designEffect, all / designEffect, alpha / 2);
  return { counted: Math.min(1, upper + error * (1 - upper)), by: "judge" };
};

/** Bounds of the rate of regressions. */
export interface GateBound {
  readonly upper: number;
  readonly lower: number;
  readonly open: OpenRate;
}

/**
 * Time-uniform bounds of the rate of regressions among pairs. Upper: open pairs count as regressions, or by the share of
 * regressions among those that were read; what reruns have, at least, is taken off. Lower, at 1% / `comparisons`: proven
 * regressions alone. Source: docs/statistics.md, the gate of a shadow stage.
 */
export const gateBound = (counts: GateCounts, comparisons: number): GateBound => {
  const { pairs, regressions, open, reruns, designEffect: d, version } = counts;
  const alpha = alphaOf(version);
  const rate = openRate(counts, alpha * READ_PART);
  const gross = pairs === 0 ? 1 : propUpper((regressions + rate.counted * open) / d, pairs / d, alpha * PAIR_PART);
  // What an open rerun is nobody knows: it is taken off only where an open pair counts in full.
  const own = reruns.regressions + (rate.counted === 1 ? reruns.open : 0);
  const floor = reruns.pairs === 0 ? 0 : propLower(own / d, reruns.pairs / d, alpha * RERUN_PART);
  return {
    upper: Math.max(0, gross - floor),
    lower: propLower(regressions / d, pairs / d, LIMIT_ALPHA / comparisons),
    open: rate,
  };
};
