import type { Passes } from "../../detectors/suite/case-counts.ts";
import type { Outcome } from "./outcome.ts";

/** What a model's runs of one case came to. */
export interface Tally extends Passes {
  /** Runs of which no check could say whether they pass. */
  readonly broken: number;
  /** Runs that have no answer. */
  readonly missing: number;
  /** Runs that the provider refused to answer. */
  readonly refused: number;
  /** Why runs failed or could not be judged, the first few. */
  readonly reasons: readonly string[];
}

/** What became of one run. */
export type Run = Outcome | { readonly is: "missing" } | { readonly is: "refused"; readonly why: string };

const MOST_REASONS = 3;

/**
 * Counts the runs of one model. What the provider refuses is a failure where `hasAnswers` (a model answered the case at all), since the
 * candidate may be the one that does not; else nobody knows.
 */
export const tallyOf = (runs: readonly Run[], hasAnswers: boolean): Tally => {
  const count = (is: Run["is"]): number => runs.filter((run) => run.is === is).length;
  const [passes, refused] = [count("passed"), count("refused")];
  const reasons = new Set(runs.flatMap((run) => ("why" in run ? [run.why] : [])));
  return {
    ...{ passes, runs: passes + count("failed") + (hasAnswers ? refused : 0), refused },
    ...{ broken: count("broken"), missing: count("missing"), reasons: [...reasons].slice(0, MOST_REASONS) },
  };
};
