import { expect, test } from "vitest";
import { dkwRadius, gbHalfWidth, hnLogE, logNcdf, psi } from "../../../bench/detection/formulas.ts";
import { labelLogE } from "../../../detectors/stats/arm-label.ts";
import { type Bin, betLambdas, betLogE } from "../../../detectors/stats/betting.ts";
import { eSR } from "../../../detectors/stats/e-detector.ts";
import { shareLogE } from "../../../detectors/stats/event-share.ts";
import { lse } from "../../../detectors/stats/log-space.ts";
import { createMultiStart } from "../../../detectors/stats/multi-start.ts";
import { oneSampleIncrements, propLogE, propLower, propUpper } from "../../../detectors/stats/one-sample.ts";
import { quantileInterval, quantLogE } from "../../../detectors/stats/quantile.ts";
import { lgamma } from "../../../detectors/stats/special.ts";

// Reference values: re-derived independently with scipy. Relative error allowed: 1e-6.
const close = (actual: number, golden: number): void =>
  expect(Math.abs(actual - golden) / Math.abs(golden)).toBeLessThan(1e-6);

const bernoulli = (events: number, n: number): readonly Bin[] => [
  [1, events],
  [0, n - events],
];
const points = { ratio: 1, delta: 0.05, low: 0, high: 1, sign: 1 } as const;
const labels = { canary: [120, 50, 24, 6], baseline: [2660, 760, 304, 76] };

/** log E after a list of minutes [events, calls]: half of the wealth on the first, the rest on 336 hours. */
const multiStart = (minutes: readonly (readonly [number, number])[], limit: number): number => {
  const process = createMultiStart();
  minutes.forEach(([events, n], t) => {
    const weight = t === 0 ? Math.log(0.5) : t % 60 === 0 ? Math.log(0.5 / 336) : Number.NEGATIVE_INFINITY;
    process.step(oneSampleIncrements(events, n, limit, 1), weight);
  });
  return process.logE();
};

const repeat = <T>(times: number, value: T): T[] => Array.from({ length: times }, () => value);

/** Expected counts per bucket of 20,000 lognormal latencies with median 300 ms, upper edges 900 * 1.01^i. */
const lognormalBuckets = (): Map<number, number> => {
  const ncdf = (edge: number): number => Math.exp(logNcdf(Math.log(edge / 300) / 0.5176));
  const upper = (i: number): number => (i < -400 ? 0 : ncdf(900 * 1.01 ** i));
  return new Map(Array.from({ length: 800 }, (_, j) => [j - 400, 20_000 * (upper(j - 400) - upper(j - 401))]));
};

