import type { Arm } from "../../core/cohort.ts";
import { seededRandom } from "../../core/seeded-random.ts";
import type { ConfidentAnswer, Estimate } from "./confident-answer.ts";

/** A bounded figure of one answer, whose mean is asked for. */
export interface BoundedValue {
  readonly of: (answer: ConfidentAnswer) => number;
  readonly min: number;
  readonly max: number;
}

/** Means of both arms and canary minus baseline, with intervals at the level they were asked for. */
export interface ArmMeans {
  readonly baseline: Estimate;
  readonly canary: Estimate;
  readonly difference: Estimate;
}

const DRAWS = 1999;
/** Share of the smaller arm's clusters that the other one has too, from which on both are pairs. */
const SHARED = 0.5;

/** Clusters of an arm as numbers, and their sizes and sums. */
interface ArmSums {
  readonly at: Int32Array;
  readonly n: Float64Array;
  readonly sum: Float64Array;
  /** Answers of a cluster, on average. */
  readonly size: number;
  readonly mean: number;
}

const sumsOf = (
  answers: readonly ConfidentAnswer[],
  { of }: BoundedValue,
  ids: ReadonlyMap<string, number>,
): ArmSums => {
  const sums = new Map<number, { n: number; sum: number }>();
  for (const answer of answers) {
    const id = ids.get(answer.cluster) ?? 0;
    const { n, sum } = sums.get(id) ?? { n: 0, sum: 0 };
    sums.set(id, { n: n + 1, sum: sum + of(answer) });
  }
  const all = [...sums.values()];
  const total = all.reduce((sum, each) => sum + each.sum, 0);
  return {
    at: Int32Array.from(sums.keys()),
    n: Float64Array.from(all, ({ n }) => n),
    sum: Float64Array.from(all, ({ sum }) => sum),
    size: answers.length / Math.max(1, all.length),
    mean: total / answers.length,
  };
};

/** Mean of one draw: clusters weighted, and one more that nobody has seen, whose answers are all `unseen`. */
const drawMean = ({ at, n, sum, size }: ArmSums, weights: Float64Array, own: number, unseen: number): number => {
  let [events, total] = [own * size * unseen, own * size];
  for (let i = 0; i < at.length; i++) {
    const weight = weights[at[i] ?? 0] ?? 0;
    events += weight * (sum[i] ?? 0);
    total += weight * (n[i] ?? 0);
  }
  return events / total;
};

const quantile = (sorted: Float64Array, level: number): number =>
  sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(level * (sorted.length + 1)) - 1))] ?? 0;

/** Means with intervals each side of which misses with at most about `alpha` / 2. */
export type MeansAt = (alpha: number) => ArmMeans;

/** The lower end from the draws whose unseen cluster is the lowest possible, the upper from those with the highest. */
const between = (value: number, low: Float64Array, high: Float64Array, alpha: number): Estimate => ({
  ...{ value, lower: Math.min(value, quantile(low.sort(), alpha / 2)) },
  upper: Math.max(value, quantile(high.sort(), 1 - alpha / 2)),
});

const clustersOf = (answers: readonly ConfidentAnswer[], arm: Arm): ReadonlySet<string> =>
  new Set(answers.filter((answer) => answer.arm === arm).map(({ cluster }) => cluster));

/** True where the arms' answers come in pairs: about the same conversations or prompts. */
export const arePairs = (answers: readonly ConfidentAnswer[]): boolean => {
  const [baseline, canary] = [clustersOf(answers, "baseline"), clustersOf(answers, "canary")];
  const shared = [...canary].filter((cluster) => baseline.has(cluster)).length;
  return shared > 0 && shared >= SHARED * Math.min(baseline.size, canary.size);
};

/** Weights as the Bayesian bootstrap draws them. Source: Rubin (1981). */
export const drawWeights = (random: () => number, into: Float64Array): void => {
  for (let i = 0; i < into.length; i++) into[i] = -Math.log(1 - random());
};

/** Every cluster of both arms with a number of its own. */
export const numberClusters = (answers: readonly ConfidentAnswer[]): ReadonlyMap<string, number> => {
  const ids = new Map<string, number>();
  for (const { cluster } of answers) if (!ids.has(cluster)) ids.set(cluster, ids.size);
  return ids;
};

/**
 * Means of a bounded value with intervals by a bootstrap of clusters in
 * which one more cluster stands for what was not seen: with the worst value for one end, the best for the other. For yes and no it
 * is Clopper and Pearson's exact interval; it is never empty, also where all answers are alike. Source: Gaffke (2005), "Three test
 * statistics for a nonparametric one-sided hypothesis on the mean of a nonnegative variable"; docs/calibration.md. The
 * figures of an arm without answers are NaN.
 */
export const weightedMeans = (answers: readonly ConfidentAnswer[], value: BoundedValue, seed: number): MeansAt => {
  const ids = numberClusters(answers);
  const sums = (arm: Arm): ArmSums =>
    sumsOf(
      answers.filter((answer) => answer.arm === arm),
      value,
      ids,
    );
  const [baseline, canary, isPaired] = [sums("baseline"), sums("canary"), arePairs(answers)];
  const random = seededRandom(seed);
  // The last two weigh what was not seen of either arm.
  const weights = new Float64Array(ids.size + 2);
  const draws = (): Float64Array => new Float64Array(DRAWS);
  const [low, high, difference] = [
    { baseline: draws(), canary: draws() },
    { baseline: draws(), canary: draws() },
    { low: draws(), high: draws() },
  ];
  for (let i = 0; i < DRAWS; i++) {
    drawWeights(random, weights);
    const [ofBaseline = 0, other = 0] = weights.subarray(ids.size);
    const ofCanary = isPaired ? ofBaseline : other;
    const [baseLow, baseHigh] = [
      drawMean(baseline, weights, ofBaseline, value.min),
      drawMean(baseline, weights, ofBaseline, value.max),
    ];
    const [canaryLow, canaryHigh] = [
      drawMean(canary, weights, ofCanary, value.min),
      drawMean(canary, weights, ofCanary, value.max),
    ];
    [low.baseline[i], high.baseline[i], low.canary[i], high.canary[i]] = [baseLow, baseHigh, canaryLow, canaryHigh];
    [difference.low[i], difference.high[i]] = [canaryLow - baseHigh, canaryHigh - baseLow];
  }
  return (alpha) => ({
    baseline: between(baseline.mean, low.baseline, high.baseline, alpha),
    canary: between(canary.mean, low.canary, high.canary, alpha),
    difference: between(canary.mean - baseline.mean, difference.low, difference.high, alpha),
  });
};
