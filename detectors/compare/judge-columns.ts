import { seededRandom } from "../../core/seeded-random.ts";
import { logTwoSided, zOfSkewed } from "../stats/normal-tail.ts";
import type { Exchange } from "./exchange.ts";

/** What is asked in one column, in one slot or (`slot` null) in all of them together. */
export interface Question {
  readonly slot: number | null;
  readonly column: number;
  /** Its share of the chance of a false finding, log. */
  readonly logWeight: number;
}

/** What the exchanges say of one question. */
export interface Judged extends Question {
  /** Chance of being as far off if the arms are equal: of this question by itself, and that any of all of them is as rare. */
  readonly pAlone: number;
  readonly p: number;
  /** Positive: the canary has more of it. */
  readonly z: number;
}

/** Answers to all questions. */
export interface Judgement {
  readonly judged: readonly Judged[];
  /** Log p over weight that the rarest of all questions falls below in `alpha` of the exchanges. */
  readonly critical: number;
}

/** Ways of exchanging units that are tried. */
const DRAWS = 1999;

/** Nearer than this to what is expected nothing is found among many questions; it spares the work. */
const MIN_Z = 2;

/** Rounding must not make the same sum a rarer one. */
const SLACK = 1e-4;

interface Places {
  /** Place of each question in the moments. */
  readonly moment: Int32Array;
  readonly scratch: Float64Array;
}

const isTold = (exchange: Exchange, at: number): boolean => (exchange.deviation[at] ?? 0) > 1e-9;

/** Sums of all slots behind those of each: the order of `deviation`. */
const withAll = (sums: Float64Array, { width, slots }: Exchange, into: Float64Array): void => {
  into.set(sums);
  const all = slots * width;
  into.fill(0, all);
  for (let at = 0; at < all; at++) into[all + (at % width)] = (into[all + (at % width)] ?? 0) + (sums[at] ?? 0);
};

/** Log p over weight of one question; Infinity where it is near what is expected. */
const rarity = (sum: number, at: number, { deviation, skewness }: Exchange, logWeight: number): number => {
  const z = sum / (deviation[at] ?? 1);
  if (Math.abs(z) < MIN_Z) return Number.POSITIVE_INFINITY;
  return logTwoSided(Math.max(0, Math.abs(zOfSkewed(z, skewness[at] ?? 0)))) - logWeight;
};

const placesOf = (questions: readonly Question[], { width, slots }: Exchange): Places => ({
  moment: Int32Array.from(questions, ({ slot, column }) => (slot ?? slots) * width + column),
  scratch: new Float64Array((slots + 1) * width),
});

/**
 * Judges all questions at once, by trying what the sums would be if units were exchanged between the arms (Westfall and Young
 * 1993, step down): the chance that any true "nothing changed" is called a change is at most what a `p` is compared with, however
 * the questions hang together. The rarity of each question is read off a gamma distribution with the exchanges' own moments; it
 * only weighs the questions against one another, the level comes from the exchanges. Seeded.
 */
export const judgeColumns = (
  exchange: Exchange,
  questions: readonly Question[],
  alpha: number,
  seed: number,
): Judgement => {
  const random = seededRandom(seed);
  const { moment, scratch } = placesOf(questions, exchange);
  const rarityAt = (q: number): number => {
    const at = moment[q] ?? 0;
    return rarity(scratch[at] ?? 0, at, exchange, questions[q]?.logWeight ?? 0);
  };
  const asked = questions.map((_, q) => q).filter((q) => isTold(exchange, moment[q] ?? 0));
  withAll(exchange.observed, exchange, scratch);
  const own = new Map(asked.map((q) => [q, rarityAt(q)]));
  const zs = new Map(asked.map((q) => [q, (scratch[moment[q] ?? 0] ?? 0) / (exchange.deviation[moment[q] ?? 0] ?? 1)]));
  const byRarity = asked.filter((q) => (own.get(q) ?? 0) < Number.POSITIVE_INFINITY);
  byRarity.sort((a, b) => (own.get(a) ?? 0) - (own.get(b) ?? 0));
  const others = asked.filter((q) => !byRarity.includes(q));
  const rarer = new Uint32Array(byRarity.length);
  const lowest = new Float64Array(DRAWS);
  const sums = new Float64Array(exchange.slots * exchange.width);
  for (let draw = 0; draw < DRAWS; draw++) {
    exchange.draw(random, sums);
    withAll(sums, exchange, scratch);
    let least = Number.POSITIVE_INFINITY;
    for (const q of others) least = Math.min(least, rarityAt(q));
    for (let k = byRarity.length - 1; k >= 0; k--) {
      const q = byRarity[k] ?? 0;
      least = Math.min(least, rarityAt(q));
      if (least <= (own.get(q) ?? 0) + SLACK) rarer[k] = (rarer[k] ?? 0) + 1;
    }
    lowest[draw] = least;
  }
  let p = 0;
  const judged = byRarity.map((q, k): Judged => {
    const question = questions[q] as Question;
    p = Math.max(p, (1 + (rarer[k] ?? 0)) / (1 + DRAWS));
    return { ...question, p, pAlone: Math.exp(Math.min(0, (own.get(q) ?? 0) + question.logWeight)), z: zs.get(q) ?? 0 };
  });
  lowest.sort();
  return { judged, critical: lowest[Math.floor(alpha * DRAWS)] ?? Number.NEGATIVE_INFINITY };
};
