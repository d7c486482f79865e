// Chebyshev fit of erfc (Numerical Recipes, 3rd ed., 6.2.2, erfcc): relative error below 1.2e-7 everywhere.
const ERFC = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
  0.17087277,
] as const;

/** Log of the chance that a standard normal number is at least `z` away from 0, either way; exact far out, where it has no double. */
export const logTwoSided = (z: number): number => {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.5 * x);
  let poly = 0;
  for (let i = ERFC.length - 1; i >= 0; i--) poly = poly * t + (ERFC[i] ?? 0);
  return Math.log(t) - x * x + poly;
};

/** The z of 0 and up whose `logTwoSided` is `logP` (0 or less). */
export const zOfLogTwoSided = (logP: number): number => {
  let [low, high] = [0, 2 + Math.sqrt(2 * Math.max(0, -logP))];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (logTwoSided(middle) > logP) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
};

/** The normal z as rare as a `t` of Student with `df` degrees of freedom. Source: Wallace 1959, within 0.05 from df = 4 on. */
export const zOfStudent = (t: number, df: number): number =>
  ((8 * df + 1) / (8 * df + 3)) * Math.sqrt(df * Math.log1p((t * t) / df));

/** The inverse of `zOfStudent`, for z of 0 and up. */
export const studentOfZ = (z: number, df: number): number =>
  Math.sqrt(df * Math.expm1(((z * (8 * df + 3)) / (8 * df + 1)) ** 2 / df));

/**
 * The normal z of the same rarity as `z` standard deviations of a distribution with this skewness, as a gamma distribution has
 * it (Wilson and Hilferty 1931). Counts of rare events are skewed: 3 deviations above are nothing, 3 below cannot be.
 */
export const zOfSkewed = (z: number, skewness: number): number => {
  if (Math.abs(skewness) < 1e-4) return z;
  const [sign, skew] = skewness > 0 ? [1, skewness] : [-1, -skewness];
  const inner = Math.max(0, (skew * sign * z) / 2 + 1);
  return sign * ((6 / skew) * (Math.cbrt(inner) - 1) + skew / 6);
};
