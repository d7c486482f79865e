import { GRID_SIZE, type GridVector, gridVector } from "./grid.ts";
import { mixture, type Sign } from "./one-sample.ts";

/** A value and how many calls had it. */
export type Bin = readonly [value: number, count: number];

/** What the two-arm test compares: H0 is mean_canary <= ratio * mean_baseline + delta for sign +1, >= for sign -1. */
export interface BettingSettings {
  readonly ratio: number;
  readonly delta: number;
  /** Values of both arms are clipped to [low, high]. */
  readonly low: number;
  readonly high: number;
  readonly sign: Sign;
}

const SAFETY = 0.9;
const BET_RATIO = 0.6;

const denominatorBound = (numerator: number, denominator: number): number =>
  denominator > 0 ? numerator / denominator : Number.POSITIVE_INFINITY;

/** Bets that get smaller by the same ratio: bold ones see large differences soon, timid ones small differences at all. */
const betsFrom = (first: number): GridVector => gridVector().map((_, k) => first * BET_RATIO ** k);

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

/** Adds count * log1p(lambda * stake) of every bin, per bet; the stake is that of the clipped value. */
const addBets = (
  increments: GridVector,
  lambdas: GridVector,
  bins: readonly Bin[],
  { low, high }: Pick<BettingSettings, "low" | "high">,
  stake: (value: number) => number,
): void => {
  for (const [value, count] of bins) {
    const perLambda = stake(Math.min(high, Math.max(low, value)));
    for (let k = 0; k < GRID_SIZE; k++) {
      increments[k] = (increments[k] ?? 0) + count * Math.log1p((lambdas[k] ?? 0) * perLambda);
    }
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
  const { ratio, delta } = settings;
  const lambdas = betLambdas(settings, anchor, share);
  const increments = gridVector();
  addBets(increments, lambdas, arms.canary, settings, (value) => (value - anchor) / share);
  addBets(increments, lambdas, arms.baseline, settings, (value) => -(ratio * value + delta - anchor) / (1 - share));
  return increments;
};

/** Log e-value of one tick's worth of data; see bettingIncrements. */
export const betLogE = (
  settings: BettingSettings,
  anchor: number,
  share: number,
  arms: { readonly canary: readonly Bin[]; readonly baseline: readonly Bin[] },
): number => mixture(bettingIncrements(settings, anchor, share, arms));

/**
 * The same bets against a fixed number instead of a second arm: H0 is mean <= anchor (sign +1) or >= anchor (-1), for
 * values clipped to [low, high]. Used for limits that refer to a projection.
 */
export const oneArmBettingIncrements = (
  anchor: number,
  range: { readonly low: number; readonly high: number },
  sign: Sign,
  bins: readonly Bin[],
): GridVector => {
  const width = sign === 1 ? anchor - range.low : range.high - anchor;
  const increments = gridVector();
  addBets(increments, betsFrom(width > 0 ? (sign * SAFETY) / width : 0), bins, range, (value) => value - anchor);
  return increments;
};
