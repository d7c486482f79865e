import type { RequestRecord } from "../../demo/fake-provider.ts";
import type { World } from "../../demo/world.ts";
import { eventually } from "./eventually.ts";
import { readStore } from "./read-store.ts";

/** Calls by model and whether they failed: `gpt-4o ok` -> 412. */
export type CallCounts = Readonly<Record<string, number>>;

/** What the provider answered, whatever became of the answer. */
export const answered = (requests: readonly RequestRecord[]): CallCounts => {
  const keys = requests.map(({ model, outcome }) => `${model} ${outcome === "failed" ? "failed" : "ok"}`);
  return Object.fromEntries([...Map.groupBy(keys, (key) => key)].map(([key, all]) => [key, all.length]));
};

const KEY = "concat(request_model, if(error = 1, ' failed', ' ok')) AS call";

/** A call that broke on its way has no status, and the provider may not know of it. */
const ANSWERED = "http_status IS NOT NULL";

const counts = async (url: string, sql: string): Promise<CallCounts> => {
  const rows = await readStore<{ call: string; calls: number }>(url, sql);
  return Object.fromEntries(rows.map(({ call, calls }) => [call, calls]));
};

/** Rows of llm_spans of calls that were answered. */
export const rowsStored = (url: string): Promise<CallCounts> =>
  counts(url, `SELECT ${KEY}, count() AS calls FROM llm_spans WHERE ${ANSWERED} GROUP BY call`);

/** Different calls in llm_spans that were answered. */
export const callsStored = (url: string): Promise<CallCounts> =>
  counts(url, `SELECT ${KEY}, uniqExact(trace_id, span_id) AS calls FROM llm_spans WHERE ${ANSWERED} GROUP BY call`);

/** Different calls in llm_spans by cohort. */
export const callsByCohort = (url: string): Promise<CallCounts> =>
  counts(url, "SELECT toString(cohort) AS call, uniqExact(trace_id, span_id) AS calls FROM llm_spans GROUP BY call");

/** Calls in the ticks, by cohort: what was judged. */
export const callsJudged = (url: string): Promise<CallCounts> =>
  counts(
    url,
    "SELECT toString(cohort) AS call, sum(n) AS calls FROM samples WHERE signal = 'calls' AND segment = '' GROUP BY call",
  );

/** Calls and errors per model of a table of calls or of its minute rollup. */
export const totalsOf = (url: string, table: "llm_spans" | "llm_1m"): Promise<readonly object[]> => {
  const sums =
    table === "llm_1m"
      ? "sum(calls) AS calls, sum(error_sum) AS errors, sum(output_tokens_sum) AS tokens"
      : "count() AS calls, toFloat64(sum(error)) AS errors, toFloat64(sum(output_tokens)) AS tokens";
  return readStore(url, `SELECT request_model, ${sums} FROM ${table} GROUP BY request_model ORDER BY request_model`);
};

/** All calls together. */
export const sum = (all: CallCounts): number => Object.values(all).reduce((total, each) => total + each, 0);

/** Waits until as many calls are stored as `expected`, and three more ticks of a second were judged after that. */
export const settled = async ({ urls }: World, expected: () => number): Promise<void> => {
  await eventually("every call is stored", async () => sum(await callsStored(urls.store)) >= expected());
  const from = Date.now() + 3_000;
  const newest = "SELECT toUnixTimestamp64Milli(max(tick_to)) AS at FROM samples";
  await eventually("later ticks are judged", async () => {
    const [tick] = await readStore<{ at: number }>(urls.store, newest);
    return (tick?.at ?? 0) > from;
  });
};
