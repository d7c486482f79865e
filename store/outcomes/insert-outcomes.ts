import { OUTCOME_COLUMNS } from "../../core/outcome-row.ts";
import type { Database } from "../database.ts";
import { epochOf, momentOf } from "../epoch-sql.ts";
import { insertLines } from "../insert-lines.ts";
import { OUTCOME_EVENTS, OUTCOME_INSERT_COLUMNS } from "../schema/outcomes.ts";
import type { InsertedRows, RowBatch } from "../store.ts";

const DAY_COLUMN = OUTCOME_COLUMNS.indexOf("received_ms");

/** Adds a batch of outcomes; see Store.insertOutcomes. `store-query` when the batch is not what it says. */
export const insertOutcomes = (database: Database, batch: RowBatch): Promise<InsertedRows> =>
  insertLines(database, { table: OUTCOME_EVENTS, columns: OUTCOME_INSERT_COLUMNS, dayColumn: DAY_COLUMN }, batch);

/** See Store.recentOutcomeKeys. */
export const recentOutcomeKeys = async (database: Database, sinceMs: number, limit: number): Promise<string[]> => {
  const rows = await database.query<{ id: string }>(
    `SELECT id FROM ${OUTCOME_EVENTS}
     WHERE received_ms >= ${momentOf("since")} ORDER BY ${epochOf("received_ms")} DESC LIMIT {limit:UInt64}`,
    { since: Math.floor(sinceMs), limit },
  );
  return rows.map(({ id }) => id);
};
