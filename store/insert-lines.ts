import { LeewayError } from "../core/errors.ts";
import type { Database } from "./database.ts";
import type { RowBatch } from "./store.ts";

const NEWLINE = 10;

const countLines = (lines: Uint8Array): number => {
  let count = 0;
  for (let at = lines.indexOf(NEWLINE); at >= 0; at = lines.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
};

/**
 * Adds a batch of rows to a table. Columns are only ever added at the end, so that rows of an older version are named
 * by the first of them. `store-query` when the batch is not what it says.
 */
export const insertLines = async (
  database: Database,
  { table, columns }: { readonly table: string; readonly columns: readonly string[] },
  { token, lines, rows, columns: written = columns.length }: RowBatch,
): Promise<void> => {
  const bytes = Buffer.from(lines);
  const found = countLines(bytes);
  if (found !== rows)
    throw new LeewayError("store-query", `${table}: a batch of ${rows} rows holds ${found} lines; expected as many`);
  if (rows > 0) await database.insert({ table, columns: columns.slice(0, written), lines: bytes, rows, token });
};
