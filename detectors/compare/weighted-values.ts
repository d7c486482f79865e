import type { Arm } from "../../core/cohort.ts";
import type { Column } from "./columns.ts";
import type { Design } from "./design.ts";
import type { Observation } from "./observation.ts";

/** One known value, and what it counts: in every stratum and block both arms count the same, so that no mix shows. */
export interface WeightedValue {
  readonly arm: Arm;
  readonly stratum: number;
  readonly value: number;
  readonly weight: number;
}

type Sides = Readonly<Record<Arm, readonly number[]>>;

/**
 * The known values of a column in the observations `isIn` lets in, weighted as the test weighs them: n m / (n + m) for each block,
 * and for all others of a stratum.
 */
export const weightedValues = (
  { values }: Column,
  observations: readonly Observation[],
  { blocks, inBlock }: Design,
  strata: Int32Array,
  isIn: (i: number) => boolean,
): readonly WeightedValue[] => {
  const isKnown = (i: number): boolean => isIn(i) && !Number.isNaN(values[i] ?? Number.NaN);
  const loose = new Map<number, Record<Arm, number[]>>();
  observations.forEach(({ arm }, i) => {
    if (inBlock[i] === 1 || !isKnown(i)) return;
    const stratum = strata[i] ?? 0;
    const sides = loose.get(stratum) ?? { canary: [], baseline: [] };
    loose.set(stratum, sides);
    sides[arm].push(i);
  });
  const ofBlocks = blocks.map(({ canary, baseline }) => ({
    canary: canary.filter(isKnown),
    baseline: baseline.filter(isKnown),
  }));
  return [...ofBlocks, ...loose.values()].flatMap((sides: Sides) => {
    const [n, m] = [sides.canary.length, sides.baseline.length];
    if (n === 0 || m === 0) return [];
    const of = (arm: Arm, weight: number): readonly WeightedValue[] =>
      sides[arm].map((i) => ({ arm, weight, stratum: strata[i] ?? 0, value: values[i] ?? 0 }));
    return [...of("canary", m / (n + m)), ...of("baseline", n / (n + m))];
  });
};
