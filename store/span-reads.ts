import { DAY_MS } from "../core/retention.ts";
import type { KnownRow } from "../core/span-row.ts";
import type { Database } from "./database.ts";
import { epochOf, momentOf } from "./epoch-sql.ts";
import { SPANS } from "./schema/llm-spans.ts";
import type { Freshness } from "./store.ts";

/** See Store.recentSpanKeys. */
export const recentSpanKeys = async (database: Database, sinceMs: number, limit: number): Promise<string[]> => {
  const rows = await database.query<{ key: string }>(
    `SELECT concat(trace_id, span_id) AS key FROM ${SPANS}
     WHERE received_ms >= ${momentOf("since")} ORDER BY received_ms DESC LIMIT {limit:UInt64}`,
    { since: Math.floor(sinceMs), limit },
  );
  return rows.map(({ key }) => key);
};

interface RecentRow extends Omit<KnownRow, "start_ms" | "end_ms"> {
  readonly start: number;
  readonly end: number;
}

/** See Store.recentCalls. */
export const recentCalls = async (database: Database, sinceMs: number, limit: number): Promise<readonly KnownRow[]> => {
  const rows = await database.query<RecentRow>(
    `SELECT trace_id, span_id, parent_span_id, ${epochOf("start_ms")} AS start, ${epochOf("end_ms")} AS end,
       service, scope, request_model, response_model, response_id, input_tokens, output_tokens, cached_tokens, clock_skew_ms
     FROM ${SPANS} WHERE received_ms >= ${momentOf("since")} AND end_ms >= ${momentOf("oldest")}
     ORDER BY received_ms DESC LIMIT {limit:UInt64}`,
    { since: Math.floor(sinceMs), oldest: Math.floor(sinceMs - DAY_MS), limit },
  );
  return rows.map(({ start, end, ...row }) => ({ ...row, start_ms: start, end_ms: end }));
};

const HOUR_MS = 3_600_000;

/** See Store.freshness. */
export const freshness = async (database: Database, migration: string, nowMs: number): Promise<Freshness> => {
  const [row] = await database.query<{
    end: number;
    received: number;
    canary: number;
    baseline: number;
    any: number;
    answered: number;
    names: string[];
  }>(
    `SELECT
       max(least(${epochOf("end_ms")}, ${epochOf("received_ms")})) AS end,
       max(${epochOf("received_ms")}) AS received,
       uniqExactIf((trace_id, span_id), cohort = 'canary') AS canary,
       uniqExactIf((trace_id, span_id), cohort = 'baseline') AS baseline,
       uniqExactIf((trace_id, span_id), cohort = 'baseline' AND error = 0) AS answered,
       groupUniqArrayArray(100)(mapKeys(segments)) AS names,
       count() AS any
     FROM ${SPANS} WHERE migration = {migration:String} AND end_ms >= ${momentOf("since")}`,
    { migration, since: Math.floor(nowMs - HOUR_MS) },
  );
  const seen = row !== undefined && row.any > 0;
  return {
    newestEnd: seen ? row.end : null,
    newestReceived: seen ? row.received : null,
    calls: { canary: row?.canary ?? 0, baseline: row?.baseline ?? 0 },
    answered: row?.answered ?? 0,
    segments: row?.names ?? [],
  };
};
