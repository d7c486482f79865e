import { lae, lse } from "../../stats/log-space.ts";
import { propUpper } from "../../stats/one-sample.ts";

/** One pair that a person read: 1 = worse, 0 = not; and what the judge says of it, 0 to 1, null where it was not asked. */
export interface Label {
  readonly truth: 0 | 1;
  readonly judged: number | null;
}

/** What is known of a share of pairs: the judge of many, people of few. Labels in the order in which they were given. */
export interface Judged {
  /** Pairs the judge read, those with a label included, and the sum of what it said, each 0 to 1. */
  readonly n: number;
  readonly sum: number;
  readonly labels: readonly Label[];
}

/** Part of alpha that the judge's own mean takes: it rests on many pairs, and its bound is narrow whatever it has. */
const JUDGE_PART = 0.2;

/** How much of the judge counts is one of these, by what the labels before have shown. */
const TRUSTS = [0, 0.25, 0.5, 0.75, 1] as const;
/** How much of it counts before so many labels have come. */
const AT_FIRST = 0.5;
const LEARNED = 8;

/** Sizes of the bets: bold ones find a rate of none at all soonest, timid ones a small distance at all. */
const BETS: readonly number[] = Array.from({ length: 6 }, (_, k) => 0.95 * 0.55 ** k);
const BISECTIONS = 50;

/** Labels that came with the same trust, truth and word: all that the bound needs to know of them. */
interface Bin {
  readonly trust: number;
  readonly truth: number;
  readonly judged: number;
  count: number;
}

/** Sums of the labels so far, of which the next one's trust is made. */
interface Learned {
  n: number;
  truth: number;
  judged: number;
  squares: number;
  products: number;
}

/** The part of the judge's word that is best taken off the truth, by the labels before: its regression on it. */
const trustOf = ({ n, truth, judged, squares, products }: Learned): number => {
  if (n < LEARNED) return AT_FIRST;
  const variance = squares / n - (judged / n) ** 2;
  const slope = variance > 1e-9 ? (products / n - (truth * judged) / n ** 2) / variance : 0;
  return TRUSTS.reduce((best, each) => (Math.abs(each - slope) < Math.abs(best - slope) ? each : best), 0 as number);
};

/** `isCorrected`: false = the judge counts for nothing. */
const binsOf = (labels: readonly Label[], isCorrected: boolean): readonly Bin[] => {
  const bins = new Map<string, Bin>();
  const learned: Learned = { n: 0, truth: 0, judged: 0, squares: 0, products: 0 };
  for (const { truth, judged } of labels) {
    const trust = judged === null || !isCorrected ? 0 : trustOf(learned);
    const key = `${trust} ${truth} ${trust === 0 ? 0 : judged}`;
    const bin = bins.get(key) ?? { trust, truth, judged: judged ?? 0, count: 0 };
    bins.set(key, bin);
    bin.count += 1;
    if (judged === null) continue;
    learned.n += 1;
    learned.truth += truth;
    learned.judged += judged;
    learned.squares += judged * judged;
    learned.products += judged * truth;
  }
  return [...bins.values()];
};

/** Log e-value against "the rate is `rate` or more", where the judge's mean is at most `mean`. */
const logEAgainst = (rate: number, bins: readonly Bin[], mean: number, weight: number): number => {
  const wealth = BETS.map((bet) =>
    bins.reduce((sum, { trust, truth, judged, count }) => {
      const [value, most] = [truth - trust * (judged - mean), 1 + trust * mean];
      return sum + count * weight * Math.log1p((bet * (rate - value)) / (most - rate));
    }, 0),
  );
  return lse(wealth) - Math.log(BETS.length);
};

/** Whether it is proven at `alpha` that the rate is below another. */
const provenBelow = ({ n, sum, labels }: Judged, alpha: number, designEffect: number): ((rate: number) => boolean) => {
  const [corrected, plain] = [binsOf(labels, true), binsOf(labels, false)];
  const mean = propUpper(sum / designEffect, n / designEffect, alpha * JUDGE_PART);
  const threshold = -Math.log(alpha * (1 - JUDGE_PART));
  const logE = (rate: number, bins: readonly Bin[]): number => logEAgainst(rate, bins, mean, 1 / designEffect);
  // Half of the wealth bets on the labels alone: a bad judge then costs no more than log 2.
  return (rate) => lae(logE(rate, corrected), logE(rate, plain)) - Math.LN2 >= threshold;
};

/** The same decision as whether `correctedRate`'s bound is below `rate`, for who asks of one rate alone. */
export const isProvenBelow = (judged: Judged, rate: number, alpha: number, designEffect = 1): boolean =>
  judged.labels.length > 0 && provenBelow(judged, alpha, designEffect)(rate);

/** A bound of a rate, and what it rests on. */
export interface CorrectedRate {
  /** Time-uniform upper bound at `alpha`, 0-1; 1 where nothing is known. */
  readonly upper: number;
  /** The estimate, 0-1; null without labels. */
  readonly value: number | null;
}

/**
 * Upper bound of the share of pairs that people would call worse, from a judge of unknown quality on many pairs and people on
 * few of them, chosen at random: prediction-powered inference as one betting martingale. It holds at every moment at once, and
 * whatever the judge is like: a bad one makes it no narrower than the labels alone. `designEffect`: every label counts for 1 /
 * this many. Source: docs/statistics.md, the judge.
 */
export const correctedRate = ({ n, sum, labels }: Judged, alpha: number, designEffect = 1): CorrectedRate => {
  if (labels.length === 0) return { upper: 1, value: null };
  const isProven = provenBelow({ n, sum, labels }, alpha, designEffect);
  const bins = binsOf(labels, true);
  let [low, high] = [0, 1];
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2;
    if (isProven(middle)) high = middle;
    else low = middle;
  }
  const judgeMean = n > 0 ? sum / n : 0;
  const total = bins.reduce(
    (all, { trust, truth, judged, count }) => all + count * (truth - trust * (judged - judgeMean)),
    0,
  );
  return { upper: high, value: Math.min(1, Math.max(0, total / labels.length)) };
};
