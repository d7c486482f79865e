import { CONTENT_COLUMNS, type ContentRow } from "../../core/content-row.ts";
import { epochOf } from "../epoch-sql.ts";

/** The columns of content, as a query selects them: times as numbers under names of their own. */
export const READ_COLUMNS: string = CONTENT_COLUMNS.map((column) =>
  column === "at_ms" || column === "received_ms" ? `${epochOf(column)} AS ${column}_number` : column,
).join(", ");

/** A row as such a query gives it. */
export type ReadRow<Row extends ContentRow> = Omit<Row, "at_ms" | "received_ms"> & {
  readonly at_ms_number: number;
  readonly received_ms_number: number;
};

/** The row that was read. */
export const readRow = <Row extends ContentRow>({ at_ms_number, received_ms_number, ...row }: ReadRow<Row>): Row =>
  ({ ...row, at_ms: at_ms_number, received_ms: received_ms_number }) as unknown as Row;
