import type { Drift, IdentityChange, WatchedSignal } from "../../core/monitor.ts";
import { rateInterval } from "../stats/one-sample.ts";
import { quantileInterval } from "../stats/quantile.ts";
import type { Change } from "./change-process.ts";
import { type Expectation, shownClip } from "./expectation.ts";
import { clipOf, isShare, levelOf } from "./level.ts";
import { meanInterval } from "./mean-interval.ts";
import { coarseUpperEdge, histogramOf, type Totals } from "./totals.ts";

/** Level of the interval shown to people, a side. */
const INTERVAL_ALPHA = 0.01;

const intervalOf = (
  signal: WatchedSignal,
  calls: Readonly<Totals>,
  clip: number,
  designEffect: number,
): Drift["interval"] => {
  if (isShare(signal)) return rateInterval(calls.sum / designEffect, calls.n / designEffect, INTERVAL_ALPHA);
  const bins = new Map([...histogramOf(calls)].map(([bucket, count]) => [bucket, count / designEffect] as const));
  if (signal.quantile === null) return meanInterval(bins, clip, INTERVAL_ALPHA);
  const { lower, upper } = quantileInterval(bins, signal.quantile, INTERVAL_ALPHA);
  return lower === null || upper === null ? null : { lower: coarseUpperEdge(lower), upper: coarseUpperEdge(upper) };
};

/** What there is to be told about an alarm; null where the calls since the change have no level. */
export const driftOf = (
  signal: WatchedSignal,
  expectation: Expectation,
  change: Change,
  facts: Pick<Drift, "series" | "direction" | "at" | "logE" | "threshold" | "designEffect" | "limit"> & {
    readonly changed: readonly IdentityChange[];
  },
): Drift | null => {
  // What would have been absurd before the change may be usual after it, or be what the change is.
  const clip = Math.max(expectation.level > 0 ? shownClip(expectation) : 0, clipOf(signal, change.calls));
  const seen = levelOf(signal, change.calls, clip);
  if (seen === null) return null;
  return {
    ...facts,
    signal: signal.id,
    unit: signal.unit,
    since: change.since,
    expected: expectation.level,
    seen,
    interval: intervalOf(signal, change.calls, clip, facts.designEffect),
    n: change.calls.n,
  };
};
