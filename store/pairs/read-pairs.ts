import { PAIR_COLUMNS, type PairRow } from "../../core/pair-row.ts";
import type { Database } from "../database.ts";
import { epochOf, momentOf } from "../epoch-sql.ts";
import { PAIRS } from "../schema/pairs.ts";

/** Where reading begins: after the row of this id, among those that came in at this moment. */
export interface PairPlace {
  /** Epoch ms. */
  readonly receivedMs: number;
  /** Empty = before every row of that moment. */
  readonly id: string;
}

/** Which rows are read. */
export interface PairRequest {
  readonly migration: string;
  readonly after: PairPlace;
  /** At most so many. */
  readonly limit: number;
}

/** Names a served call. */
export interface CallKey {
  readonly traceId: string;
  readonly spanId: string;
}

const COLUMNS = PAIR_COLUMNS.map((column) =>
  column === "at_ms" || column === "received_ms" ? `${epochOf(column)} AS ${column}_number` : column,
).join(", ");

interface ReadRow extends Omit<PairRow, "at_ms" | "received_ms"> {
  readonly at_ms_number: number;
  readonly received_ms_number: number;
}

const rowOf = ({ at_ms_number, received_ms_number, ...row }: ReadRow): PairRow => ({
  ...row,
  at_ms: at_ms_number,
  received_ms: received_ms_number,
});

/** See Store.pairById. */
export const pairById = async (database: Database, migration: string, id: string): Promise<PairRow | null> => {
  const [row] = await database.query<ReadRow>(
    `SELECT ${COLUMNS} FROM ${PAIRS} WHERE migration = {migration:String} AND id = {id:String} LIMIT 1`,
    { migration, id },
  );
  return row === undefined ? null : rowOf(row);
};

/** See Store.readPairs. */
export const readPairs = async (database: Database, { migration, after, limit }: PairRequest): Promise<PairRow[]> => {
  const rows = await database.query<ReadRow>(
    `SELECT ${COLUMNS} FROM ${PAIRS}
     WHERE migration = {migration:String}
       AND (received_ms > ${momentOf("received")} OR (received_ms = ${momentOf("received")} AND id > {id:String}))
     ORDER BY received_ms, id LIMIT 1 BY id LIMIT {limit:UInt64}`,
    { migration, received: Math.floor(after.receivedMs), id: after.id, limit },
  );
  return rows.map(rowOf);
};

/** See Store.pairedCalls. */
export const pairedCalls = async (
  database: Database,
  migration: string,
  calls: readonly CallKey[],
): Promise<readonly CallKey[]> => {
  if (calls.length === 0) return [];
  const wanted = new Set(calls.map(({ traceId, spanId }) => traceId + spanId));
  const rows = await database.query<CallKey>(
    `SELECT DISTINCT trace_id AS traceId, span_id AS spanId FROM ${PAIRS}
     WHERE migration = {migration:String} AND kind = 'candidate' AND span_id IN {spans:Array(String)}`,
    { migration, spans: calls.map(({ spanId }) => spanId) },
  );
  return rows.filter(({ traceId, spanId }) => wanted.has(traceId + spanId));
};
