import { lgamma } from "../stats/special.ts";
import type { CaseCounts } from "./case-counts.ts";

/** Passes that the candidate could have been dealt. */
export interface DealtPasses {
  /** The least it could have. */
  readonly least: number;
  /** Chance of `least`, `least + 1`, … */
  readonly chances: readonly number[];
}

const logChoose = (n: number, k: number): number => lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);

/**
 * The passes of a case dealt at random among the runs of both models, as they are when the models do not differ in it: the candidate's
 * are hypergeometric.
 */
export const dealtPasses = ({ baseline, candidate }: CaseCounts): DealtPasses => {
  const [passes, runs] = [baseline.passes + candidate.passes, baseline.runs + candidate.runs];
  const least = Math.max(0, passes - baseline.runs);
  const most = Math.min(candidate.runs, passes);
  const all = logChoose(runs, passes);
  const chances = Array.from({ length: most - least + 1 }, (_, at) =>
    Math.exp(logChoose(candidate.runs, least + at) + logChoose(baseline.runs, passes - least - at) - all),
  );
  return { least, chances };
};
