import type { BaselineRow, BaselineStratum } from "../../core/baseline-row.ts";
import type { ContentPlace } from "../content/read-content.ts";
import { READ_COLUMNS, type ReadRow, readRow } from "../content/read-row.ts";
import type { Database } from "../database.ts";
import { epochOf, momentOf } from "../epoch-sql.ts";
import { baselinesTable } from "../schema/baselines.ts";
import type { Placement } from "../schema/placement.ts";

/** Which examples are read; what came in before `sinceMs` is over. Times are epoch ms. */
export interface BaselineRequest {
  readonly migration: string;
  readonly after: ContentPlace;
  readonly sinceMs: number;
  readonly limit: number;
}

/** See Store.baselinesAfter. */
export const baselinesAfter = async (
  database: Database,
  placement: Placement,
  { migration, after, sinceMs, limit }: BaselineRequest,
): Promise<BaselineRow[]> => {
  const rows = await database.query<ReadRow<BaselineRow>>(
    `SELECT stratum, weight, ${READ_COLUMNS} FROM ${baselinesTable(placement)}
     WHERE migration = {migration:String} AND received_ms > ${momentOf("since")}
       AND (received_ms, trace_id, span_id) > (${momentOf("received")}, {trace:String}, {span:String})
     ORDER BY received_ms, trace_id, span_id LIMIT 1 BY trace_id, span_id LIMIT {limit:UInt64}`,
    {
      ...{ migration, since: Math.floor(sinceMs), received: Math.floor(after.receivedMs), limit },
      ...{ trace: after.traceId, span: after.spanId },
    },
  );
  return rows.map(readRow<BaselineRow>);
};

/** See Store.baselineStrata. */
export const baselineStrata = async (
  database: Database,
  placement: Placement,
  migration: string,
  sinceMs: number,
): Promise<BaselineStratum[]> =>
  database.query<BaselineStratum>(
    `SELECT stratum, toFloat64(count()) AS kept, sum(weight) AS calls, toFloat64(max(${epochOf("received_ms")})) AS newest
     FROM (SELECT stratum, weight, received_ms FROM ${baselinesTable(placement)}
           WHERE migration = {migration:String} AND received_ms > ${momentOf("since")} LIMIT 1 BY trace_id, span_id)
     GROUP BY stratum ORDER BY calls DESC, stratum`,
    { migration, since: Math.floor(sinceMs) },
  );

/** See Store.newestBaselineHour. */
export const newestBaselineHour = async (
  database: Database,
  placement: Placement,
  migration: string,
): Promise<number | null> => {
  const [row] = await database.query<{ hour: number; rows: number }>(
    `SELECT toFloat64(${epochOf("max(hour)")}) AS hour, toFloat64(count()) AS rows FROM ${baselinesTable(placement)}
     WHERE migration = {migration:String}`,
    { migration },
  );
  return row === undefined || row.rows === 0 ? null : row.hour;
};
