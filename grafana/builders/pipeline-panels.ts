import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { Milliseconds, PercentUnit, Short } from "@grafana/grafana-foundation-sdk/units";
import { seriesPanel } from "./panels/series-panel.ts";
import { quoted } from "./placeholder.ts";
import { OF_MIGRATION } from "./sql/ledger-sql.ts";

const OF_SERVICE = `$__conditionalAll(service IN (${quoted("service")}), $service)`;

const callsSql = `SELECT $__timeInterval(minute) AS time, concat(service, ' · ', request_model) AS series, sum(calls) AS calls
FROM llm_1m
WHERE ${OF_MIGRATION} AND ${OF_SERVICE} AND $__timeFilter(minute)
GROUP BY time, series ORDER BY time`;

const lag = (quantile: number): string => `quantile(${quantile})(toFloat64(received_ms - end_ms) * 1000)`;

const lagSql = `SELECT $__timeInterval(end_ms) AS time, ${lag(0.5)} AS "lag p50", ${lag(0.99)} AS "lag p99"
FROM llm_spans
WHERE ${OF_MIGRATION} AND ${OF_SERVICE} AND $__timeFilter(end_ms)
GROUP BY time ORDER BY time`;

const knownSql = `SELECT $__timeInterval(minute) AS time,
  sum(tokens_total_known) / sum(calls) AS tokens,
  sum(cost_usd_known) / sum(calls) AS cost,
  sum(refusal_known) / sum(calls) AS "refusal class",
  sumIf(calls, cohort IN ('baseline', 'canary', 'shadow')) / sum(calls) AS cohort
FROM llm_1m
WHERE ${OF_MIGRATION} AND ${OF_SERVICE} AND $__timeFilter(minute)
GROUP BY time ORDER BY time`;

const errorSql = `SELECT $__timeInterval(end_ms) AS time, concat(cohort, ' · ', error_type) AS series,
  uniqExact(trace_id, span_id) AS calls
FROM llm_spans
WHERE ${OF_MIGRATION} AND ${OF_SERVICE} AND error = 1 AND $__timeFilter(end_ms)
GROUP BY time, series ORDER BY time`;

/** Whether the numbers above can be trusted: who calls, what fails, how late spans come, what they carry. From row `y`. */
export const pipelinePanels = (y: number): readonly Builder<Panel>[] => [
  seriesPanel({
    id: 60,
    title: "Calls by service and model",
    description: "Calls by the service that made them and the model they asked for.",
    at: [0, y, 12, 8],
    sql: callsSql,
    label: "series",
    unit: Short,
  }),
  seriesPanel({
    id: 61,
    title: "Errors by arm and type",
    description: "Failed calls by arm and error type: an HTTP status, an exception class, timeout or aborted.",
    at: [12, y, 12, 8],
    sql: errorSql,
    label: "series",
    unit: Short,
  }),
  seriesPanel({
    id: 62,
    title: "Ingest lag",
    description:
      "From the end of a call to its arrival at the collector. Ticks are closed after the settle time; later calls count in the next tick.",
    at: [0, y + 8, 12, 8],
    sql: lagSql,
    unit: Milliseconds,
  }),
  seriesPanel({
    id: 63,
    title: "Share of calls that carry …",
    description:
      "Rules about a value judge only the calls that carry it. A drop means spans lost an attribute, or a model has no price.",
    at: [12, y + 8, 12, 8],
    sql: knownSql,
    unit: PercentUnit,
  }),
];
