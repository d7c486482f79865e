import { unreachable } from "../../core/exhaustive.ts";
import { shortNumber } from "../../core/short-number.ts";
import type { BinCounts } from "../stats/arm-label.ts";
import type { Measure } from "./observation.ts";

/** The known values of one measure, by arm. */
export interface ArmValues {
  readonly canary: readonly (number | string)[];
  readonly baseline: readonly (number | string)[];
}

/** Counts per bin, and what each bin holds in words. */
export interface NamedBins extends BinCounts {
  readonly names: readonly string[];
  /** The bin that holds a value: an index into `names`. */
  readonly slotOf: (value: number | string) => number;
}

const MAX_BINS = 10;
const MIN_LABEL_SHARE = 0.01;

const countInto = (
  values: readonly (number | string)[],
  slots: number,
  slotOf: (value: number | string) => number,
): number[] => {
  const counts = Array.from({ length: slots }, () => 0);
  for (const value of values) counts[slotOf(value)] = (counts[slotOf(value)] ?? 0) + 1;
  return counts;
};

/** Cuts numbers where the pooled values pass each tenth; many ties make fewer bins. */
const cutsOf = (pooled: readonly number[]): readonly number[] => {
  const sorted = [...pooled].sort((a, b) => a - b);
  const cuts = Array.from(
    { length: MAX_BINS - 1 },
    (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / MAX_BINS)] ?? 0,
  );
  // A cut at the lowest value would leave nothing below it.
  return [...new Set(cuts)].filter((cut) => cut > (sorted[0] ?? 0));
};

const namesOf = (cuts: readonly number[]): readonly string[] => [
  ...cuts.map((cut, i) =>
    i === 0 ? `below ${shortNumber(cut)}` : `${shortNumber(cuts[i - 1] ?? 0)} to ${shortNumber(cut)}`,
  ),
  cuts.length === 0 ? "any" : `${shortNumber(cuts.at(-1) ?? 0)} and more`,
];

const binNumbers = ({ canary, baseline }: ArmValues): NamedBins => {
  const [c, b] = [canary.map(Number), baseline.map(Number)];
  const cuts = cutsOf([...c, ...b]);
  const slotOf = (value: number | string): number => cuts.filter((cut) => Number(value) >= cut).length;
  const counts = (values: readonly number[]): number[] => countInto(values, cuts.length + 1, slotOf);
  return { names: namesOf(cuts), slotOf, canary: counts(c), baseline: counts(b) };
};

const binLabels = ({ canary, baseline }: ArmValues): NamedBins => {
  const pooled = [...canary, ...baseline].map(String);
  const counts = new Map<string, number>();
  for (const label of pooled) counts.set(label, (counts.get(label) ?? 0) + 1);
  const labels = [...counts].filter(([, n]) => n >= MIN_LABEL_SHARE * pooled.length).map(([label]) => label);
  const slots = new Map(labels.map((label, i) => [label, i]));
  const slotOf = (value: number | string): number => slots.get(String(value)) ?? labels.length;
  const count = (values: readonly (number | string)[]): number[] => countInto(values, labels.length + 1, slotOf);
  return { names: [...labels, "other"], slotOf, canary: count(canary), baseline: count(baseline) };
};

/**
 * Counts both arms' values in common bins: {no, yes} for flags, tenths of the pooled values for numbers, labels of at
 * least 1% (the rest together). Bins come from both arms alike, so they say nothing about which arm is which.
 */
export const binValues = (kind: Measure["kind"], values: ArmValues): NamedBins => {
  switch (kind) {
    case "number":
      return binNumbers(values);
    case "label":
      return binLabels(values);
    case "flag":
      return {
        names: ["no", "yes"],
        slotOf: Number,
        canary: countInto(values.canary, 2, Number),
        baseline: countInto(values.baseline, 2, Number),
      };
    default:
      return unreachable(kind);
  }
};
