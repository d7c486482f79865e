import { seededRandom } from "../../core/seeded-random.ts";

/** Orders of the cases over which the bets are averaged. */
const ORDERS = 200;

/** Part of a case that says no, which is reckoned with before the first one: so that nobody bets all he has on little. */
const DOUBT = 0.1;

/** Parts of the largest bet that cannot be lost beyond 0; finer near all of it, where cases agree. */
const PARTS: readonly number[] = [...Array.from({ length: 20 }, (_, at) => at / 20), 0.97, 0.985, 0.993, 0.998];

/** What each bet makes of each value that occurs: `values` x `PARTS`, and the logs. */
interface Factors {
  readonly factors: Float64Array;
  readonly logs: Float64Array;
  /** Of a case that says no. */
  readonly doubt: Float64Array;
}

const factorsOf = (values: readonly number[], margin: number): Factors => {
  const factor = (value: number, part: number): number => 1 + (part / (1 - margin)) * (margin - value);
  const factors = Float64Array.from(values.flatMap((value) => PARTS.map((part) => factor(value, part))));
  return { factors, logs: factors.map(Math.log), doubt: Float64Array.from(PARTS, (part) => Math.log(factor(1, part))) };
};

const shuffle = (order: Int32Array, random: () => number): void => {
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    const kept = order[at] ?? 0;
    order[at] = order[other] ?? 0;
    order[other] = kept;
  }
};

/** Adds what a value was worth to each bet, and says which has grown most. */
const learn = (grown: Float64Array, logs: Float64Array, value: number): number => {
  const width = PARTS.length;
  let best = 0;
  for (let part = 0; part < width; part += 1) {
    grown[part] = (grown[part] ?? 0) + (logs[value * width + part] ?? 0);
    if ((grown[part] ?? 0) > (grown[best] ?? 0)) best = part;
  }
  return best;
};

/** What 1 has become after bets that the mean is below the margin, each of the part that would have grown most before it. */
const wealthOf = (order: Int32Array, { factors, logs, doubt }: Factors): number => {
  const grown = doubt.map((each) => each * DOUBT);
  let [wealth, part] = [1, 0];
  for (const value of order) {
    wealth *= factors[value * PARTS.length + part] ?? 1;
    part = learn(grown, logs, value);
  }
  return wealth;
};

/**
 * Chance, at most, of values like these if the mean of where they come from was `margin` (above 0, below 1) or more. Values are
 * independent and from -1 to 1, and of any distribution, at any number of them: whoever bets on a mean below the margin would gain
 * nothing on average if it was not, so that gains of 20 to 1 are had once in 20 times at most (Markov). How the bets go depends on the
 * order of the cases, which means nothing: it is averaged over 200 orders drawn by `seed`.
 */
export const chanceAtMargin = (values: readonly number[], margin: number, seed = 1): number => {
  const distinct = [...new Set(values)];
  const places = new Map(distinct.map((value, at) => [value, at]));
  const order = Int32Array.from(values, (value) => places.get(value) ?? 0);
  const factors = factorsOf(distinct, margin);
  const random = seededRandom(seed);
  let sum = 0;
  for (let draw = 0; draw < ORDERS; draw += 1) {
    shuffle(order, random);
    sum += wealthOf(order, factors);
  }
  return Math.min(1, ORDERS / sum);
};
