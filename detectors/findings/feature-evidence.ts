import { labelLogE } from "../stats/arm-label.ts";
import type { FeatureCounts, WindowCounts } from "./feature-counts.ts";
import { type Cuts, cutOf } from "./fixed-cuts.ts";

/** Adds the answers of a number's bins together where its cuts say so. */
const merged = (counts: Float64Array, { bins }: FeatureCounts, cuts: Cuts): number[] => {
  const sums = Array.from({ length: cuts.length + 1 }, () => 0);
  bins.forEach(({ number }, slot) => {
    const at = cutOf(cuts, number);
    sums[at] = (sums[at] ?? 0) + (counts[slot] ?? 0);
  });
  return sums;
};

/**
 * Log e-value of counts per bin against "the bin says nothing about the arm", every answer counting for 1/d: around the
 * share that these answers themselves have, which is the null's best case, too. A segment whose users stick to one arm,
 * or a ramp that the flag follows late, must not look like a difference, nor hide one.
 */
export const binEvidence = (canary: readonly number[], baseline: readonly number[], designEffect: number): number => {
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
  const [n, m] = [sum(canary), sum(baseline)];
  if (n === 0 || m === 0) return 0;
  const used = canary.map((_, slot) => slot).filter((slot) => (canary[slot] ?? 0) + (baseline[slot] ?? 0) > 0);
  const scaled = (counts: readonly number[]): number[] => used.map((slot) => (counts[slot] ?? 0) / designEffect);
  return labelLogE({ canary: scaled(canary), baseline: scaled(baseline) }, n / (n + m));
};

/** The same for one feature in one window; `cuts` for numbers only. */
export const featureEvidence = (
  feature: FeatureCounts,
  counts: WindowCounts,
  cuts: Cuts | null,
  designEffect: number,
): number => {
  const inBins = (arm: Float64Array): readonly number[] =>
    cuts === null ? [...arm.subarray(0, feature.bins.length)] : merged(arm, feature, cuts);
  return binEvidence(inBins(counts.canary), inBins(counts.baseline), designEffect);
};
