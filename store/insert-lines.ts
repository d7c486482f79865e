import { LeewayError } from "../core/errors.ts";
import type { Database } from "./database.ts";
import { insertAroundRefusals } from "./insert-around-refusals.ts";
import { groupDays, linesByDay, MAX_DAYS_PER_INSERT } from "./rows-by-day.ts";
import type { InsertedRows, RowBatch } from "./store.ts";

/** Where rows go. */
export interface RowTable {
  readonly table: string;
  readonly columns: readonly string[];
  /** Index of the column that the table is partitioned by: epoch ms, one partition for each day. */
  readonly dayColumn: number;
}

/**
 * Adds a batch of rows to a table, those of many days in several inserts. Columns are only ever added at the end, so that
 * rows of an older version are named by the first of them. Resolves with the rows that the database refused for what they
 * say; all others are in the table. `store-query` when the batch is not what it says.
 */
export const insertLines = async (
  database: Database,
  { table, columns, dayColumn }: RowTable,
  { token, lines, rows, columns: written = columns.length }: RowBatch,
): Promise<InsertedRows> => {
  const found = linesByDay(Buffer.from(lines), dayColumn);
  if (found.length !== rows)
    throw new LeewayError(
      "store-query",
      `${table}: a batch of ${rows} rows holds ${found.length} lines; expected as many`,
    );
  const insert = (some: readonly Uint8Array[], name: string): Promise<void> =>
    database.insert({
      table,
      columns: columns.slice(0, written),
      lines: Buffer.concat(some),
      rows: some.length,
      token: name,
    });
  const groups = groupDays(found);
  const refused: Uint8Array[] = [];
  for (const [index, group] of groups.entries()) {
    // the token of a batch that needs no grouping is its own, as it always was
    const name = groups.length === 1 ? token : `${token}/${MAX_DAYS_PER_INSERT}-${index}`;
    refused.push(...(await insertAroundRefusals(group, name, insert)));
  }
  return { refused };
};
