import { type CaseCounts, differenceOf } from "./case-counts.ts";
import { exchangeTest } from "./exchange-test.ts";
import { chanceAtMargin } from "./within-margin.ts";

/** How many times the cases are repeated in thought. */
const TIMES = [1.25, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64] as const;

/** Nobody writes more cases than that. */
const MOST = 20_000;

/** The cases `times` over; a part of a time takes every so many-th one. */
const repeated = <T>(cases: readonly T[], times: number): readonly T[] =>
  Array.from(
    { length: Math.ceil(cases.length * times) },
    (_, at) => cases[Math.floor(at / times) % cases.length],
  ).filter((each) => each !== undefined);

const LEVEL = 0.05;

const isDecided = (cases: readonly CaseCounts[], margin: number, seed: number): boolean => {
  const { worse, better } = exchangeTest(cases, seed);
  if (Math.min(worse, better) <= LEVEL / 2) return true;
  const differences = cases.map(differenceOf);
  const opposite = differences.map((difference) => -difference);
  return (
    margin > 0 && chanceAtMargin(differences, margin, seed) <= LEVEL && chanceAtMargin(opposite, margin, seed) <= LEVEL
  );
};

/**
 * Cases at which a verdict is foreseen, if further ones are like these; null where it is not, up to 64 times as many. Says what to
 * expect and not what will be: another sample is another one.
 */
export const casesNeeded = (cases: readonly CaseCounts[], margin: number, seed: number): number | null => {
  if (cases.length === 0) return null;
  for (const times of TIMES) {
    const more = repeated(cases, times);
    if (more.length > MOST) return null;
    if (isDecided(more, margin, seed)) return more.length;
  }
  return null;
};

/**
 * Least number of cases, all of them equal, that are equivalent within the margin: fewer never are, however often they are run.
 * Infinite for a margin of 0.
 */
export const leastCases = (margin: number): number =>
  margin === 0 ? Number.POSITIVE_INFINITY : Math.ceil(Math.log(LEVEL) / Math.log1p(-margin));
