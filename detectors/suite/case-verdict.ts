import { type CaseCounts, differenceOf, isKnown } from "./case-counts.ts";
import { dealtPasses } from "./dealt-passes.ts";

/**
 * What a case says. `same`: both models always pass, or never; `better` and `worse`: of the candidate, beyond noise or all over;
 * `flaky`: runs of a model differ, and the models no more than that; `unknown`: a model has no run that counts.
 */
export type CaseWord = "same" | "better" | "worse" | "flaky" | "unknown";

/** The verdict of a case by itself. */
export interface CaseVerdict {
  readonly word: CaseWord;
  /** Chance of passes that are as far apart or farther where the models do not differ (Fisher, two-sided); null = unknown. */
  readonly noise: number | null;
}

/** Chance of noise up to which a case is told as better or worse. */
const ALPHA = 0.05;

/** Sums of the same chances in another order are the same. */
const NEARLY = 1 + 1e-9;

/** The chance of a table that is no likelier than the one with these passes of the candidate. */
const fisher = (counts: CaseCounts, passes: number): number => {
  const { least, chances } = dealtPasses(counts);
  const own = (chances[passes - least] ?? 0) * NEARLY;
  return Math.min(
    1,
    chances.filter((chance) => chance <= own).reduce((sum, chance) => sum + chance, 0),
  );
};

/** The verdict of a case, by Fisher's exact test; a flip of all runs is told as one however few there are. */
export const caseVerdict = (counts: CaseCounts): CaseVerdict => {
  if (!isKnown(counts)) return { word: "unknown", noise: null };
  const noise = fisher(counts, counts.candidate.passes);
  const difference = differenceOf(counts);
  if (Math.abs(difference) === 1 || (noise <= ALPHA && difference !== 0))
    return { word: difference > 0 ? "better" : "worse", noise };
  const { passes, runs } = counts.baseline;
  return { word: difference === 0 && (passes === 0 || passes === runs) ? "same" : "flaky", noise };
};

/** How many of these cases noise alone would make `worse`, and as many `better`, by the passes that both models have together. */
export const expectedByNoise = (cases: readonly CaseCounts[]): { readonly better: number; readonly worse: number } => {
  let [better, worse] = [0, 0];
  for (const counts of cases.filter(isKnown)) {
    const { least, chances } = dealtPasses(counts);
    const all = counts.baseline.passes + counts.candidate.passes;
    for (const [at, chance] of chances.entries()) {
      const passes = least + at;
      const dealt = {
        baseline: { ...counts.baseline, passes: all - passes },
        candidate: { ...counts.candidate, passes },
      };
      const { word } = caseVerdict(dealt);
      if (word === "better") better += chance;
      if (word === "worse") worse += chance;
    }
  }
  return { better, worse };
};
