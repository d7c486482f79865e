import { unreachable } from "../../core/exhaustive.ts";
import type { SignalKind } from "../../core/signals.ts";
import type { ArmSample } from "../tick-view.ts";
import type { ArmTotals } from "./arm-tracker.ts";

/** Baseline calls before the bins of a feature are fixed. */
export const MIN_BASELINE_OUTPUTS = 500;

const DECILES = 10;
const MIN_CATEGORY_SHARE = 0.01;

/** Counts a sample into a fixed list of bins. */
export type ShapeBins = (sample: ArmSample) => readonly number[];

/** Cuts a value's buckets where the cumulated baseline passes each tenth. */
const decileBins = (baseline: ArmTotals): ShapeBins => {
  const sorted = [...baseline.bins].map(([bin, count]) => [Number(bin), count] as const).sort((a, b) => a[0] - b[0]);
  const total = sorted.reduce((sum, [, count]) => sum + count, 0);
  const cuts: number[] = [];
  let below = 0;
  for (const [bucket, count] of sorted) {
    below += count;
    if (below >= ((cuts.length + 1) * total) / DECILES && below < total) cuts.push(bucket);
  }
  return (sample) => {
    const counts = Array.from({ length: cuts.length + 1 }, () => 0);
    for (const bin in sample.bins) {
      const at = cuts.findIndex((cut) => Number(bin) <= cut);
      const slot = at === -1 ? cuts.length : at;
      counts[slot] = (counts[slot] ?? 0) + (sample.bins[bin] ?? 0);
    }
    return counts;
  };
};

/** Labels that make up at least 1% of the baseline; everything else is one more bin. */
const categoryBins = (baseline: ArmTotals): ShapeBins => {
  const labels = [...baseline.bins]
    .filter(([, count]) => count >= MIN_CATEGORY_SHARE * baseline.n)
    .map(([label]) => label)
    .sort();
  return (sample) => {
    const counts = new Map(Object.entries(sample.bins));
    const known = labels.map((label) => counts.get(label) ?? 0);
    return [...known, sample.n - known.reduce((sum, count) => sum + count, 0)];
  };
};

/** Fixes the bins of a feature from what the baseline has shown so far; null while that is too little. */
export const placeShapeBins = (kind: SignalKind, baseline: ArmTotals): ShapeBins | null => {
  if (baseline.n < MIN_BASELINE_OUTPUTS) return null;
  switch (kind) {
    case "rate":
      return (sample) => [sample.sum, sample.n - sample.sum];
    case "category":
      return categoryBins(baseline);
    case "value":
    case "score":
    case "labels":
      return decileBins(baseline);
    default:
      return unreachable(kind);
  }
};
