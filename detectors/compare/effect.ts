import type { BinCounts } from "../stats/arm-label.ts";
import { normalQuantile } from "../stats/normal-quantile.ts";
import type { ArmValues } from "./bin-values.ts";
import type { Measure } from "./observation.ts";

/** How far the arms are apart, and which way. */
export interface Effect {
  /** Cohen's h for flags; d for numbers, from the chance that a canary value is the larger one; total variation for labels. */
  readonly size: number;
  readonly direction: "up" | "down" | "changed";
  /** Share (flag) or median (number) of each arm; null for labels. */
  readonly baseline: number | null;
  readonly canary: number | null;
  /** Large enough to matter: |h| (of a label: of one of them) or d of 0.2, or 5 points, with at least ten events in both arms together. */
  readonly matters: boolean;
}

const MIN_EFFECT = 0.2;
const MIN_POINTS = 0.05;
const MIN_EVENTS = 10;

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

const cohensH = (p: number, q: number): number => 2 * Math.asin(Math.sqrt(p)) - 2 * Math.asin(Math.sqrt(q));

const flagEffect = (canary: readonly number[], baseline: readonly number[]): Effect => {
  const [p, q] = [sum(canary) / canary.length, sum(baseline) / baseline.length];
  const events = sum(canary) + sum(baseline);
  const rarer = Math.min(events, canary.length + baseline.length - events);
  const size = cohensH(p, q);
  const isLarge = Math.abs(size) >= MIN_EFFECT || Math.abs(p - q) >= MIN_POINTS;
  return { size, direction: p >= q ? "up" : "down", baseline: q, canary: p, matters: isLarge && rarer >= MIN_EVENTS };
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

const numberEffect = (canary: readonly number[], baseline: readonly number[]): Effect => {
  const size = Math.SQRT2 * normalQuantile(chanceOfLarger(canary, baseline));
  return {
    size,
    direction: size >= 0 ? "up" : "down",
    baseline: median(baseline),
    canary: median(canary),
    matters: Math.abs(size) >= MIN_EFFECT && canary.length + baseline.length >= MIN_EVENTS,
  };
};

/** True when one label went from rare to less rare, or back, by as much as would matter of a flag. */
const labelMoved = ({ canary, baseline }: BinCounts, n: number, m: number): boolean =>
  canary.some((count, j) => {
    const [before, events] = [baseline[j] ?? 0, count + (baseline[j] ?? 0)];
    const rarer = Math.min(events, n + m - events);
    return rarer >= MIN_EVENTS && Math.abs(cohensH(count / n, before / m)) >= MIN_EFFECT;
  });

const labelEffect = (bins: BinCounts): Effect => {
  const { canary, baseline } = bins;
  const [n, m] = [sum(canary), sum(baseline)];
  const moved = canary.map((count, j) => Math.abs(count / n - (baseline[j] ?? 0) / m));
  const size = sum(moved) / 2;
  return {
    size,
    direction: "changed",
    baseline: null,
    canary: null,
    matters: n + m >= MIN_EVENTS && (size >= MIN_POINTS || labelMoved(bins, n, m)),
  };
};

/** How far the two arms' values are apart. Both arms need at least one value. */
export const effectOf = (kind: Measure["kind"], values: ArmValues, bins: BinCounts): Effect => {
  if (kind === "label") return labelEffect(bins);
  const [canary, baseline] = [values.canary.map(Number), values.baseline.map(Number)];
  return kind === "flag" ? flagEffect(canary, baseline) : numberEffect(canary, baseline);
};
