import { seededRandom } from "../../../core/seeded-random.ts";

/**
 * Uniform numbers in [0, 1) for long runs. The seeds of mulberry32 are places on one circle of 2^32 numbers, so that
 * hundreds of runs of a hundred million draws would retrace one another; the sum of two, modulo 1, does not.
 */
export const joinedRandom = (seed: number): (() => number) => {
  const [a, b] = [seededRandom(seed), seededRandom(Math.imul(seed, 0x9e3779b1) ^ 0x85ebca6b)];
  return () => {
    const sum = a() + b();
    return sum < 1 ? sum : sum - 1;
  };
};

const CHUNK = 30;

/** A Poisson count, exact: as the sum of counts whose means are small enough to be multiplied out. */
export const poissonFrom = (random: () => number, mean: number): number => {
  let count = 0;
  for (let left = mean; left > 0; left -= CHUNK) {
    const floor = Math.exp(-Math.min(left, CHUNK));
    for (let product = random(); product > floor; product *= random()) count++;
  }
  return count;
};
