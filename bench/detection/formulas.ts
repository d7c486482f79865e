import type { BinCounts } from "../../detectors/stats/arm-label.ts";

// Methods other tools use, as formulas. They are measured beside ours and never ship.

/** Log of the standard normal distribution function; asymptotic tail below -8, where the direct form underflows. */
export const logNcdf = (x: number): number => {
  if (x > -8) return Math.log(0.5 * erfc(-x / Math.SQRT2));
  const z = x * x;
  const series =
    1 - 1 / z + 3 / z ** 2 - 15 / z ** 3 + 105 / z ** 4 - 945 / z ** 5 + 10_395 / z ** 6 - 135_135 / z ** 7;
  return -z / 2 - 0.5 * Math.log(2 * Math.PI) - Math.log(-x) + Math.log(series);
};

/** Complementary error function for x >= 0 by a continued fraction, for x < 3 by its power series. */
export const erfc = (x: number): number => {
  if (x < 0) return 2 - erfc(-x);
  if (x < 3) {
    let [term, sum] = [x, x];
    for (let n = 1; n < 200; n++) {
      term *= -(x * x) / n;
      sum += term / (2 * n + 1);
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = 0;
  for (let n = 120; n > 0; n--) fraction = n / 2 / (x + fraction);
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
};

/** One-sided half-normal mixture e-value on an estimate with known variance; `scale` = sd of the mixture. */
export const hnLogE = (estimate: number, variance: number, scale: number): number => {
  const total = variance + scale * scale;
  const shift = (estimate * scale) / Math.sqrt(variance * total);
  return Math.log(2) + 0.5 * Math.log(variance / total) + 0.5 * shift * shift + logNcdf(shift);
};

/** Half-width of the asymptotic confidence sequence GrowthBook describes, tuned to n = 5000. */
export const gbHalfWidth = (sd: number, n: number, alpha: number): number => {
  const rho = Math.sqrt((-2 * Math.log(alpha) + Math.log(-2 * Math.log(alpha) + 1)) / 5000);
  const scaled = n * rho * rho + 1;
  return sd * Math.sqrt(((2 * scaled) / (n * n * rho * rho)) * Math.log(Math.sqrt(scaled) / alpha));
};

/** Radius of the time-uniform DKW band of Howard and Ramdas. */
export const dkwRadius = (n: number, alpha: number): number =>
  0.85 * Math.sqrt((Math.log(Math.log(Math.E * n)) + 0.8 * Math.log(1612 / alpha)) / n);

/** KL divergence between Bernoulli(p) and Bernoulli(q). */
export const klBernoulli = (p: number, q: number): number =>
  (p > 0 ? p * Math.log(p / q) : 0) + (p < 1 ? (1 - p) * Math.log((1 - p) / (1 - q)) : 0);

/**
 * Population stability index of the canary's bins against the baseline's, counts smoothed by 0.5. Its bias is about
 * (bins-1)(1/n_canary + 1/n_baseline).
 */
export const psi = ({ canary, baseline }: BinCounts): number => {
  const bins = canary.length;
  const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
  const smoothed = (counts: readonly number[]): readonly number[] =>
    counts.map((count) => (count + 0.5) / (total(counts) + 0.5 * bins));
  const p = smoothed(canary);
  return smoothed(baseline).reduce((sum, q, j) => sum + ((p[j] ?? q) - q) * Math.log((p[j] ?? q) / q), 0);
};
