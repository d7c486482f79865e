/** Upper tail of the standard normal for z >= 0: Abramowitz and Stegun 26.2.17, absolute error below 7.5e-8. */
const upperTail = (z: number): number => {
  const t = 1 / (1 + 0.2316419 * z);
  const poly = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * poly;
};

const MAX_Z = 6;

/** The standard normal's quantile at `p` in [0, 1], by bisection; kept within -6 and 6, where 0 and 1 would be infinite. */
export const normalQuantile = (p: number): number => {
  if (p < 0.5) return -normalQuantile(1 - p);
  let [low, high] = [0, MAX_Z];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (upperTail(middle) > 1 - p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
};
