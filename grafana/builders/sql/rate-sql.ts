import type { CatalogueSignal } from "../../../core/signals.ts";
import { armMean, armSum, samplesOf } from "./sample-sql.ts";

/** 97.5% quantile of the standard normal distribution. */
const Z = 1.96;

/** One edge of the Wilson interval of the canary's rate in one point of the graph. */
const wilson = (sign: "+" | "-"): string => {
  const n = `nullIf(${armSum("n", "canary")}, 0)`;
  const p = `(${armMean("canary")})`;
  const center = `${p} + ${Z ** 2} / (2 * ${n})`;
  const spread = `${Z} * sqrt(${p} * (1 - ${p}) / ${n} + ${Z ** 2} / (4 * ${n} * ${n}))`;
  return `(${center} ${sign} ${spread}) / (1 + ${Z ** 2} / ${n})`;
};

/**
 * Time series of a rate: baseline, canary, and a 95% Wilson interval of each canary point (for the eye; rules are
 * judged by evidence, not by it). `limit` adds the limit in force as a series.
 */
export const rateSeries = (
  signal: CatalogueSignal,
  limit: string | null,
): string => `SELECT $__timeInterval(slot) AS time,
  ${armMean("baseline")} AS baseline,
  ${armMean("canary")} AS canary,
  ${wilson("-")} AS canary_lo,
  ${wilson("+")} AS canary_hi${limit === null ? "" : `,\n  ${limit} AS "limit"`}
FROM ${samplesOf(signal)}
GROUP BY time ORDER BY time`;

/** Time series of the mean of a value signal per arm, of the calls whose value is known. */
export const meanSeries = (signal: CatalogueSignal): string => `SELECT $__timeInterval(slot) AS time,
  ${armMean("baseline")} AS baseline,
  ${armMean("canary")} AS canary
FROM ${samplesOf(signal)}
GROUP BY time ORDER BY time`;
