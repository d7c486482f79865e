/** Answers by rising confidence, those of one confidence as one step: the weight of all, and of the right ones. */
export interface Steps {
  readonly confidence: Float64Array;
  readonly weight: Float64Array;
  readonly right: Float64Array;
}

/** Steps put together so that the share of right answers never falls: where each pool begins, and its sums. */
export interface Pools {
  readonly count: number;
  /** Number of the step a pool begins with. */
  readonly from: Int32Array;
  readonly weight: Float64Array;
  readonly right: Float64Array;
}

/**
 * Pools neighbouring steps until the share of right answers never falls: a higher confidence is not worse. Source: Ayer, Brunk, Ewing,
 * Reid and Silverman (1955).
 */
export const isotonic = ({ weight, right }: Steps): Pools => {
  const from = new Int32Array(weight.length);
  const [weights, rights] = [new Float64Array(weight.length), new Float64Array(weight.length)];
  let count = 0;
  for (let i = 0; i < weight.length; i++) {
    let [at, w, r] = [i, weight[i] ?? 0, right[i] ?? 0];
    while (count > 0 && (rights[count - 1] ?? 0) * w >= r * (weights[count - 1] ?? 0)) {
      count -= 1;
      at = from[count] ?? 0;
      w += weights[count] ?? 0;
      r += rights[count] ?? 0;
    }
    from[count] = at;
    weights[count] = w;
    rights[count] = r;
    count += 1;
  }
  return { count, from, weight: weights, right: rights };
};
