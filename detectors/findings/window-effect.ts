import type { Arm } from "../../core/cohort.ts";
import { unreachable } from "../../core/exhaustive.ts";
import { cohensH, EFFECT_FLOOR, MIN_EVENTS, MIN_POINTS } from "../stats/effect-size.ts";
import { normalQuantile } from "../stats/normal-quantile.ts";
import type { FeatureCounts, WindowCounts } from "./feature-counts.ts";

/** Answers of each arm. */
export const MIN_ANSWERS = 100;
/** P(canary > baseline) is this far from one half at d = 0.2: the normal distribution function at 0.2 / sqrt(2). */
const MIN_RANK_SHIFT = 0.0562;

/** How far the arms are apart in one feature and window, and which way. */
export interface WindowEffect {
  /** Cohen's h of a share, d of a number; negative = down. */
  readonly size: number;
  readonly direction: "up" | "down" | "changed";
  /** The bin that moved the most; null for flags, and for numbers that moved as a whole. */
  readonly slot: number | null;
  /** Share of the bin, or median of the number. */
  readonly baseline: number;
  readonly canary: number;
  readonly n: Readonly<Record<Arm, number>>;
}

const total = (counts: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) sum += counts[i] ?? 0;
  return sum;
};

/** Events of n calls per arm; null when the difference is too small to matter. */
export const shareEffect = (
  events: Readonly<Record<Arm, number>>,
  n: Readonly<Record<Arm, number>>,
): WindowEffect | null => {
  const [canary, baseline] = [events.canary / n.canary, events.baseline / n.baseline];
  const both = events.canary + events.baseline;
  if (Math.min(both, n.canary + n.baseline - both) < MIN_EVENTS) return null;
  const size = cohensH(canary, baseline);
  if (Math.abs(size) < EFFECT_FLOOR && Math.abs(canary - baseline) < MIN_POINTS) return null;
  return { size, direction: size > 0 ? "up" : "down", slot: null, baseline, canary, n };
};

/** The bin whose share moved the most, if one moved enough; where some grew, one of those: it can be looked at. */
const strongestBin = (counts: WindowCounts, bins: number, n: WindowEffect["n"]): WindowEffect | null => {
  const rank = ({ size }: WindowEffect): number => (size > 0 ? 10 : 1) * Math.abs(size);
  let strongest: WindowEffect | null = null;
  for (let slot = 0; slot < bins; slot++) {
    const effect = shareEffect({ canary: counts.canary[slot] ?? 0, baseline: counts.baseline[slot] ?? 0 }, n);
    if (effect === null || (strongest !== null && rank(effect) <= rank(strongest))) continue;
    strongest = { ...effect, slot };
  }
  return strongest;
};

/** P(canary > baseline) + P(equal) / 2. */
const chanceOfLarger = (counts: WindowCounts, order: readonly number[], n: WindowEffect["n"]): number => {
  let [below, wins] = [0, 0];
  for (const slot of order) {
    const [canary, baseline] = [counts.canary[slot] ?? 0, counts.baseline[slot] ?? 0];
    wins += canary * (below + baseline / 2);
    below += baseline;
  }
  return wins / (n.canary * n.baseline);
};

/** The number that stands for the bin of the q-quantile. */
const quantileOf = (counts: Float64Array, q: number, { bins, order }: FeatureCounts): number => {
  const wanted = q * total(counts);
  let below = 0;
  for (const slot of order) {
    below += counts[slot] ?? 0;
    if (below > 0 && below >= wanted) return bins[slot]?.number ?? 0;
  }
  return 0;
};

/** Ranks nearer to equal than this point no way. */
const NO_DIRECTION = 0.01;

const directionOf = (chance: number): WindowEffect["direction"] => {
  if (Math.abs(chance - 0.5) < NO_DIRECTION) return "changed";
  return chance > 0.5 ? "up" : "down";
};

const numberEffect = (feature: FeatureCounts, counts: WindowCounts, n: WindowEffect["n"]): WindowEffect | null => {
  const { order } = feature;
  const chance = chanceOfLarger(counts, order, n);
  const direction = directionOf(chance);
  const isShifted = Math.abs(chance - 0.5) >= MIN_RANK_SHIFT;
  const [baseline, canary] = [quantileOf(counts.baseline, 0.5, feature), quantileOf(counts.canary, 0.5, feature)];
  if (isShifted && baseline !== canary) {
    const size = Math.SQRT2 * normalQuantile(chance);
    return { size, direction, slot: null, baseline, canary, n };
  }
  // Most answers alike and some quite different: ranks and medians say little, the bin that moved says it.
  const bin = strongestBin(counts, feature.bins.length, n);
  return bin === null ? null : { ...bin, direction };
};

/**
 * How far the arms are apart in one window; null when too little is known, or the difference is too small to matter:
 * |h| or d below 0.2 and less than five points, on fewer than 100 answers a side, or fewer than ten events.
 */
export const windowEffect = (feature: FeatureCounts, counts: WindowCounts): WindowEffect | null => {
  const n = { canary: total(counts.canary), baseline: total(counts.baseline) };
  if (Math.min(n.canary, n.baseline) < MIN_ANSWERS) return null;
  const { kind } = feature.feature;
  switch (kind) {
    case "flag":
      return shareEffect({ canary: counts.canary[1] ?? 0, baseline: counts.baseline[1] ?? 0 }, n);
    case "label": {
      const effect = strongestBin(counts, feature.bins.length, n);
      return effect === null ? null : { ...effect, direction: "changed" };
    }
    case "number":
      return numberEffect(feature, counts, n);
    default:
      return unreachable(kind);
  }
};
