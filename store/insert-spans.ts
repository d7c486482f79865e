import { SPAN_COLUMNS } from "../core/span-row.ts";
import type { Database } from "./database.ts";
import { insertLines } from "./insert-lines.ts";
import { SPAN_INSERT_COLUMNS, SPANS } from "./schema/llm-spans.ts";
import type { InsertedRows, RowBatch } from "./store.ts";

const DAY_COLUMN = SPAN_COLUMNS.indexOf("end_ms");

/** Adds a batch of spans; see Store.insertSpans. `store-query` when the batch is not what it says. */
export const insertSpans = (database: Database, batch: RowBatch): Promise<InsertedRows> =>
  insertLines(database, { table: SPANS, columns: SPAN_INSERT_COLUMNS, dayColumn: DAY_COLUMN }, batch);
