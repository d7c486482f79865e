import { ClickHouseError } from "@clickhouse/client";
import { LeewayError, messageOf } from "../core/errors.ts";

/**
 * Exceptions that pass by themselves or once an operator acted: timeouts, memory, too many queries or parts, disk
 * full, replicas that are behind, Keeper gone.
 */
const PASSING: readonly number[] = [
  159, 201, 202, 203, 209, 210, 225, 236, 241, 242, 243, 252, 285, 286, 289, 290, 319, 319, 425, 439, 999,
];

/**
 * Exceptions about what a row says: text, numbers, dates or escapes that do not parse, values out of range, null where
 * there is none, constraints. The same rows are refused again, and other rows are not.
 */
const ABOUT_ROWS: readonly number[] = [
  6, 25, 26, 27, 32, 33, 38, 41, 53, 69, 70, 72, 117, 130, 131, 190, 306, 321, 349, 376, 395, 407, 467, 469, 675, 676,
];

const rowsCode = (error: ClickHouseError): "store-unavailable" | "store-query" | "rows-refused" => {
  if (PASSING.includes(Number(error.code))) return "store-unavailable";
  return ABOUT_ROWS.includes(Number(error.code)) ? "rows-refused" : "store-query";
};

const REASON_LENGTH = 400;

const oneLine = (text: string): string => text.replace(/\s+/g, " ").slice(0, REASON_LENGTH);

/**
 * What a call of the database threw, as the product's error: `store-unavailable` is worth another try, `store-query` is
 * not, and neither is `rows-refused`, which is about the rows of an insert alone. For a statement that carried rows (`carriesRows`) the engine's own text is left out, because it quotes them.
 */
export const storeError = (error: unknown, what: string, carriesRows: boolean): LeewayError => {
  if (error instanceof LeewayError) return error;
  if (!(error instanceof ClickHouseError))
    return new LeewayError("store-unavailable", `${what}: ClickHouse does not answer; ${oneLine(messageOf(error))}`, {
      cause: error,
    });
  const code = PASSING.includes(Number(error.code)) ? "store-unavailable" : "store-query";
  const name = `code ${error.code} ${error.type ?? ""}`.trim();
  return carriesRows
    ? new LeewayError(rowsCode(error), `${what}: ClickHouse refused the rows; ${name}`)
    : new LeewayError(code, `${what}: ClickHouse refused the query; ${name}: ${oneLine(error.message)}`, {
        cause: error,
      });
};
