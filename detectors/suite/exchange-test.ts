import { seededRandom } from "../../core/seeded-random.ts";
import { type CaseCounts, differenceOf } from "./case-counts.ts";
import { type DealtPasses, dealtPasses } from "./dealt-passes.ts";

/** How rare the difference is where the models do not differ. */
export interface ExchangeResult {
  /** Chance that the candidate falls as low or lower; and rises as high or higher. One-sided. */
  readonly worse: number;
  readonly better: number;
  /** True where every deal was counted; else 9,999 were drawn. */
  readonly isExact: boolean;
}

/** Deals that are drawn where they cannot be counted. */
const DRAWS = 9999;

/** Sums of the same differences in another order are the same. */
const NEARLY = 1e-9;

/** The sum of independent counts. Chances of 0 at the ends are kept: they cost nothing that matters. */
const sumOf = (all: readonly DealtPasses[]): Float64Array =>
  all.reduce<Float64Array>((sum, { chances }) => {
    const next = new Float64Array(sum.length + chances.length - 1);
    for (let at = 0; at < sum.length; at += 1) {
      const own = sum[at] ?? 0;
      if (own === 0) continue;
      for (let more = 0; more < chances.length; more += 1)
        next[at + more] = (next[at + more] ?? 0) + own * (chances[more] ?? 0);
    }
    return next;
  }, Float64Array.of(1));

/** Where all cases have as many runs, the difference goes by the candidate's passes alone, whose chances are counted. */
const counted = (cases: readonly CaseCounts[], dealt: readonly DealtPasses[]): ExchangeResult => {
  const chances = sumOf(dealt);
  const least = dealt.reduce((sum, each) => sum + each.least, 0);
  const passes = cases.reduce((sum, { candidate }) => sum + candidate.passes, 0) - least;
  const between = (from: number, to: number): number =>
    Math.min(
      1,
      chances.subarray(from, to).reduce((sum, chance) => sum + chance, 0),
    );
  return { worse: between(0, passes + 1), better: between(passes, chances.length), isExact: true };
};

/** One of the values that a case can have, by its chance. */
const drawOf = ({ least, chances }: DealtPasses, random: () => number): number => {
  let left = random();
  let at = 0;
  while (at < chances.length - 1 && left >= (chances[at] ?? 0)) {
    left -= chances[at] ?? 0;
    at += 1;
  }
  return least + at;
};

const drawn = (cases: readonly CaseCounts[], dealt: readonly DealtPasses[], seed: number): ExchangeResult => {
  const random = seededRandom(seed);
  const steps = cases.map(({ baseline, candidate }) => 1 / candidate.runs + 1 / baseline.runs);
  const base = cases.map(({ baseline, candidate }) => (baseline.passes + candidate.passes) / baseline.runs);
  const observed = cases.reduce((sum, counts) => sum + differenceOf(counts), 0);
  let [worse, better] = [1, 1];
  for (let draw = 0; draw < DRAWS; draw += 1) {
    let sum = 0;
    for (const [at, each] of dealt.entries()) sum += drawOf(each, random) * (steps[at] ?? 0) - (base[at] ?? 0);
    if (sum <= observed + NEARLY) worse += 1;
    if (sum >= observed - NEARLY) better += 1;
  }
  return { worse: worse / (DRAWS + 1), better: better / (DRAWS + 1), isExact: false };
};

/**
 * Whether the models differ on these cases: inside each case the passes are dealt at random among the runs of both, and the mean
 * difference of the deals is held against the one that was seen. Exact for any number of cases and runs; a case that all runs of both
 * pass, or none, says nothing. Every case needs runs of both models.
 */
export const exchangeTest = (cases: readonly CaseCounts[], seed = 1): ExchangeResult => {
  const telling = cases.filter(({ baseline, candidate }) => {
    const passes = baseline.passes + candidate.passes;
    return passes > 0 && passes < baseline.runs + candidate.runs;
  });
  const [first] = telling;
  if (first === undefined) return { worse: 1, better: 1, isExact: true };
  const dealt = telling.map(dealtPasses);
  const isEven = telling.every(
    ({ baseline, candidate }) => baseline.runs === first.baseline.runs && candidate.runs === first.candidate.runs,
  );
  return isEven ? counted(telling, dealt) : drawn(telling, dealt, seed);
};
