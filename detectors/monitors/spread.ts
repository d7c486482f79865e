import { clipOf, levelOf, type Measure, scaleOf, varianceOfOne } from "./level.ts";
import type { Totals } from "./totals.ts";

/** How far hours lie from what their past said, beyond what chance explains: plain data, fading sums. */
export interface Spread {
  weight: number;
  /** Weighted squares of the relative residuals. */
  squares: number;
  /** Weighted variance that chance alone gives them. */
  chance: number;
}

/** A spread that has seen no hour. */
export const emptySpread = (): Spread => ({ weight: 0, squares: 0, chance: 0 });

/** Half-life of an hour's weight: two weeks. */
const FADE: number = 2 ** (-1 / 336);

/** A residual beyond this many times what was usual counts as that: one bad hour must not make a monitor deaf. */
const OUTLIER = 3;
const LEAST_OUTLIER = 0.3;

/** Hours that say little count little: chance of this size halves the weight. */
const CHANCE_SCALE = 0.01;

/** Standard deviation of an hour from its past, relative to the scale, chance taken off. */
export const spreadOf = ({ weight, squares, chance }: Readonly<Spread>): number =>
  weight > 0 ? Math.sqrt(Math.max(0, squares - chance) / weight) : 0;

/** Takes in one whole hour and what its past said about it. */
export const learnSpread = (
  spread: Spread,
  measure: Measure,
  past: Readonly<Totals>,
  hour: Readonly<Totals>,
  designEffect: number,
): void => {
  const clip = clipOf(measure, past);
  const expected = levelOf(measure, past, clip);
  const found = levelOf(measure, hour, clip);
  if (expected === null || found === null) return;
  const scale = scaleOf(measure, expected);
  const chance = varianceOfOne(measure, past, expected, clip) * designEffect * (1 / hour.n + 1 / past.n);
  if (!(scale > 0) || !Number.isFinite(chance)) return;
  const usual = Math.max(LEAST_OUTLIER, OUTLIER * Math.sqrt(spreadOf(spread) ** 2 + chance));
  const residual = Math.max(-usual, Math.min(usual, (found - expected) / scale));
  const weight = CHANCE_SCALE / (CHANCE_SCALE + chance);
  spread.weight = spread.weight * FADE + weight;
  spread.squares = spread.squares * FADE + weight * residual ** 2;
  spread.chance = spread.chance * FADE + weight * chance;
};
