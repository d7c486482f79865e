import { type CaseCounts, differenceOf } from "./case-counts.ts";
import { chanceAtMargin } from "./within-margin.ts";

/** How many times the cases are repeated in thought. */
const TIMES = [1.25, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 512] as const;

/** Nobody writes more cases than that. */
const MOST = 10_000;

const LEVEL = 0.05;

/** Standard deviations from 0 at which models are told apart, at half the level on either side. */
const FAR = 1.96;

/** The cases `times` over; a part of a time takes every so many-th one. */
const repeated = <T>(cases: readonly T[], times: number): readonly T[] =>
  Array.from(
    { length: Math.ceil(cases.length * times) },
    (_, at) => cases[Math.floor(at / times) % cases.length],
  ).filter((each) => each !== undefined);

/** Variance of a case's difference where the models do not differ: its passes are dealt at random among the runs of both. */
const varianceOf = ({ baseline, candidate }: CaseCounts): number => {
  const runs = baseline.runs + candidate.runs;
  const passes = baseline.passes + candidate.passes;
  if (runs < 2) return 0;
  return ((passes / runs) * (1 - passes / runs) * runs * runs) / ((runs - 1) * baseline.runs * candidate.runs);
};

/** Cases at which the models are told apart; what is rare goes by the square of the number. Infinite where they are not. */
const untilApart = (cases: readonly CaseCounts[]): number => {
  const sum = cases.reduce((total, counts) => total + differenceOf(counts), 0);
  const variance = cases.reduce((total, counts) => total + varianceOf(counts), 0);
  return sum === 0 ? Number.POSITIVE_INFINITY : Math.ceil((cases.length * FAR * FAR * variance) / (sum * sum));
};

const isWithin = (differences: readonly number[], margin: number, seed: number): boolean =>
  chanceAtMargin(differences, margin, seed) <= LEVEL &&
  chanceAtMargin(
    differences.map((difference) => -difference),
    margin,
    seed,
  ) <= LEVEL;

/** Cases at which they are equivalent; infinite where that is not foreseen. */
const untilWithin = (cases: readonly CaseCounts[], margin: number, seed: number, most: number): number => {
  const differences = cases.map(differenceOf);
  const mean = differences.reduce((total, difference) => total + difference, 0) / cases.length;
  if (Math.abs(mean) >= margin) return Number.POSITIVE_INFINITY;
  for (const times of TIMES) {
    const more = repeated(differences, times);
    if (more.length > most) break;
    if (isWithin(more, margin, seed)) return more.length;
  }
  return Number.POSITIVE_INFINITY;
};

/**
 * Cases at which a verdict is foreseen, if further ones are like these; null where it is not, up to 10,000 of them. Says what to expect
 * and not what will be: another sample is another one.
 */
export const casesNeeded = (cases: readonly CaseCounts[], margin: number, seed: number): number | null => {
  if (cases.length === 0) return null;
  const apart = Math.max(cases.length + 1, untilApart(cases));
  const needed = Math.min(apart, untilWithin(cases, margin, seed, Math.min(MOST, apart)));
  return needed <= MOST ? needed : null;
};

/**
 * Least number of cases, all of them equal, that are equivalent within the margin: fewer never are, however often they are run.
 * Infinite for a margin of 0.
 */
export const leastCases = (margin: number): number =>
  margin === 0 ? Number.POSITIVE_INFINITY : Math.ceil(Math.log(LEVEL) / Math.log1p(-margin));
