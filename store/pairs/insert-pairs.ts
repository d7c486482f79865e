import { PAIR_COLUMNS } from "../../core/pair-row.ts";
import type { Database } from "../database.ts";
import { epochOf, momentOf } from "../epoch-sql.ts";
import { insertLines } from "../insert-lines.ts";
import { PAIR_INSERT_COLUMNS, PAIRS } from "../schema/pairs.ts";
import type { InsertedRows, RowBatch } from "../store.ts";

const DAY_COLUMN = PAIR_COLUMNS.indexOf("received_ms");

/** Adds a batch of pairs; see Store.insertPairs. `store-query` when the batch is not what it says. */
export const insertPairs = (database: Database, batch: RowBatch): Promise<InsertedRows> =>
  insertLines(database, { table: PAIRS, columns: PAIR_INSERT_COLUMNS, dayColumn: DAY_COLUMN }, batch);

/** See Store.recentPairKeys. */
export const recentPairKeys = async (database: Database, sinceMs: number, limit: number): Promise<string[]> => {
  const rows = await database.query<{ id: string }>(
    `SELECT id FROM ${PAIRS}
     WHERE received_ms >= ${momentOf("since")} ORDER BY ${epochOf("received_ms")} DESC LIMIT {limit:UInt64}`,
    { since: Math.floor(sinceMs), limit },
  );
  return rows.map(({ id }) => id);
};
