/** log(exp(a) + exp(b)) without overflow; -Infinity stands for a weight of zero. */
export const lae = (a: number, b: number): number => {
  const high = Math.max(a, b);
  return high === Number.NEGATIVE_INFINITY ? high : high + Math.log1p(Math.exp(-Math.abs(a - b)));
};

/** Log of the sum of exponentials. Empty input gives -Infinity. */
export const lse = (values: ArrayLike<number>): number => {
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) high = Math.max(high, values[i] ?? high);
  if (high === Number.NEGATIVE_INFINITY) return high;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += Math.exp((values[i] ?? 0) - high);
  return high + Math.log(sum);
};

/** The least log e-value that is told: below it an e-value is zero to a computer, and one that is zero has no logarithm. */
export const LEAST_LOG_E: number = Math.log(Number.MIN_VALUE);

/** Log-odds of a probability in (0, 1). */
export const logit = (p: number): number => Math.log(p) - Math.log1p(-p);

/** Probability of a log-odds. */
export const expit = (x: number): number => 1 / (1 + Math.exp(-x));

/** `count * logFactor`, with 0 * -Infinity = 0: an outcome that did not occur costs nothing. */
export const times = (count: number, logFactor: number): number => (count === 0 ? 0 : count * logFactor);
