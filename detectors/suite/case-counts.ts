/** How often a model passed a case, of the runs of which it is known whether it did. */
export interface Passes {
  readonly passes: number;
  readonly runs: number;
}

/** What both models made of one case. */
export interface CaseCounts {
  readonly baseline: Passes;
  readonly candidate: Passes;
}

/** True where both models have a run that counts. */
export const isKnown = ({ baseline, candidate }: CaseCounts): boolean => baseline.runs > 0 && candidate.runs > 0;

/** Share of passes of the candidate less that of the baseline, -1 to 1. Both need runs. */
export const differenceOf = ({ baseline, candidate }: CaseCounts): number =>
  candidate.passes / candidate.runs - baseline.passes / baseline.runs;
