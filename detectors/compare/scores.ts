import type { Column } from "./columns.ts";

/** Scores of every observation in every column, a row an observation: `values[i * width + j]`; NaN = unknown. */
export interface Scores {
  readonly values: Float32Array;
  readonly width: number;
}

/** Ranks from 0 to 1, ties in the middle, less their mean; of one stratum, in place of its known values. */
const putRanks = (known: readonly number[], values: Float64Array, put: (i: number, score: number) => void): void => {
  const sorted = Float64Array.from(known, (i) => values[i] ?? 0).sort();
  const n = sorted.length;
  const ranks = new Map<number, number>();
  for (let from = 0; from < n; ) {
    let to = from + 1;
    while (to < n && sorted[to] === sorted[from]) to += 1;
    ranks.set(sorted[from] ?? 0, (from + 1 + to) / 2 / (n + 1) - 0.5);
    from = to;
  }
  for (const i of known) put(i, ranks.get(values[i] ?? 0) ?? 0);
};

const putCentred = (known: readonly number[], values: Float64Array, put: (i: number, score: number) => void): void => {
  let sum = 0;
  for (const i of known) sum += values[i] ?? 0;
  const mean = sum / known.length;
  for (const i of known) put(i, (values[i] ?? 0) - mean);
};

/**
 * What each answer says in each column, less what its stratum says on average: yes or no as 1 or 0 (the sum over an arm is then
 * that of Cochran, Mantel and Haenszel), numbers by their rank inside the stratum (that of van Elteren). `members` are the
 * observations of each stratum.
 */
export const scoresOf = (columns: readonly Column[], members: readonly (readonly number[])[], n: number): Scores => {
  const width = columns.length;
  const scores = new Float32Array(n * width).fill(Number.NaN);
  columns.forEach(({ measure, event, values }, j) => {
    const put = (i: number, score: number): void => {
      scores[i * width + j] = score;
    };
    const putAll = measure.kind === "number" && event === null ? putRanks : putCentred;
    for (const stratum of members) {
      const known = stratum.filter((i) => !Number.isNaN(values[i] ?? Number.NaN));
      if (known.length > 0) putAll(known, values, put);
    }
  });
  return { values: scores, width };
};
