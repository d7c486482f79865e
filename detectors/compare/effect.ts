import type { Arm } from "../../core/cohort.ts";
import { cohensH, EFFECT_FLOOR, MIN_EVENTS, MIN_POINTS } from "../stats/effect-size.ts";
import { normalQuantile } from "../stats/normal-quantile.ts";
import type { Column } from "./columns.ts";
import type { WeightedValue } from "./weighted-values.ts";

/** How far the arms are apart, and which way. */
export interface Effect {
  /** Cohen's h for yes or no, a label or a part of a number's range; d for numbers, from the chance that a canary value is the larger. */
  readonly size: number;
  readonly direction: "up" | "down" | "changed";
  /** The label, or the part of a number's range, that moved; null where the value as a whole went up or down. */
  readonly label: string | null;
  /** Share (flag, label, part of a range) or median (number) of each arm, as if both had the same mix of tasks. */
  readonly baseline: number;
  readonly canary: number;
  /** Large enough to matter: |h| or d of 0.2, or 5 points; |h| of 0.1 in a tail; ten events in both arms together. */
  readonly matters: boolean;
}

/** In a tail, three for one is something although it is few points: timeouts from 1% to 3%. */
const TAIL_FLOOR = 0.1;

const weightOf = (values: readonly WeightedValue[]): number => values.reduce((sum, { weight }) => sum + weight, 0);

const ofArm = (values: readonly WeightedValue[], arm: Arm): readonly WeightedValue[] =>
  values.filter((each) => each.arm === arm);

const shareOf = (values: readonly WeightedValue[]): number =>
  values.reduce((sum, { weight, value }) => sum + weight * value, 0) / weightOf(values);

const inOrder = (values: readonly WeightedValue[]): readonly WeightedValue[] =>
  [...values].sort((a, b) => a.value - b.value);

/** The value below which half of the weight is; between two values where it is exactly half. */
const medianOf = (values: readonly WeightedValue[]): number => {
  const sorted = inOrder(values);
  const half = weightOf(values) / 2;
  let below = 0;
  for (const [at, { value, weight }] of sorted.entries()) {
    below += weight;
    if (Math.abs(below - half) < 1e-9 * half) return (value + (sorted[at + 1]?.value ?? value)) / 2;
    if (below > half) return value;
  }
  return sorted.at(-1)?.value ?? 0;
};

/** Weight of the pairs of one stratum in which the canary's value is the larger one, ties counted half. */
const winsIn = (values: readonly WeightedValue[]): number => {
  const sorted = inOrder(values);
  let [wins, below] = [0, 0];
  for (let from = 0; from < sorted.length; ) {
    const tied: Record<Arm, number> = { canary: 0, baseline: 0 };
    let to = from;
    for (; to < sorted.length && sorted[to]?.value === sorted[from]?.value; to++) {
      const each = sorted[to];
      if (each !== undefined) tied[each.arm] += each.weight;
    }
    wins += tied.canary * (below + tied.baseline / 2);
    below += tied.baseline;
    from = to;
  }
  return wins;
};

/** Chance that a canary value exceeds a baseline value of its stratum, ties counted half: the area under the ROC curve. */
export const chanceOfLarger = (values: readonly WeightedValue[]): number => {
  const strata = new Map<number, WeightedValue[]>();
  for (const each of values) {
    const stratum = strata.get(each.stratum);
    if (stratum === undefined) strata.set(each.stratum, [each]);
    else stratum.push(each);
  }
  let [sum, whole] = [0, 0];
  for (const stratum of strata.values()) {
    const weight = weightOf(ofArm(stratum, "canary"));
    sum += winsIn(stratum) / weight;
    whole += weight;
  }
  return sum / whole;
};

const rarerCount = (values: readonly WeightedValue[]): number => {
  const events = values.filter(({ value }) => value === 1).length;
  return Math.min(events, values.length - events);
};

const directionOf = (event: Column["event"], more: boolean): Effect["direction"] => {
  if (event === null) return more ? "up" : "down";
  if (event.kind === "label" || event.kind === "value") return "changed";
  return more === (event.kind === "at-least") ? "up" : "down";
};

const shareEffect = ({ event }: Column, values: readonly WeightedValue[]): Effect => {
  const [canary, baseline] = [shareOf(ofArm(values, "canary")), shareOf(ofArm(values, "baseline"))];
  const size = cohensH(canary, baseline);
  const isTail = event?.kind === "at-least" || event?.kind === "at-most";
  const isLarge =
    Math.abs(size) >= (isTail ? TAIL_FLOOR : EFFECT_FLOOR) || Math.abs(canary - baseline) >= MIN_POINTS - 1e-9;
  return {
    ...{ size, direction: directionOf(event, canary >= baseline), label: event?.label ?? null, baseline, canary },
    matters: isLarge && rarerCount(values) >= MIN_EVENTS,
  };
};

const rankEffect = (values: readonly WeightedValue[]): Effect => {
  const size = Math.SQRT2 * normalQuantile(chanceOfLarger(values));
  return {
    ...{ size, direction: size >= 0 ? "up" : "down", label: null },
    ...{ baseline: medianOf(ofArm(values, "baseline")), canary: medianOf(ofArm(values, "canary")) },
    matters: Math.abs(size) >= EFFECT_FLOOR && values.length >= MIN_EVENTS,
  };
};

const isFlag = (values: readonly WeightedValue[]): boolean => values.every(({ value }) => value === 0 || value === 1);

/** How far the two arms' values are apart; null where no stratum or block has both. */
export const effectOf = (column: Column, values: readonly WeightedValue[]): Effect | null => {
  if (values.length === 0) return null;
  const isShare = column.measure.kind !== "number" || column.event !== null || isFlag(values);
  return isShare ? shareEffect(column, values) : rankEffect(values);
};
