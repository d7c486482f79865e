import type { WatchedSignal } from "../../core/monitor.ts";
import { type Beyond, oneArmBettingIncrements } from "../stats/betting.ts";
import type { GridVector } from "../stats/grid.ts";
import { oneSampleIncrements, type Sign } from "../stats/one-sample.ts";
import { countAbove } from "../stats/quantile.ts";
import type { Expectation } from "./expectation.ts";
import { highestOf, isShare, RATE_FLOOR } from "./level.ts";
import { coarseBucketOf, coarseUpperEdge, histogramOf, type Totals, valuesOf, ZERO } from "./totals.ts";

/** The coarse bucket whose upper edge is nearest to `level` from the side that makes the test cautious. */
const edgeFor = (level: number, sign: Sign): number => {
  const bucket = coarseBucketOf(level);
  const isEdge = Math.abs(coarseUpperEdge(bucket - 1) / level - 1) < 1e-9;
  if (isEdge) return bucket - 1;
  return sign === 1 ? bucket : bucket - 1;
};

/** Calls whose value is not zero. */
const nonZeroOf = (calls: Readonly<Totals>): number => countAbove(histogramOf(calls), ZERO);

/**
 * Log-increments of the calls against "the level is at most `limit`" (sign 1) or "at least" (-1). Rates and scores: one
 * sample; means: bets around the limit; quantiles: the share of calls above the limit against the share of the past's
 * calls above its quantile. A limit of zero: the share of calls that are not zero, against the rate that is as good as none
 * or, of a quantile, what may lie beyond it. Source: docs/statistics.md, drift without a canary.
 */
export const testIncrements = (
  measure: Pick<WatchedSignal, "kind" | "quantile">,
  { clip, tail, lifts }: Pick<Expectation, "clip" | "tail" | "lifts">,
  limit: number,
  sign: Sign,
  calls: Readonly<Totals>,
): GridVector => {
  const { quantile } = measure;
  if (isShare(measure)) return oneSampleIncrements(calls.sum, calls.n, limit, sign);
  if (limit === 0) return oneSampleIncrements(nonZeroOf(calls), calls.n, tail ?? RATE_FLOOR, sign);
  if (quantile !== null) {
    return oneSampleIncrements(
      countAbove(histogramOf(calls), edgeFor(limit, sign)),
      calls.n,
      tail ?? 1 - quantile,
      sign,
    );
  }
  const beyond: Beyond = sign === 1 ? { kind: "rungs", lifts } : { kind: "counted", seen: 0 };
  const range = { low: 0, high: highestOf(clip, limit), beyond };
  return oneArmBettingIncrements(limit, range, sign, valuesOf(calls));
};
