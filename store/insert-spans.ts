import type { Database } from "./database.ts";
import { insertLines } from "./insert-lines.ts";
import { SPAN_INSERT_COLUMNS, SPANS } from "./schema/llm-spans.ts";
import type { RowBatch } from "./store.ts";

/** Adds a batch of spans; see Store.insertSpans. `store-query` when the batch is not what it says. */
export const insertSpans = (database: Database, batch: RowBatch): Promise<void> =>
  insertLines(database, { table: SPANS, columns: SPAN_INSERT_COLUMNS }, batch);
