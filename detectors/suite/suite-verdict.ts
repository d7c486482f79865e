import { type CaseCounts, differenceOf, isKnown } from "./case-counts.ts";
import { exchangeTest } from "./exchange-test.ts";
import { casesNeeded } from "./more-needed.ts";
import { chanceAtMargin } from "./within-margin.ts";

/** What a suite says of two models. `worse` and `better` are of the candidate: not equivalent. */
export type SuiteWord = "equivalent" | "worse" | "better" | "undecided";

/** The verdict of a whole suite. */
export interface SuiteVerdict {
  readonly word: SuiteWord;
  /** Cases that count: both models have runs of them. */
  readonly cases: number;
  /** Mean share of passes, by case; null without cases. */
  readonly baseline: number | null;
  readonly candidate: number | null;
  /** Candidate less baseline, and the margin it is held against, shares. */
  readonly difference: number | null;
  readonly margin: number;
  /** Chance of this difference on these cases if the models do not differ: that it falls so low, and rises so high. */
  readonly noise: { readonly worse: number; readonly better: number; readonly isExact: boolean };
  /** Chance, at most, of such cases if the candidate was worse by the margin where they come from; and if it was better by it. */
  readonly atMargin: { readonly worse: number; readonly better: number };
  /** Cases, these included, from which on the verdict is foreseen if further ones are like these; null = decided, or none foreseen. */
  readonly casesNeeded: number | null;
}

/** Chance of calling equal models better or worse, half of it each; and of calling models equivalent that differ by the margin. */
export const SUITE_ALPHA = 0.05;

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Chances at the margin; a margin of 0 is never proven. */
const chancesAt = (differences: readonly number[], margin: number, seed: number): SuiteVerdict["atMargin"] =>
  margin === 0 || differences.length === 0
    ? { worse: 1, better: 1 }
    : {
        worse: chanceAtMargin(
          differences.map((difference) => -difference),
          margin,
          seed,
        ),
        better: chanceAtMargin(differences, margin, seed),
      };

const wordOf = ({ noise, atMargin }: Pick<SuiteVerdict, "noise" | "atMargin">): SuiteWord => {
  // What is proven to be within the margin is equivalent, also where it is proven not to be 0.
  if (Math.max(atMargin.worse, atMargin.better) <= SUITE_ALPHA) return "equivalent";
  if (noise.worse <= SUITE_ALPHA / 2) return "worse";
  return noise.better <= SUITE_ALPHA / 2 ? "better" : "undecided";
};

/** What is known of a suite by its tests alone, without a look ahead. `cases` have runs of both models. */
export const suiteWord = (
  cases: readonly CaseCounts[],
  margin: number,
  seed = 1,
): Pick<SuiteVerdict, "word" | "noise" | "atMargin"> => {
  const noise = exchangeTest(cases, seed);
  const atMargin = chancesAt(cases.map(differenceOf), margin, seed);
  return { word: wordOf({ noise, atMargin }), noise, atMargin };
};

/**
 * The verdict of a suite, looked at once. Whether the models differ is asked of these very cases (`exchangeTest`): runs are what
 * varies. Whether they are equivalent is asked of where the cases come from (`chanceAtMargin`): cases are the sample, however often
 * each is run. `margin` is a share from 0 to below 1.
 */
export const suiteVerdict = (cases: readonly CaseCounts[], margin: number, seed = 1): SuiteVerdict => {
  const known = cases.filter(isKnown);
  const differences = known.map(differenceOf);
  const { word, noise, atMargin } = suiteWord(known, margin, seed);
  return {
    ...{ word, cases: known.length, difference: mean(differences), margin, noise, atMargin },
    baseline: mean(known.map(({ baseline }) => baseline.passes / baseline.runs)),
    candidate: mean(known.map(({ candidate }) => candidate.passes / candidate.runs)),
    casesNeeded: word === "undecided" ? casesNeeded(known, margin, seed) : null,
  };
};
