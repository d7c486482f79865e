import { OUTCOME_COLUMNS } from "../../core/outcome-row.ts";
import type { Database } from "../database.ts";
import { insertLines } from "../insert-lines.ts";
import { recentIds } from "../recent-ids.ts";
import { OUTCOME_EVENTS, OUTCOME_INSERT_COLUMNS } from "../schema/outcomes.ts";
import type { InsertedRows, RowBatch } from "../store.ts";

const DAY_COLUMN = OUTCOME_COLUMNS.indexOf("received_ms");

/** Adds a batch of outcomes; see Store.insertOutcomes. `store-query` when the batch is not what it says. */
export const insertOutcomes = (database: Database, batch: RowBatch): Promise<InsertedRows> =>
  insertLines(database, { table: OUTCOME_EVENTS, columns: OUTCOME_INSERT_COLUMNS, dayColumn: DAY_COLUMN }, batch);

/** See Store.recentOutcomeKeys. */
export const recentOutcomeKeys = (database: Database, sinceMs: number, limit: number): Promise<string[]> =>
  recentIds(database, OUTCOME_EVENTS, sinceMs, limit);
