import { CONTENT_COLUMNS } from "../../core/content-row.ts";
import { LeewayError } from "../../core/errors.ts";
import type { Database } from "../database.ts";
import { insertLines } from "../insert-lines.ts";
import { CONTENT, CONTENT_INSERT_COLUMNS, contentPlacement } from "../schema/content.ts";
import { type Placement, tableName } from "../schema/placement.ts";
import type { InsertedRows, RowBatch } from "../store.ts";

const DAY_COLUMN = CONTENT_COLUMNS.indexOf("received_ms");

/** See Store.insertContent. What the database says of a batch may quote from it, and is told to nobody. */
export const insertContent = async (
  database: Database,
  placement: Placement,
  batch: RowBatch,
): Promise<InsertedRows> => {
  const table = tableName(contentPlacement(placement), CONTENT);
  try {
    return await insertLines(database, { table, columns: CONTENT_INSERT_COLUMNS, dayColumn: DAY_COLUMN }, batch);
  } catch (error) {
    const code = error instanceof LeewayError ? error.code : "store-query";
    throw new LeewayError(code, `${CONTENT}: the store did not take ${batch.rows} rows of content`);
  }
};
