import type { ContentRow } from "../../core/content-row.ts";
import type { Database } from "../database.ts";
import { epochOf, momentOf } from "../epoch-sql.ts";
import { CONTENT, contentPlacement } from "../schema/content.ts";
import { type Placement, tableName } from "../schema/placement.ts";
import { READ_COLUMNS, type ReadRow, readRow } from "./read-row.ts";

/** Where reading begins: after this call, among those that came in at this moment. */
export interface ContentPlace {
  /** Epoch ms. */
  readonly receivedMs: number;
  /** Empty = before every call of that moment. */
  readonly traceId: string;
  readonly spanId: string;
}

/** Which calls' content is read. */
export interface ContentRequest {
  readonly migration: string;
  readonly cohort: "baseline" | "canary" | "shadow";
  readonly after: ContentPlace;
  /** What came in before is over, whether or not it is on disk yet: epoch ms. */
  readonly sinceMs: number;
  /** At most so many. */
  readonly limit: number;
}

/** Which calls of a pair are looked for. */
export interface PairContentRequest {
  readonly migration: string;
  readonly calls: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly sinceMs: number;
}

const from = (placement: Placement): string => tableName(contentPlacement(placement), CONTENT);

/** See Store.contentAfter. */
export const contentAfter = async (
  database: Database,
  placement: Placement,
  { migration, cohort, after, sinceMs, limit }: ContentRequest,
): Promise<ContentRow[]> => {
  const rows = await database.query<ReadRow<ContentRow>>(
    `SELECT ${READ_COLUMNS} FROM ${from(placement)}
     WHERE migration = {migration:String} AND cohort = {cohort:String} AND received_ms > ${momentOf("since")}
       AND (received_ms, trace_id, span_id) > (${momentOf("received")}, {trace:String}, {span:String})
     ORDER BY received_ms, trace_id, span_id LIMIT 1 BY trace_id, span_id LIMIT {limit:UInt64}`,
    {
      ...{ migration, cohort, since: Math.floor(sinceMs), received: Math.floor(after.receivedMs), limit },
      ...{ trace: after.traceId, span: after.spanId },
    },
  );
  return rows.map(readRow<ContentRow>);
};

/** See Store.contentOfCalls. */
export const contentOfCalls = async (
  database: Database,
  placement: Placement,
  { migration, calls, sinceMs }: PairContentRequest,
): Promise<ContentRow[]> => {
  const known = calls.filter(({ spanId }) => spanId !== "");
  if (known.length === 0) return [];
  const wanted = new Set(known.map(({ traceId, spanId }) => traceId + spanId));
  const rows = await database.query<ReadRow<ContentRow>>(
    `SELECT ${READ_COLUMNS} FROM ${from(placement)}
     WHERE migration = {migration:String} AND span_id IN {spans:Array(String)} AND received_ms > ${momentOf("since")}
     ORDER BY received_ms LIMIT 1 BY trace_id, span_id LIMIT 64`,
    { migration, spans: known.map(({ spanId }) => spanId), since: Math.floor(sinceMs) },
  );
  return rows.map(readRow<ContentRow>).filter(({ trace_id, span_id }) => wanted.has(trace_id + span_id));
};

/** See Store.recentContentKeys. */
export const recentContentKeys = async (
  database: Database,
  placement: Placement,
  sinceMs: number,
  limit: number,
): Promise<string[]> => {
  const rows = await database.query<{ key: string }>(
    `SELECT concat(trace_id, span_id) AS key FROM ${from(placement)}
     WHERE received_ms >= ${momentOf("since")} ORDER BY ${epochOf("received_ms")} DESC LIMIT {limit:UInt64}`,
    { since: Math.floor(sinceMs), limit },
  );
  return rows.map(({ key }) => key);
};
