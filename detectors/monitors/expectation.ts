import type { WatchedSignal } from "../../core/monitor.ts";
import { countAbove } from "../stats/quantile.ts";
import { beyond, clipOf, levelOf, quantileBucketOf, varianceOfOne } from "./level.ts";
import { type Spread, spreadOf } from "./spread.ts";
import { histogramOf, type Totals } from "./totals.ts";

/** What the past says about an hour, and how far from it is still no change. */
export interface Expectation {
  /** Rate, mean or quantile, in the signal's unit. */
  readonly level: number;
  /** Share of the scale that counts as no change; see `beyond`. */
  readonly margin: number;
  /** Where values are clipped for a mean. */
  readonly clip: number;
  /** Share of the past's calls beyond its quantile; null without a quantile, or where none lie beyond. */
  readonly tail: number | null;
  /** By how much every call of an hour makes the others count for less: what moves a whole hour moves all its calls. */
  readonly sharedByHour: number;
  /** Levels up to which there is no change; null where that direction cannot be seen. */
  readonly limit: Readonly<Record<"increase" | "drop", number | null>>;
}

/** Margins are this many standard deviations of what is usual from day to day. */
const DEVIATIONS = 2.5;

/**
 * An hour speaks at most as loudly as this many hours whose whole deviation were chance. Without a bound, a signal that
 * is known to a hair after 10,000 calls alarms on every hour that lies just beyond the margin.
 */
const LOUDEST = 4;

/** Share of the calls beyond a quantile, as a multiple of what it should be. */
const MAX_TAIL = 5;

const tailOf = (quantile: number | null, past: Readonly<Totals>): number | null => {
  if (quantile === null) return null;
  const bucket = quantileBucketOf(past, quantile);
  const tail = bucket === null ? 0 : countAbove(histogramOf(past), bucket) / past.n;
  // Nearly all calls in one bucket: their quantile is no place to tell them apart at.
  return tail > 0 && tail <= MAX_TAIL * (1 - quantile) ? tail : null;
};

/**
 * What `past` lets expect. The margin is `least` or 2.5 standard deviations of an hour from its past, if that is more;
 * what the past's own calls leave open is part of it. Null where the past has no level.
 */
export const expect = (
  signal: Pick<WatchedSignal, "kind" | "quantile">,
  past: Readonly<Totals>,
  spread: Readonly<Spread>,
  { least, designEffect }: { readonly least: number; readonly designEffect: number },
): Expectation | null => {
  const clip = clipOf(signal, past);
  const level = levelOf(signal, past, clip);
  if (level === null) return null;
  const variance = varianceOfOne(signal, past, level, clip);
  const usual = spreadOf(spread) ** 2;
  const margin = Math.max(least, DEVIATIONS * Math.sqrt(usual + (variance * designEffect) / past.n));
  if (!Number.isFinite(margin)) return null;
  const tail = tailOf(signal.quantile, past);
  const limit = (direction: "increase" | "drop"): number | null =>
    signal.quantile !== null && tail === null ? null : beyond(signal, level, margin, direction);
  const sharedByHour = usual / (LOUDEST * variance);
  return { level, margin, clip, tail, sharedByHour, limit: { increase: limit("increase"), drop: limit("drop") } };
};
