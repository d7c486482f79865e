import { logTwoSided } from "../../detectors/stats/normal-tail.ts";
import { type CaseCounts, differenceOf } from "../../detectors/suite/case-counts.ts";

/** A rule that says whether the candidate is worse. */
export type Rule = (cases: readonly CaseCounts[]) => boolean;

const shareOf = (cases: readonly CaseCounts[], side: keyof CaseCounts): number =>
  cases.reduce((sum, each) => sum + each[side].passes / each[side].runs, 0) / cases.length;

/** Like promptfoo's threshold on a pass rate: any drop below the baseline's by more than the margin. */
export const thresholdRule =
  (margin: number): Rule =>
  (cases) =>
    shareOf(cases, "candidate") < shareOf(cases, "baseline") - margin;

/** Two means of all answers as if each was a case of its own, at 5%, two-sided. */
export const twoMeans: Rule = (cases) => {
  const answers = cases.reduce((sum, { baseline }) => sum + baseline.runs, 0);
  const [a, b] = [shareOf(cases, "baseline"), shareOf(cases, "candidate")];
  const error = Math.sqrt((a * (1 - a) + b * (1 - b)) / answers);
  return b < a && logTwoSided((b - a) / error) <= Math.log(0.05);
};

/** A t test of the differences by case, at 5%, two-sided, as a normal one. */
export const pairedMeans: Rule = (cases) => {
  const values = cases.map(differenceOf);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return mean < 0 && logTwoSided(mean / Math.sqrt(variance / values.length)) <= Math.log(0.05);
};
