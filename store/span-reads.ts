import type { Exposure } from "../core/ledger.ts";
import type { Database } from "./database.ts";
import { epochOf, momentOf } from "./epoch-sql.ts";
import { SPANS } from "./schema/llm-spans.ts";
import type { Freshness, Store } from "./store.ts";

/** See Store.recentSpanKeys. */
export const recentSpanKeys = async (database: Database, sinceMs: number, limit: number): Promise<string[]> => {
  const rows = await database.query<{ key: string }>(
    `SELECT concat(trace_id, span_id) AS key FROM ${SPANS}
     WHERE received_ms >= ${momentOf("since")} ORDER BY received_ms DESC LIMIT {limit:UInt64}`,
    { since: Math.floor(sinceMs), limit },
  );
  return rows.map(({ key }) => key);
};

interface ExposureRow {
  readonly canary: number;
  readonly baseline: number;
  readonly last: number;
  readonly instances: readonly string[];
}

/** More instances than this are not named one by one. */
const MAX_INSTANCES = 100;

/** See Store.exposure. A call ends after it starts, so the end bounds what has to be read. */
export const exposure = async (
  database: Database,
  { migration, since, until }: { readonly migration: string; readonly since: number; readonly until: number },
): Promise<Exposure> => {
  const [row] = await database.query<ExposureRow>(
    `SELECT
       uniqExactIf((trace_id, span_id), cohort = 'canary') AS canary,
       uniqExactIf((trace_id, span_id), cohort = 'baseline') AS baseline,
       maxIf(${epochOf("start_ms")}, cohort = 'canary') AS last,
       arraySort(groupUniqArrayIf(${MAX_INSTANCES})(instance, cohort = 'canary' AND instance != '')) AS instances
     FROM ${SPANS}
     WHERE migration = {migration:String} AND cohort IN ('canary', 'baseline')
       AND end_ms >= ${momentOf("since")} AND start_ms >= ${momentOf("since")} AND start_ms < ${momentOf("until")}`,
    { migration, since: Math.ceil(since), until: Math.ceil(until) },
  );
  const canaryCalls = row?.canary ?? 0;
  return {
    since,
    until,
    canaryCalls,
    baselineCalls: row?.baseline ?? 0,
    lastCanaryStart: canaryCalls > 0 ? (row?.last ?? null) : null,
    instances: row?.instances ?? [],
  };
};

/** See Store.canaryDuration. */
export const canaryDuration = async (
  database: Database,
  { migration, since, until, quantile }: Parameters<Store["canaryDuration"]>[0],
): Promise<number | null> => {
  const [row] = await database.query<{ value: number; calls: number }>(
    `SELECT quantileExact({quantile:Float64})(duration_ms) AS value, count() AS calls FROM ${SPANS}
     WHERE migration = {migration:String} AND cohort = 'canary'
       AND end_ms >= ${momentOf("since")} AND end_ms < ${momentOf("until")}`,
    { migration, since: Math.floor(since), until: Math.ceil(until), quantile },
  );
  return row !== undefined && row.calls > 0 ? row.value : null;
};

const HOUR_MS = 3_600_000;

/** See Store.freshness. */
export const freshness = async (database: Database, migration: string, nowMs: number): Promise<Freshness> => {
  const [row] = await database.query<{ end: number; received: number; canary: number; baseline: number; any: number }>(
    `SELECT
       max(least(${epochOf("end_ms")}, ${epochOf("received_ms")})) AS end,
       max(${epochOf("received_ms")}) AS received,
       uniqExactIf((trace_id, span_id), cohort = 'canary') AS canary,
       uniqExactIf((trace_id, span_id), cohort = 'baseline') AS baseline,
       count() AS any
     FROM ${SPANS} WHERE migration = {migration:String} AND end_ms >= ${momentOf("since")}`,
    { migration, since: Math.floor(nowMs - HOUR_MS) },
  );
  const seen = row !== undefined && row.any > 0;
  return {
    newestEnd: seen ? row.end : null,
    newestReceived: seen ? row.received : null,
    calls: { canary: row?.canary ?? 0, baseline: row?.baseline ?? 0 },
  };
};
