import type { WatchedSignal } from "../../core/monitor.ts";
import { rungsFrom } from "../stats/betting.ts";
import { GRID_SIZE } from "../stats/grid.ts";
import { countAbove } from "../stats/quantile.ts";
import { beyond, clipOf, highestOf, isShare, levelOf, NO_CLIP, quantileBucketOf, varianceOfOne } from "./level.ts";
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
  /** Share of the calls that may lie beyond the quantile; null without one. */
  readonly tail: number | null;
  /** See Beyond; absent in what earlier versions stored. */
  readonly lifts?: readonly number[];
  /** By how much every call of an hour makes the others count for less: what moves a whole hour moves all its calls. */
  readonly sharedByHour: number;
  /** Levels up to which there is no change; null where that direction cannot be seen. */
  readonly limit: Readonly<Record<"increase" | "drop", number | null>>;
}

/**
 * Where values are clipped in what people are shown: where the most timid bet clips, so that a tail that is the change is
 * in it, and one absurd call is not.
 */
export const shownClip = ({ level, clip, limit }: Expectation): number =>
  clip === NO_CLIP ? clip : rungsFrom(level, highestOf(clip, limit.increase ?? level))(GRID_SIZE - 1);

/** Margins are this many standard deviations of what is usual from day to day. */
const DEVIATIONS = 2.5;

/**
 * An hour speaks at most as loudly as this many hours whose whole deviation were chance. Without a bound, a signal that
 * is known to a hair after 10,000 calls alarms on every hour that lies just beyond the margin.
 */
const LOUDEST = 4;

/**
 * The share of the past's calls beyond the edge that stands for its quantile is what calls are compared with, when it is
 * this near to what it should be. Where many calls share a bucket it is not, and the quantile moves only when the share
 * passes what it should be.
 */
const [LEAST_TAIL, MOST_TAIL] = [0.8, 1.25];

const tailOf = (quantile: number | null, past: Readonly<Totals>): number | null => {
  if (quantile === null) return null;
  const bucket = quantileBucketOf(past, quantile);
  const tail = bucket === null ? 0 : countAbove(histogramOf(past), bucket) / past.n;
  const due = 1 - quantile;
  return tail >= LEAST_TAIL * due && tail <= MOST_TAIL * due ? tail : due;
};

/** How much of the mean lies above the clip, by bet: a past with such a tail is no reason for an alarm about one. */
const liftsOf = (
  signal: Pick<WatchedSignal, "kind" | "quantile">,
  past: Readonly<Totals>,
  { level, clip, limit }: { readonly level: number; readonly clip: number; readonly limit: number | null },
): readonly number[] | null => {
  if (isShare(signal) || signal.quantile !== null || !(level > 0)) return null;
  const rungs = rungsFrom(level, highestOf(clip, limit ?? level));
  return Array.from({ length: GRID_SIZE }, (_, k) => (levelOf(signal, past, rungs(k)) ?? level) / level);
};

/** What an hour is expected to be like whose past was zero in every call: the same. */
const NOTHING: Omit<Expectation, "margin" | "tail"> = {
  clip: NO_CLIP,
  level: 0,
  sharedByHour: 0,
  limit: { increase: 0, drop: null },
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
  const tail = tailOf(signal.quantile, past);
  if (level === 0 && !isShare(signal)) return { ...NOTHING, margin: least, tail };
  const variance = varianceOfOne(signal, past, level, clip);
  const usual = spreadOf(spread) ** 2;
  const margin = Math.max(least, DEVIATIONS * Math.sqrt(usual + (variance * designEffect) / past.n));
  if (!Number.isFinite(margin)) return null;
  const limit = { increase: beyond(signal, level, margin, "increase"), drop: beyond(signal, level, margin, "drop") };
  const lifts = liftsOf(signal, past, { level, clip, limit: limit.increase });
  const sharedByHour = usual / (LOUDEST * variance);
  return { level, margin, clip, tail, ...(lifts === null ? {} : { lifts }), sharedByHour, limit };
};