const cases: readonly (readonly [name: string, actual: () => number, golden: number])[] = [
  ["propLogE 10/100 above 5%", () => propLogE(10, 100, 0.05, 1), 1.030887845],
  ["propLogE 40/300 above 5%", () => propLogE(40, 300, 0.05, 1), 13.09931882],
  ["propLogE pass 0/200 below 5%", () => propLogE(0, 200, 0.05, -1), 8.35312776],
  ["propLogE pass 2/200 below 5%", () => propLogE(2, 200, 0.05, -1), 3.734040456],
  ["propLogE deep null", () => propLogE(4000, 400_000, 0.05, 1), -1700.392119],
  ["propLogE deep pass", () => propLogE(4000, 400_000, 0.05, -1), 9827.802476],
  ["propLogE with a fractional sum", () => propLogE(12.5, 60, 0.1, 1), 1.829548981],
  ["propLower 40/300", () => propLower(40, 300, 0.01), 0.07405318579],
  ["propUpper 40/300", () => propUpper(40, 300, 0.01), 0.2119123756],
  ["propUpper 0/200", () => propUpper(0, 200, 0.05), 0.02126996007],
  ["propLower 100/10000", () => propLower(100, 10_000, 0.05), 0.00729767389],
  ["propUpper 100/10000", () => propUpper(100, 10_000, 0.05), 0.01326030939],
  ["multi-start, first minutes", () => multiStart([[0, 20], [1, 20], [5, 20], [6, 20]], 0.05), 3.241323364], // biome-ignore format: a table
  ["multi-start, late onset", () => multiStart([...repeat(100, [0, 20] as const), ...repeat(30, [6, 20] as const)], 0.05), 56.38703637], // biome-ignore format: a table
  ["cumulative, same data", () => propLogE(180, 2600, 0.05, 1), 7.181723992],
  ["betLambdas first", () => betLambdas(points, 0.08, 0.05)[0] ?? 0, 0.5625],
  ["betLambdas last", () => betLambdas(points, 0.08, 0.05)[11] ?? 0, 0.00204073344],
  ["betLogE of proportions", () => betLogE(points, 0.08, 0.05, { canary: bernoulli(26, 200), baseline: bernoulli(114, 3800) }), 1.416309394], // biome-ignore format: a table
  ["betLogE pass", () => betLogE({ ...points, sign: -1 }, 0.08, 0.05, { canary: bernoulli(6, 300), baseline: bernoulli(171, 5700) }), 6.735188258], // biome-ignore format: a table
  [
    "betLogE of a histogram and a ratio",
    () =>
      betLogE({ ratio: 1.2, delta: 0, low: 0, high: 10, sign: 1 }, 2.4, 0.05, {
        canary: [[1, 50], [2, 60], [4, 40], [8, 20]], // biome-ignore format: a table
        baseline: [[1, 1400], [2, 1200], [4, 500], [8, 130]], // biome-ignore format: a table
      }),
    1.084244116,
  ],
  ["shareLogE worse than baseline", () => shareLogE(20, 190, 0.05, 1), 2.245539917],
  ["shareLogE 20% above baseline", () => shareLogE(20, 190, 0.05, 1.2), 0.9898655327],
  ["quantLogE", () => quantLogE(15, 500, 0.99), 4.762930881],
  ["quantLogE pass", () => quantLogE(2, 2000, 0.99, -1), 11.8415828],
  ["quantile interval, lower bucket", () => quantileInterval(lognormalBuckets(), 0.99, 0.001).lower ?? 0, 5],
  ["quantile interval, upper bucket", () => quantileInterval(lognormalBuckets(), 0.99, 0.001).upper ?? 0, 17],
  ["labelLogE shifted", () => labelLogE(labels, 0.05), 0.3362437489],
  ["labelLogE null", () => labelLogE({ ...labels, canary: [140, 40, 16, 4] }, 0.05), -1.624899267],
  ["psi", () => psi(labels), 0.05037944541],
  ["lse", () => lse([-1000, -1001]), -999.6867383],
  ["lgamma(0.5)", () => lgamma(0.5), 0.5723649429],
  ["lgamma(5400.25)", () => lgamma(5400.25), 41_007.20325],
  ["logNcdf(-10)", () => logNcdf(-10), -53.23128506],
  ["logNcdf(-40)", () => logNcdf(-40), -804.608442],
  ["half-normal mixture", () => hnLogE(0.05, 0.0004, 0.05), 2.386421972],
  ["half-normal mixture, underflow trap", () => hnLogE(-0.04, 1e-7, 0.05), -10.1293414],
  ["GrowthBook-style half-width", () => gbHalfWidth(1, 5000, 0.05), 0.04292433719],
  ["GrowthBook-style half-width, later", () => gbHalfWidth(1, 100_000, 0.05), 0.01055207003],
  ["DKW radius", () => dkwRadius(1000, 0.05), 0.08656912838],
  ["e-SR", () => eSR([[6, 200], [12, 200], [15, 200], [14, 200]], 0.033), 7.366134955], // biome-ignore format: a table
];

test.each(cases)("%s equals its golden value", (_name, actual, golden) => close(actual(), golden));
