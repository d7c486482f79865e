import { PAIR_COLUMNS } from "../../core/pair-row.ts";
import type { Database } from "../database.ts";
import { insertLines } from "../insert-lines.ts";
import { recentIds } from "../recent-ids.ts";
import { PAIR_INSERT_COLUMNS, PAIRS } from "../schema/pairs.ts";
import type { InsertedRows, RowBatch } from "../store.ts";

const DAY_COLUMN = PAIR_COLUMNS.indexOf("received_ms");

/** Adds a batch of pairs; see Store.insertPairs. `store-query` when the batch is not what it says. */
export const insertPairs = (database: Database, batch: RowBatch): Promise<InsertedRows> =>
  insertLines(database, { table: PAIRS, columns: PAIR_INSERT_COLUMNS, dayColumn: DAY_COLUMN }, batch);

/** See Store.recentPairKeys. */
export const recentPairKeys = (database: Database, sinceMs: number, limit: number): Promise<string[]> =>
  recentIds(database, PAIRS, sinceMs, limit);
