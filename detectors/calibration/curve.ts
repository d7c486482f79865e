import { binomialInterval } from "../stats/binomial-interval.ts";
import { equalMassBins } from "./bins.ts";
import type { ConfidentAnswer, Estimate } from "./confident-answer.ts";

/** One point of a reliability curve. */
export interface CurveBin {
  readonly n: number;
  /** Lowest and highest confidence in it. */
  readonly from: number;
  readonly to: number;
  /** Mean confidence. */
  readonly confidence: number;
  /** Share of its answers that are right, with its exact binomial interval. */
  readonly right: Estimate;
  /** Standard deviation of that share, never 0. */
  readonly deviation: number;
}

/** A reliability curve. */
export interface Curve {
  readonly bins: readonly CurveBin[];
  /** Factor by which the likeness of answers in one cluster inflates the variance of a share: 1 to the number of answers. */
  readonly designEffect: number;
}

/** Clusters below which how alike their answers are cannot be told, and they are taken for the same. */
const MIN_CLUSTERS = 10;

const shareRight = (answers: readonly ConfidentAnswer[]): number =>
  answers.filter(({ isRight }) => isRight).length / answers.length;

/** From what is left of the outcomes beside their bin's share. Source: Kish (1965), 8.2, for sums of residuals. */
const designEffectOf = (bins: readonly (readonly ConfidentAnswer[])[]): number => {
  const clusters = new Map<string, { n: number; residual: number }>();
  let [n, squares] = [0, 0];
  for (const bin of bins) {
    const share = shareRight(bin);
    for (const { cluster, isRight } of bin) {
      const residual = Number(isRight) - share;
      const sums = clusters.get(cluster) ?? { n: 0, residual: 0 };
      clusters.set(cluster, { n: sums.n + 1, residual: sums.residual + residual });
      squares += residual ** 2;
      n += 1;
    }
  }
  const sums = [...clusters.values()];
  const most = Math.max(1, sums.reduce((sum, each) => sum + each.n ** 2, 0) / Math.max(1, n));
  if (sums.length < MIN_CLUSTERS || squares === 0) return most;
  const between = sums.reduce((sum, { residual }) => sum + residual ** 2, 0) * (sums.length / (sums.length - 1));
  return Math.min(most, Math.max(1, between / squares));
};

const binOf = (answers: readonly ConfidentAnswer[], designEffect: number): CurveBin => {
  const n = answers.length;
  const share = shareRight(answers);
  const confidences = answers.map(({ confidence }) => confidence);
  // As many independent answers as these are worth: rounded down, so that none is made up.
  const worth = Math.max(1, Math.floor(n / designEffect));
  const { lower, upper } = binomialInterval(Math.round(share * worth), worth);
  // Agresti and Coull (1998): two right and two wrong more, so that a bin without an error is not taken for certain.
  const smoothed = (share * worth + 2) / (worth + 4);
  return {
    ...{ n, from: confidences[0] ?? 0, to: confidences.at(-1) ?? 0 },
    confidence: confidences.reduce((sum, each) => sum + each, 0) / n,
    right: { value: share, lower: Math.min(lower, share), upper: Math.max(upper, share) },
    deviation: Math.sqrt((smoothed * (1 - smoothed)) / worth),
  };
};

/** How often answers are right by how confident they are, in bins of about equal mass. Without bins for no answers. */
export const curveOf = (answers: readonly ConfidentAnswer[]): Curve => {
  const bins = equalMassBins(answers);
  const designEffect = designEffectOf(bins);
  return { bins: bins.map((bin) => binOf(bin, designEffect)), designEffect };
};
