import { isotonic, type Steps } from "./isotonic.ts";

/**
 * What a threshold is to keep: `precision`, the share of right ones among the answers at or above it; `recall`, the share of the right ones
 * that are at or above it.
 */
export type Kept = "precision" | "recall";

/** One answer more than was seen, at a confidence and of a weight. */
export interface Unseen {
  readonly at: 0 | 1;
  readonly isRight: boolean;
  readonly weight: number;
}

/** Shares that differ by less differ by rounding. */
const SAME = 1e-9;

const sumFrom = (values: Float64Array, first: number): number => {
  let sum = 0;
  for (let i = first; i < values.length; i++) sum += values[i] ?? 0;
  return sum;
};

/** Precision or recall of a threshold; null where nothing is at or above it, or nothing is right. */
export const keptBy = (steps: Steps, threshold: number, keeps: Kept, unseen: Unseen | null): number | null => {
  const first = steps.confidence.findIndex((confidence) => confidence >= threshold);
  const at = first < 0 ? steps.confidence.length : first;
  const more = unseen?.isRight === true ? unseen.weight : 0;
  const isAbove = unseen !== null && unseen.at >= threshold;
  const right = sumFrom(steps.right, at) + (isAbove ? more : 0);
  const of =
    keeps === "precision" ? sumFrom(steps.weight, at) + (isAbove ? unseen.weight : 0) : sumFrom(steps.right, 0) + more;
  return of > 0 ? right / of : null;
};

const withUnseen = ({ confidence, weight, right }: Steps, { at, isRight, weight: own }: Unseen): Steps => {
  const put = (values: Float64Array, value: number): Float64Array => {
    const all = new Float64Array(values.length + 1);
    all.set(values, at === 0 ? 1 : 0);
    all[at === 0 ? 0 : values.length] = value;
    return all;
  };
  return { confidence: put(confidence, at), weight: put(weight, own), right: put(right, isRight ? own : 0) };
};

/** The lowest threshold whose precision, where it never falls with the threshold, is at least `target`; null for none. */
const forPrecision = (steps: Steps, target: number): number | null => {
  const pools = isotonic(steps);
  let [weight, right, found]: [number, number, number | null] = [0, 0, null];
  for (let i = pools.count - 1; i >= 0; i--) {
    weight += pools.weight[i] ?? 0;
    right += pools.right[i] ?? 0;
    if (right < (target - SAME) * weight) break;
    found = steps.confidence[pools.from[i] ?? 0] ?? null;
  }
  return found;
};

/** The highest threshold whose recall is at least `target`; null where nothing is right. */
const forRecall = ({ confidence, right }: Steps, target: number): number | null => {
  const all = sumFrom(right, 0);
  let above = 0;
  for (let i = right.length - 1; i >= 0; i--) {
    above += right[i] ?? 0;
    if (all > 0 && above >= (target - SAME) * all) return confidence[i] ?? null;
  }
  return null;
};

/** The threshold that gives `target` of what is to be kept; null where none does. */
export const thresholdFor = (steps: Steps, target: number, keeps: Kept, unseen: Unseen | null): number | null => {
  const all = unseen === null ? steps : withUnseen(steps, unseen);
  return keeps === "precision" ? forPrecision(all, target) : forRecall(all, target);
};
