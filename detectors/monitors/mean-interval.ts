import { oneArmBettingIncrements } from "../stats/betting.ts";
import { mixture, type Sign } from "../stats/one-sample.ts";
import type { Histogram } from "../stats/quantile.ts";
import { NO_CLIP } from "./level.ts";
import { coarseValue } from "./totals.ts";

const BISECTIONS = 40;

/**
 * Time-uniform interval of the mean of values clipped at `clip`: the anchors that neither sign of the bets rejects at
 * `alpha`. Null when nothing is known, or nothing is clipped.
 */
export const meanInterval = (
  bins: Histogram,
  clip: number,
  alpha: number,
): { readonly lower: number; readonly upper: number } | null => {
  const values = [...bins].map(([bucket, count]) => [Math.min(clip, coarseValue(bucket)), count] as const);
  const n = values.reduce((sum, [, count]) => sum + count, 0);
  if (n === 0 || clip === NO_CLIP) return null;
  const mean = values.reduce((sum, [value, count]) => sum + value * count, 0) / n;
  const isRejected = (anchor: number, sign: Sign): boolean =>
    mixture(oneArmBettingIncrements(anchor, { low: 0, high: clip }, sign, values)) >= -Math.log(alpha);
  /** The rejected anchor nearest to the mean, between it and `far`; `far` where none is. */
  const bound = (far: number, sign: Sign): number => {
    let [rejected, kept] = [far, mean];
    for (let i = 0; i < BISECTIONS; i++) {
      const middle = (rejected + kept) / 2;
      if (isRejected(middle, sign)) rejected = middle;
      else kept = middle;
    }
    return rejected;
  };
  return { lower: bound(0, 1), upper: bound(clip, -1) };
};
