import { normalFrom, seededRandom } from "../../../core/seeded-random.ts";

/** Seeded draws; the same seed gives the same draws in the same order. */
export interface Draw {
  /** Uniform in [0, 1). */
  readonly uniform: () => number;
  readonly chance: (probability: number) => boolean;
  /** A whole number in [from, to]. */
  readonly whole: (from: number, to: number) => number;
  /** One of a list that is not empty. */
  readonly pick: <T>(list: readonly T[]) => T;
  /** `count` different ones, in the order of the list. */
  readonly some: <T>(list: readonly T[], count: number) => readonly T[];
  /** One of the names, with these weights. */
  readonly weighted: <T extends string>(weights: Readonly<Record<T, number>>) => T;
  /** exp(N(log median, sd)). */
  readonly lognormal: (median: number, sd: number) => number;
}

/** Draws from `seed`. */
export const drawFrom = (seed: number): Draw => {
  const uniform = seededRandom(seed);
  const pick = <T>(list: readonly T[]): T => {
    const found = list[Math.floor(uniform() * list.length)];
    if (found === undefined) throw new Error("an empty list to pick from");
    return found;
  };
  return {
    uniform,
    pick,
    chance: (probability) => uniform() < probability,
    whole: (from, to) => from + Math.floor(uniform() * (to - from + 1)),
    some: (list, count) => {
      const order = list.map((_, at) => ({ at, by: uniform() })).sort((a, b) => a.by - b.by);
      const kept = new Set(order.slice(0, count).map(({ at }) => at));
      return list.filter((_, at) => kept.has(at));
    },
    weighted: (weights) => {
      const names = Object.keys(weights) as (keyof typeof weights)[];
      let left = uniform() * names.reduce((sum, name) => sum + weights[name], 0);
      const found = names.find((name) => {
        left -= weights[name];
        return left < 0;
      });
      return found ?? pick(names);
    },
    lognormal: (median, sd) => median * Math.exp(sd * normalFrom(uniform)),
  };
};
