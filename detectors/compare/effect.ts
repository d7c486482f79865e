import { unreachable } from "../../core/exhaustive.ts";
import { cohensH, EFFECT_FLOOR, MIN_EVENTS, MIN_POINTS } from "../stats/effect-size.ts";
import { normalQuantile } from "../stats/normal-quantile.ts";
import type { ArmValues, NamedBins } from "./bin-values.ts";
import type { Measure } from "./observation.ts";

/** How far the arms are apart, and which way. */
export interface Effect {
  /**
   * Cohen's h for flags; d for numbers, from the chance that a canary value is the larger one; total variation for
   * labels; Cohen's h of `label` for numbers of which only one bin moved.
   */
  readonly size: number;
  readonly direction: "up" | "down" | "changed";
  /** The label, or the bin of a number, that moved the most; null where the value as a whole went up or down. */
  readonly label: string | null;
  /** Share (flag, label) or median (number) of each arm. */
  readonly baseline: number | null;
  readonly canary: number | null;
  /** Large enough to matter: |h| (also of one label or bin) or d of 0.2, or 5 points; ten events in both arms together. */
  readonly matters: boolean;
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

const flagEffect = (canary: readonly number[], baseline: readonly number[]): Effect => {
  const [p, q] = [sum(canary) / canary.length, sum(baseline) / baseline.length];
  const events = sum(canary) + sum(baseline);
  const rarer = Math.min(events, canary.length + baseline.length - events);
  const size = cohensH(p, q);
  const isLarge = Math.abs(size) >= EFFECT_FLOOR || Math.abs(p - q) >= MIN_POINTS;
  const matters = isLarge && rarer >= MIN_EVENTS;
  return { size, direction: p >= q ? "up" : "down", label: null, baseline: q, canary: p, matters };
};

/** Chance that a canary value exceeds a baseline value, ties counted half: the area under the ROC curve. */
export const chanceOfLarger = (canary: readonly number[], baseline: readonly number[]): number => {
  const sorted = [...baseline].sort((a, b) => a - b);
  const below = (value: number, orEqual: boolean): number => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const at = sorted[middle] ?? 0;
      if (at < value || (orEqual && at === value)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const wins = sum(canary.map((value) => (below(value, false) + below(value, true)) / 2));
  return wins / (canary.length * baseline.length);
};

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
};

interface MovedBin {
  readonly label: string;
  readonly h: number;
  readonly baseline: number;
  readonly canary: number;
}

/** The bin whose share moved the most, of those with enough events; null when none has. */
const mostMoved = ({ names, canary, baseline }: NamedBins): MovedBin | null => {
  const [n, m] = [sum(canary), sum(baseline)];
  const moved = canary.flatMap((count, j) => {
    const before = baseline[j] ?? 0;
    const rarer = Math.min(count + before, n + m - count - before);
    const shares = { canary: count / n, baseline: before / m };
    return rarer < MIN_EVENTS ? [] : [{ label: names[j] ?? "", h: cohensH(shares.canary, shares.baseline), ...shares }];
  });
  const largest = Math.max(0, ...moved.map(({ h }) => Math.abs(h)));
  // Of two labels that share all answers, the rarer one says what happened.
  const candidates = moved.filter(({ h }) => Math.abs(h) >= 0.999 * largest);
  return candidates.sort((a, b) => a.baseline - b.baseline)[0] ?? null;
};

const rankEffect = (canary: readonly number[], baseline: readonly number[]): Effect => {
  const size = Math.SQRT2 * normalQuantile(chanceOfLarger(canary, baseline));
  return {
    size,
    direction: size >= 0 ? "up" : "down",
    label: null,
    baseline: median(baseline),
    canary: median(canary),
    matters: Math.abs(size) >= EFFECT_FLOOR && canary.length + baseline.length >= MIN_EVENTS,
  };
};

/** Where most answers have none of it, ranks and medians hardly move, however much the other answers do. */
const numberEffect = (canary: readonly number[], baseline: readonly number[], bins: NamedBins): Effect => {
  const byRank = rankEffect(canary, baseline);
  const moved = byRank.matters ? null : mostMoved(bins);
  if (moved === null || Math.abs(moved.h) < EFFECT_FLOOR) return byRank;
  const { h: size, ...shares } = moved;
  return { size, direction: "changed", ...shares, matters: true };
};

const labelEffect = (bins: NamedBins): Effect => {
  const { canary, baseline } = bins;
  const [n, m] = [sum(canary), sum(baseline)];
  const size = sum(canary.map((count, j) => Math.abs(count / n - (baseline[j] ?? 0) / m))) / 2;
  const moved = mostMoved(bins);
  return {
    size,
    direction: "changed",
    ...{ label: moved?.label ?? null, baseline: moved?.baseline ?? null, canary: moved?.canary ?? null },
    matters: n + m >= MIN_EVENTS && (size >= MIN_POINTS || Math.abs(moved?.h ?? 0) >= EFFECT_FLOOR),
  };
};

/** How far the two arms' values are apart. Both arms need at least one value. */
export const effectOf = (kind: Measure["kind"], values: ArmValues, bins: NamedBins): Effect => {
  const [canary, baseline] = [values.canary.map(Number), values.baseline.map(Number)];
  switch (kind) {
    case "label":
      return labelEffect(bins);
    case "flag":
      return flagEffect(canary, baseline);
    case "number":
      return numberEffect(canary, baseline, bins);
    default:
      return unreachable(kind);
  }
};
