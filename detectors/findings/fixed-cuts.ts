import type { FeatureCounts, WindowCounts } from "./feature-counts.ts";

/** Answers of both arms together before the bins of a number are fixed. */
const MIN_TO_PLACE = 200;
const TENTHS = 10;
/** Counts up to this are bins of their own. */
const LARGEST_OWN = 20;

/** Upper ends of the bins of a number, ascending; the last bin has none. */
export type Cuts = readonly number[];

/**
 * Cuts a number where the answers of both arms together pass each tenth; null while they are too few. What the bins
 * are says nothing about the arms, so the arm-label test may be used on the very answers they were taken from, once
 * they are fixed.
 */
export const placeCuts = ({ bins, order, feature }: FeatureCounts, counts: WindowCounts): Cuts | null => {
  const countOf = (slot: number): number => (counts.canary[slot] ?? 0) + (counts.baseline[slot] ?? 0);
  const pooled = order.map((slot) => [bins[slot]?.number ?? 0, countOf(slot)] as const);
  const total = pooled.reduce((sum, [, count]) => sum + count, 0);
  if (total < MIN_TO_PLACE) return null;
  const cuts = feature.isCount ? Array.from({ length: LARGEST_OWN + 1 }, (_, number) => number) : [];
  let [below, tenth] = [0, 1];
  for (const [number, count] of pooled) {
    below += count;
    if (below * TENTHS < tenth * total || below >= total) continue;
    if (number > (cuts.at(-1) ?? Number.NEGATIVE_INFINITY)) cuts.push(number);
    tenth = Math.floor((below * TENTHS) / total) + 1;
  }
  return cuts;
};

/** Index of the bin that `number` falls into. */
export const cutOf = (cuts: Cuts, number: number): number => {
  const at = cuts.findIndex((cut) => number <= cut);
  return at === -1 ? cuts.length : at;
};
