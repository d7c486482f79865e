import { unreachable } from "../../core/exhaustive.ts";
import { GRID_SIZE, type GridVector, gridVector } from "./grid.ts";
import { mixture, type Sign } from "./one-sample.ts";

/** A value and how many calls had it. */
export type Bin = readonly [value: number, count: number];

/** What the two-arm test compares: H0 is mean_canary <= ratio * mean_baseline + delta for sign +1, >= for sign -1. */
export interface BettingSettings {
  readonly ratio: number;
  readonly delta: number;
  /** Values of both arms are clipped to [low, high]; what `beyond` says of those above. */
  readonly low: number;
  readonly high: number;
  readonly sign: Sign;
  /** Absent where no value lies above `high`. */
  readonly beyond?: Beyond;
}

/**
 * What becomes of values above `high`.
 *
 * `rungs`: each bet clips both arms where it can afford to, the timid ones far above `high`, which only the boldest clips
 * at. A tail that runs away is seen by the timid bets, and no value wins a bet more than it could win the boldest.
 *
 * `counted`: in the arm whose large values speak against what is to be proven every value counts as what it is, and a bet
 * that it would have ruined is lost. What is left was bet by those that the largest value seen could not ruin, so that the
 * proof is about the mean itself and not about one of clipped values. The other arm's values count up to `seen`, the
 * largest value that counted so far, or `high`, so that what both arms have cancels out.
 */
export type Beyond =
  | {
      readonly kind: "rungs";
      /** Of one arm: by how much the mean to be compared with grows when it is clipped where bet k clips; absent = 1. */
      readonly lifts?: readonly number[] | undefined;
    }
  | { readonly kind: "counted"; readonly seen: number };

const SAFETY = 0.9;
const BET_RATIO = 0.6;
/** Sizes of the bets. */
const SIZES: GridVector = gridVector().map((_, k) => BET_RATIO ** k);

const denominatorBound = (numerator: number, denominator: number): number =>
  denominator > 0 ? numerator / denominator : Number.POSITIVE_INFINITY;

/** Bets that get smaller by the same ratio: bold ones see large differences soon, timid ones small differences at all. */
const betsFrom = (first: number): GridVector => gridVector().map((_, k) => first * (SIZES[k] ?? 0));

/**
 * Bets lambda_k = sign * 0.9 * min(w/cW, (1-w)/bW) * 0.6^k, the largest that keep every factor positive.
 * `anchor` m = ratio * (baseline mean known before the tick) + delta; `share` w = canary share of the
 * calls compared, or one known before them.
 */
export const betLambdas = (settings: BettingSettings, anchor: number, share: number): GridVector => {
  const { ratio, delta, low, high, sign } = settings;
  const canaryWidth = sign === 1 ? anchor - low : high - anchor;
  const baselineWidth = sign === 1 ? ratio * high + delta - anchor : anchor - (ratio * low + delta);
  const bound = Math.min(denominatorBound(share, canaryWidth), denominatorBound(1 - share, baselineWidth));
  return betsFrom(Number.isFinite(bound) ? sign * SAFETY * bound : 0);
};

/** Log of 1 + x; a bet that loses all it has, or more, is lost for good. */
const logFactor = (x: number): number => (x > -1 ? Math.log1p(x) : Number.NEGATIVE_INFINITY);

/** Where a bet clips, by its place among the bets. */
type Clip = (k: number) => number;

const clipAt =
  (high: number): Clip =>
  () =>
    high;

const unclipped: Clip = () => Number.POSITIVE_INFINITY;

/** Where bet k clips: what it can afford above `base`, where the bets are fair: the distance of `high` from it, over the bet's size. */
export const rungsFrom = (base: number, high: number): Clip => {
  const rungs = gridVector().map((_, k) => base + Math.max(0, high - base) / (SIZES[k] ?? 1));
  return (k) => rungs[k] ?? high;
};

