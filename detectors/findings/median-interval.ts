import { propLogE } from "../stats/one-sample.ts";
import type { FeatureCounts } from "./feature-counts.ts";

/**
 * Time-uniform interval of a number's median at level `alpha` a side: from the first to the last bin that "half of the
 * answers are above it" and "half are below it" do not reject. Every answer counts for 1/d. Null without answers.
 */
export const medianInterval = (
  { bins, order }: FeatureCounts,
  counts: Float64Array,
  alpha: number,
  designEffect: number,
): { readonly lower: number; readonly upper: number } | null => {
  const known = order.filter((slot) => (counts[slot] ?? 0) > 0);
  const n = known.reduce((sum, slot) => sum + (counts[slot] ?? 0), 0) / designEffect;
  if (n === 0) return null;
  const threshold = -Math.log(alpha);
  let upTo = 0;
  const kept = known.filter((slot) => {
    const below = upTo;
    upTo += (counts[slot] ?? 0) / designEffect;
    return propLogE(below, n, 0.5, 1) < threshold && propLogE(n - upTo, n, 0.5, 1) < threshold;
  });
  const [first, last] = [kept[0], kept.at(-1)];
  if (first === undefined || last === undefined) return null;
  return { lower: bins[first]?.number ?? 0, upper: bins[last]?.number ?? 0 };
};
