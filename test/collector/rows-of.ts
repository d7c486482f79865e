import type { RowBatch } from "../../collector/collaborators.ts";
import { SPAN_COLUMNS } from "../../core/span-row.ts";

/** A row as the store would read it. */
export type StoredRow = Readonly<Record<string, unknown>>;

/** The rows of a batch, by column name. */
export const rowsOf = (batch: RowBatch, columns: readonly string[] = SPAN_COLUMNS): StoredRow[] =>
  Buffer.from(batch.lines as Uint8Array)
    .toString("utf8")
    .trimEnd()
    .split("\n")
    .map((line) => {
      const cells = JSON.parse(line) as unknown[];
      return Object.fromEntries(columns.map((column, index) => [column, cells[index]]));
    });