/** Adds count * log1p(lambda * stake) of every bin, per bet; the stake is that of the value as the bet clips it. */
const addBets = (
  increments: GridVector,
  lambdas: GridVector,
  bins: readonly Bin[],
  low: number,
  clip: Clip,
  stake: (value: number, k: number) => number,
  isPerBet = false,
): void => {
  const lowest = clip(0);
  for (const [value, count] of bins) {
    if (count === 0) continue;
    const known = Math.max(low, value);
    // Most values lie below every clip, and are worth the same to every bet.
    const same = known <= lowest && !isPerBet ? stake(known, 0) : null;
    for (let k = 0; k < GRID_SIZE; k++) {
      const at = same ?? stake(Math.min(clip(k), known), k);
      increments[k] = (increments[k] ?? 0) + count * logFactor((lambdas[k] ?? 0) * at);
    }
  }
};

/** Where the canary's values are clipped, and the baseline's. */
const clipsOf = ({ ratio, delta, high, sign, beyond }: BettingSettings, anchor: number): readonly [Clip, Clip] => {
  if (beyond === undefined) return [clipAt(high), clipAt(high)];
  switch (beyond.kind) {
    case "rungs": {
      const rungs = rungsFrom((anchor - delta) / ratio, high);
      return [rungs, rungs];
    }
    case "counted": {
      const seen = clipAt(Math.max(high, beyond.seen));
      return sign === -1 ? [unclipped, seen] : [seen, unclipped];
    }
    default:
      return unreachable(beyond);
  }
};

/**
 * Log-increments of the two-arm centred betting process for one tick:
 * sum_canary n log1p(lambda (x-m)/w) + sum_baseline n log1p(-lambda (g(x)-m)/(1-w)).
 * Nonparametric and finite-sample; anchor and share may change between ticks. Source: docs/statistics.md, betting.
 */
export const bettingIncrements = (
  settings: BettingSettings,
  anchor: number,
  share: number,
  arms: { readonly canary: readonly Bin[]; readonly baseline: readonly Bin[] },
): GridVector => {
  const { ratio, delta, low } = settings;
  const lambdas = betLambdas(settings, anchor, share);
  const increments = gridVector();
  const [canary, baseline] = clipsOf(settings, anchor);
  addBets(increments, lambdas, arms.canary, low, canary, (value) => (value - anchor) / share);
  addBets(
    increments,
    lambdas,
    arms.baseline,
    low,
    baseline,
    (value) => -(ratio * value + delta - anchor) / (1 - share),
  );
  return increments;
};

/** Log e-value of one tick's worth of data; see bettingIncrements. */
export const betLogE = (
  settings: BettingSettings,
  anchor: number,
  share: number,
  arms: { readonly canary: readonly Bin[]; readonly baseline: readonly Bin[] },
): number => mixture(bettingIncrements(settings, anchor, share, arms));

/** Values that a mean is bet on with: at least `low`, and what is above `high` counts as Beyond says. */
export interface BettingRange {
  readonly low: number;
  readonly high: number;
  readonly beyond?: Beyond;
}

const clipOfOne = ({ high, beyond }: BettingRange, anchor: number): Clip => {
  if (beyond === undefined) return clipAt(high);
  switch (beyond.kind) {
    case "rungs":
      return rungsFrom(anchor, high);
    case "counted":
      return unclipped;
    default:
      return unreachable(beyond);
  }
};

/**
 * The same bets against a fixed number instead of a second arm: H0 is mean <= anchor (sign +1) or >= anchor (-1). Used for
 * limits that refer to a projection.
 */
export const oneArmBettingIncrements = (
  anchor: number,
  range: BettingRange,
  sign: Sign,
  bins: readonly Bin[],
): GridVector => {
  const { low, high, beyond } = range;
  const lifts = beyond?.kind === "rungs" ? beyond.lifts : undefined;
  const anchors = gridVector().map((_, k) => anchor * (lifts?.[k] ?? 1));
  const lambdas = anchors.map((each, k) => {
    const width = sign === 1 ? each - low : high - each;
    return width > 0 ? (sign * SAFETY * (SIZES[k] ?? 0)) / width : 0;
  });
  const increments = gridVector();
  addBets(
    increments,
    lambdas,
    bins,
    low,
    clipOfOne(range, anchor),
    (value, k) => value - (anchors[k] ?? anchor),
    lifts !== undefined,
  );
  return increments;
};
