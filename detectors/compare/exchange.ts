import { seededRandom } from "../../core/seeded-random.ts";
import type { Design, Group, Unit } from "./design.ts";
import type { Scores } from "./scores.ts";

/**
 * Sums of scores by unit, ready to be exchanged: rows of `width` numbers. A unit has one row for each slot (stratum) its answers
 * are in.
 */
export interface Exchange {
  readonly width: number;
  readonly slots: number;
  readonly groups: readonly ExchangeGroup[];
  /** Sum of the canary's rows by slot and column, less what is expected of it. */
  readonly observed: Float64Array;
  /** Standard deviation and skewness of it when units are exchanged, by slot and column; then of all slots together. */
  readonly deviation: Float64Array;
  readonly skewness: Float64Array;
  /** Adds to `into` one draw of what `observed` would be. */
  readonly draw: (random: () => number, into: Float64Array) => void;
}

interface Row {
  readonly slot: number;
  readonly values: Float32Array;
}

type Rows = readonly Row[];

interface ExchangeGroup {
  readonly canary: readonly Rows[];
  readonly baseline: readonly Rows[];
}

/** Units drawn for one exchange; where an arm has more, some are put together, which costs next to nothing. */
const MAX_DRAWN = 600;

const rowFor = (rows: Map<number, Float32Array>, slot: number, width: number): Float32Array => {
  const known = rows.get(slot);
  if (known !== undefined) return known;
  const row = new Float32Array(width);
  rows.set(slot, row);
  return row;
};

const asRows = (rows: ReadonlyMap<number, Float32Array>): Rows => [...rows].map(([slot, values]) => ({ slot, values }));

const sumOf = (unit: Unit, { values, width }: Scores, slotOf: Int32Array): Rows => {
  const rows = new Map<number, Float32Array>();
  for (const i of unit) {
    const row = rowFor(rows, slotOf[i] ?? 0, width);
    for (let j = 0; j < width; j++) {
      const score = values[i * width + j] ?? 0;
      if (!Number.isNaN(score)) row[j] = (row[j] ?? 0) + score;
    }
  }
  return asRows(rows);
};

/** Mean of the known scores of a set, by column; NaN where none is known. */
export const meanOf = (unit: Unit, { values, width }: Scores): Float64Array => {
  const [sums, counts] = [new Float64Array(width), new Float64Array(width)];
  for (const i of unit) {
    for (let j = 0; j < width; j++) {
      const score = values[i * width + j] ?? 0;
      if (Number.isNaN(score)) continue;
      sums[j] = (sums[j] ?? 0) + score;
      counts[j] = (counts[j] ?? 0) + 1;
    }
  }
  return sums.map((sum, j) => sum / (counts[j] ?? 0));
};

/** Both sets of a block as weighted means; what only one of them knows says nothing. */
const setsOf = ({ canary, baseline, weight }: Group, scores: Scores, slotOf: Int32Array): ExchangeGroup => {
  const [inCanary, inBaseline] = [canary.flat(), baseline.flat()];
  const [c, b] = [meanOf(inCanary, scores), meanOf(inBaseline, scores)];
  const slot = slotOf[inCanary[0] ?? 0] ?? 0;
  const rowOf = (own: Float64Array, other: Float64Array): Rows => [
    { slot, values: Float32Array.from(own, (mean, j) => (mean - (other[j] ?? 0) || 0) * 0.5 * (weight ?? 1)) },
  ];
  return { canary: [rowOf(c, b)], baseline: [rowOf(b, c)] };
};

const shuffled = <T>(items: readonly T[], random: () => number): T[] => {
  const all = [...items];
  for (let i = all.length - 1; i > 0; i--) {
    const other = Math.floor((i + 1) * random());
    [all[i], all[other]] = [all[other] as T, all[i] as T];
  }
  return all;
};

const together = (units: readonly Rows[], width: number): Rows => {
  const rows = new Map<number, Float32Array>();
  for (const { slot, values } of units.flat()) {
    const row = rowFor(rows, slot, width);
    for (let j = 0; j < width; j++) row[j] = (row[j] ?? 0) + (values[j] ?? 0);
  }
  return asRows(rows);
};

const chunked = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));

const drawnOf = ({ canary, baseline }: ExchangeGroup): number => Math.min(canary.length, baseline.length);

const isPair = ({ canary, baseline }: ExchangeGroup): boolean => canary.length === 1 && baseline.length === 1;

/** Puts units of one arm, and whole pairs, together at random until few enough are drawn. */
const thinned = (groups: readonly ExchangeGroup[], width: number, random: () => number): readonly ExchangeGroup[] => {
  const drawn = groups.reduce((sum, group) => sum + drawnOf(group), 0);
  const size = Math.ceil(drawn / MAX_DRAWN);
  if (size <= 1) return groups;
  const fewer = (units: readonly Rows[]): readonly Rows[] =>
    chunked(shuffled(units, random), size).map((chunk) => together(chunk, width));
  const pairs = chunked(shuffled(groups.filter(isPair), random), size).map((chunk) => ({
    canary: [
      together(
        chunk.flatMap(({ canary }) => canary),
        width,
      ),
    ],
    baseline: [
      together(
        chunk.flatMap(({ baseline }) => baseline),
        width,
      ),
    ],
  }));
  const others = groups
    .filter((group) => !isPair(group))
    .map((group) =>
      drawnOf(group) < 2 * size ? group : { canary: fewer(group.canary), baseline: fewer(group.baseline) },
    );
  return [...pairs, ...others];
};

