import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { Milliseconds, PercentUnit, Short } from "@grafana/grafana-foundation-sdk/units";
import { type SeriesSpec, seriesPanel } from "./panels/series-panel.ts";
import { meanSeries, rateSeries } from "./sql/rate-sql.ts";
import { armSum, quantileSeries, samplesOf } from "./sql/sample-sql.ts";
import { limitOf } from "./sql/verdict-sql.ts";

const callsSql = `SELECT $__timeInterval(slot) AS time,
  ${armSum("n", "baseline")} AS baseline,
  ${armSum("n", "canary")} AS canary
FROM ${samplesOf("calls")}
GROUP BY time ORDER BY time`;

const ratioSql = `SELECT $__timeInterval(slot) AS time,
  ${armSum("n", "canary")} / nullIf(sum(n), 0) AS "canary observed",
  avg(share) AS configured
FROM ${samplesOf("calls")}
GROUP BY time ORDER BY time`;

const BAND = "The band is a 95% interval of each canary point, for the eye; rules are judged by the evidence below.";

const rates: readonly Omit<SeriesSpec, "at">[] = [
  {
    id: 20,
    title: "Error rate",
    description: `Calls that ended in an error. Dashed red: the tightest limit now in force. ${BAND}`,
    sql: rateSeries("error", limitOf("error")),
    unit: PercentUnit,
  },
  {
    id: 21,
    title: "Refusals",
    description: `Answers that refuse (hard, inability or soft), of those whose text was seen. ${BAND}`,
    sql: rateSeries("refusal", null),
    unit: PercentUnit,
  },
  {
    id: 22,
    title: "Valid JSON, of answers asked for JSON",
    description: `Answers that parse, of the calls that asked for JSON. ${BAND}`,
    sql: rateSeries("json_valid", null),
    unit: PercentUnit,
  },
];

const latencies: readonly Omit<SeriesSpec, "at">[] = [
  {
    id: 23,
    title: "Latency p50",
    description: "Median time from request to last byte of calls without error, within 1%.",
    sql: quantileSeries("latency_ms", [0.5]),
    unit: Milliseconds,
  },
  {
    id: 24,
    title: "Latency p95",
    description: "95th percentile from request to last byte of calls without error, within 1%.",
    sql: quantileSeries("latency_ms", [0.95]),
    unit: Milliseconds,
  },
  {
    id: 25,
    title: "Latency p99",
    description: "99th percentile, within 1%. Dashed red: the tightest limit now in force, on the canary's scale.",
    sql: quantileSeries("latency_ms", [0.99], `,\n  ${limitOf("latency_ms.p99")} AS "limit"`),
    unit: Milliseconds,
  },
];

const amounts: readonly Omit<SeriesSpec, "at">[] = [
  {
    id: 26,
    title: "Time to first token, p50 and p95",
    description: "Request to first content chunk of streamed calls, within 1%. The median is dashed.",
    sql: quantileSeries("ttft_ms", [0.5, 0.95]),
    unit: Milliseconds,
  },
  {
    id: 27,
    title: "Tokens per call",
    description: "Mean of prompt and answer tokens, cached ones included, of calls that report both.",
    sql: meanSeries("tokens_total"),
    unit: Short,
  },
  {
    id: 28,
    title: "Cost per call",
    description: "Mean price of the calls whose model has a known price.",
    sql: meanSeries("cost_usd"),
    unit: "currencyUSD",
  },
];

const counts: readonly Omit<SeriesSpec, "at">[] = [
  {
    id: 29,
    title: "Calls",
    description: "Judged calls per arm and bucket of time, each call counted once.",
    sql: callsSql,
    unit: Short,
  },
  {
    id: 30,
    title: "Sample ratio",
    description:
      "Canary share of the judged calls against the share configured. A gap that stays means calls of one arm are lost or sent elsewhere.",
    sql: ratioSql,
    unit: PercentUnit,
  },
];

const rowOf = (specs: readonly Omit<SeriesSpec, "at">[], y: number): Builder<Panel>[] =>
  specs.map((spec, index) => {
    const w = 24 / specs.length;
    return seriesPanel({ ...spec, at: [index * w, y, w, 8] });
  });

/** Baseline against canary, from row `y`: harm first, then speed, amounts and the ratio of the arms. */
export const armComparison = (y: number): readonly Builder<Panel>[] =>
  [rates, latencies, amounts, counts].flatMap((specs, index) => rowOf(specs, y + index * 8));
