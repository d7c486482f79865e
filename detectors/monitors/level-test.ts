import type { WatchedSignal } from "../../core/monitor.ts";
import { oneArmBettingIncrements } from "../stats/betting.ts";
import type { GridVector } from "../stats/grid.ts";
import { oneSampleIncrements, type Sign } from "../stats/one-sample.ts";
import { countAbove } from "../stats/quantile.ts";
import type { Expectation } from "./expectation.ts";
import { isShare } from "./level.ts";
import { coarseBucketOf, coarseUpperEdge, histogramOf, type Totals, valuesOf } from "./totals.ts";

/** The coarse bucket whose upper edge is nearest to `level` from the side that makes the test cautious. */
const edgeFor = (level: number, sign: Sign): number => {
  const bucket = coarseBucketOf(level);
  const isEdge = Math.abs(coarseUpperEdge(bucket - 1) / level - 1) < 1e-9;
  if (isEdge) return bucket - 1;
  return sign === 1 ? bucket : bucket - 1;
};

/**
 * Log-increments of the calls against "the level is at most `limit`" (sign 1) or "at least" (-1). Rates and scores: one
 * sample; means: bets around the limit; quantiles: the share of calls above the limit against the share of the past's
 * calls above its quantile. Source: docs/statistics.md, drift without a canary.
 */
export const testIncrements = (
  measure: Pick<WatchedSignal, "kind" | "quantile">,
  { clip, tail }: Pick<Expectation, "clip" | "tail">,
  limit: number,
  sign: Sign,
  calls: Readonly<Totals>,
): GridVector => {
  const { quantile } = measure;
  if (isShare(measure)) return oneSampleIncrements(calls.sum, calls.n, limit, sign);
  if (quantile !== null) {
    return oneSampleIncrements(
      countAbove(histogramOf(calls), edgeFor(limit, sign)),
      calls.n,
      tail ?? 1 - quantile,
      sign,
    );
  }
  const range = { low: 0, high: Math.max(clip, limit * 2) };
  return oneArmBettingIncrements(limit, range, sign, valuesOf(calls));
};