const addRows = (rows: Rows, into: Float64Array, width: number, sign: number): void => {
  for (const { slot, values } of rows) {
    const at = slot * width;
    for (let j = 0; j < width; j++) into[at + j] = (into[at + j] ?? 0) + sign * (values[j] ?? 0);
  }
};

const addSelected = (units: readonly Rows[], into: Float64Array, width: number, sign: number): void => {
  for (const rows of units) addRows(rows, into, width, sign);
};

/** A unit's rows of all slots as one. */
const wholeOf = (rows: Rows, width: number): Float32Array => {
  const [first] = rows;
  if (rows.length === 1 && first !== undefined) return first.values;
  const [whole] = together([rows.map(({ values }) => ({ slot: 0, values }))], width);
  return whole?.values ?? new Float32Array(width);
};

/** Moments of the sum of `n` of a group's units drawn without putting back. Source: finite populations, Cramér 1946, 27. */
const addMoments = (
  all: readonly Rows[],
  n: number,
  width: number,
  second: Float64Array,
  third: Float64Array,
): void => {
  const total = all.length;
  const bySlot = new Map<number, Float32Array[]>();
  for (const { slot, values } of all.flat()) {
    const rows = bySlot.get(slot);
    if (rows === undefined) bySlot.set(slot, [values]);
    else rows.push(values);
  }
  const varies = (n * (total - n)) / (total * (total - 1));
  const skews = total < 3 ? 0 : (varies * (total - 2 * n)) / (total - 2);
  const add = (rows: readonly Float32Array[], at: number): void => {
    for (let j = 0; j < width; j++) {
      let sum = 0;
      for (const row of rows) sum += row[j] ?? 0;
      const mean = sum / total;
      // Units without a row in this slot have 0 there.
      const absent = total - rows.length;
      let [squares, cubes] = [absent * mean ** 2, absent * (-mean) ** 3];
      for (const row of rows) {
        const off = (row[j] ?? 0) - mean;
        squares += off * off;
        cubes += off * off * off;
      }
      second[at + j] = (second[at + j] ?? 0) + varies * squares;
      third[at + j] = (third[at + j] ?? 0) + skews * cubes;
    }
  };
  for (const [slot, rows] of bySlot) add(rows, slot * width);
  add(
    all.map((rows) => wholeOf(rows, width)),
    (second.length / width - 1) * width,
  );
};

/**
 * Sums the scores by unit. `slotOf` numbers the slot of each observation, below `slots`. Seeded: units are put together at random
 * where there are too many.
 */
export const exchangeOf = (
  design: Design,
  scores: Scores,
  slotOf: Int32Array,
  slots: number,
  seed: number,
): Exchange => {
  const { width } = scores;
  const made = design.groups.map((group): ExchangeGroup => {
    if (group.weight !== null) return setsOf(group, scores, slotOf);
    const rowsOf = (units: readonly Unit[]): readonly Rows[] => units.map((unit) => sumOf(unit, scores, slotOf));
    return { canary: rowsOf(group.canary), baseline: rowsOf(group.baseline) };
  });
  const groups = thinned(made, width, seededRandom(seed));
  const expected = new Float64Array(slots * width);
  const observed = new Float64Array(slots * width);
  const [second, third] = [new Float64Array((slots + 1) * width), new Float64Array((slots + 1) * width)];
  for (const { canary, baseline } of groups) {
    const all = [...canary, ...baseline];
    addSelected(all, expected, width, canary.length / all.length);
    addSelected(canary, observed, width, 1);
    addMoments(all, canary.length, width, second, third);
  }
  for (let at = 0; at < observed.length; at++) observed[at] = (observed[at] ?? 0) - (expected[at] ?? 0);
  const pools = groups.map(({ canary, baseline }) => ({
    units: [...canary, ...baseline],
    picks: Math.min(canary.length, baseline.length),
    sign: canary.length <= baseline.length ? 1 : -1,
  }));
  const start = expected.map((value) => -value);
  for (const { units, sign } of pools) if (sign < 0) addSelected(units, start, width, 1);
  return {
    ...{ width, slots, groups, observed },
    deviation: second.map((value) => Math.sqrt(Math.max(0, value))),
    skewness: third.map((value, at) => (second[at] ? value / (second[at] ?? 1) ** 1.5 : 0)),
    draw: (random, into) => {
      into.set(start);
      for (const { units, picks, sign } of pools) {
        for (let k = 0; k < picks; k++) {
          // The first `picks` of a shuffle; the order of the others is left as it is.
          const other = k + Math.floor((units.length - k) * random());
          const chosen = units[other] as Rows;
          units[other] = units[k] as Rows;
          units[k] = chosen;
          addRows(chosen, into, width, sign);
        }
      }
    },
  };
};
