import { BUCKET_GROWTH, ZERO_BUCKET } from "../../../core/histogram.ts";
import type { CatalogueSignal } from "../../../core/signals.ts";
import { quoted } from "../placeholder.ts";
import { OF_MIGRATION } from "./ledger-sql.ts";

const SEGMENT = quoted("segment");

/** The chosen segment; `all` is the overall one, whose name is empty. */
export const IN_SEGMENT: string = `segment = if(${SEGMENT} = 'all', '', ${SEGMENT})`;

/** Minutes a tick may reach back for late calls: a sample of a minute is never in a later tick than that. */
const LATE_MINUTES = 11;

/** Bounds minutes by the time range, and ticks too, which are what the table is sorted by. */
const BOUNDED = `$__timeFilter(slot) AND tick_to >= $__fromTime AND tick_to <= $__toTime + INTERVAL ${LATE_MINUTES} MINUTE`;

/** Rows of `samples` of one signal (or `calls`) in the chosen migration, segment and time range. */
export const samplesOf = (signal: CatalogueSignal | "calls"): string =>
  `samples\nWHERE ${OF_MIGRATION} AND signal = '${signal}' AND ${IN_SEGMENT} AND ${BOUNDED}`;

/** Sum of a column over one arm. */
export const armSum = (column: "n" | "sum", arm: "baseline" | "canary"): string =>
  `sumIf(${column}, cohort = '${arm}')`;

/** Rate or mean of one arm; null where the arm has no call whose value is known. */
export const armMean = (arm: "baseline" | "canary"): string => `${armSum("sum", arm)} / nullIf(${armSum("n", arm)}, 0)`;

/** Value in the middle of a logarithmic bucket. */
const bucketMiddle = (bucket: string): string =>
  `if(${bucket} <= ${ZERO_BUCKET}, 0, pow(${BUCKET_GROWTH}, ${bucket} + 0.5))`;

/** Quantile of one arm over rows (bucket, calls); null where the arm has none. */
const armQuantile = (quantile: number, arm: "baseline" | "canary"): string =>
  `if(sumIf(calls, cohort = '${arm}') = 0, NULL, ${bucketMiddle(
    `quantileExactWeightedIf(${quantile})(bucket, calls, cohort = '${arm}')`,
  )})`;

/**
 * Time series of quantiles of a value signal, from its histogram, within 1%. Columns are `baseline` and `canary`, or
 * `baseline p50` and so on for more than one quantile. `extra` is SQL for more columns, with its leading comma.
 */
export const quantileSeries = (signal: CatalogueSignal, quantiles: readonly number[], extra = ""): string => {
  const columns = quantiles.flatMap((quantile) =>
    (["baseline", "canary"] as const).map((arm) => {
      const name = quantiles.length === 1 ? arm : `${arm} p${Math.round(quantile * 100)}`;
      return `  ${armQuantile(quantile, arm)} AS "${name}"`;
    }),
  );
  return `SELECT time,
${columns.join(",\n")}${extra}
FROM (SELECT $__timeInterval(slot) AS time, cohort, toInt32(bin.1) AS bucket, bin.2 AS calls
  FROM (SELECT slot, cohort, arrayJoin(CAST(bins, 'Array(Tuple(String, UInt64))')) AS bin FROM ${samplesOf(signal)}))
GROUP BY time ORDER BY time`;
};
