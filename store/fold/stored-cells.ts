import type { Database } from "../database.ts";
import { momentOf } from "../epoch-sql.ts";
import { CALLS, SAMPLES } from "../schema/samples.ts";
import type { CallRange } from "./call-range.ts";
import type { Cell } from "./cell.ts";

/** SQL condition for the rows of earlier ticks that may be of the range's minutes. */
export const EARLIER: string = `migration = {migration:String} AND tick_to > ${momentOf("from")} AND tick_to < ${momentOf("to")}`;

/** SQL for the minute of a row of `samples`, epoch ms. */
export const SLOT_OF_SAMPLE = "toInt64(toUnixTimestamp(slot)) * 1000";

/** Calls per slot that are in earlier ticks. */
export const storedCounts = async (database: Database, range: CallRange): Promise<ReadonlyMap<number, number>> => {
  const rows = await database.query<{ slot_ms: number; calls: number }>(
    `SELECT ${SLOT_OF_SAMPLE} AS slot_ms, sum(n) AS calls FROM ${SAMPLES}
     WHERE ${EARLIER} AND signal = '${CALLS}' AND segment = '' GROUP BY slot_ms`,
    { ...range },
  );
  return new Map(rows.map(({ slot_ms, calls }) => [slot_ms, calls]));
};

type Row = Omit<Cell, "slot" | "n" | "sum" | "bins"> & {
  readonly slot_ms: number;
  readonly total_n: number;
  readonly total: number;
  readonly all_bins: Cell["bins"];
};

/** What earlier ticks hold of the given slots. */
export const storedCells = async (
  database: Database,
  range: CallRange,
  slots: readonly number[],
): Promise<readonly Cell[]> => {
  const rows = await database.query<Row>(
    `SELECT ${SLOT_OF_SAMPLE} AS slot_ms, cohort, segment, signal, sum(n) AS total_n, sum(samples.sum) AS total, sumMap(bins) AS all_bins
     FROM ${SAMPLES} WHERE ${EARLIER} AND has({slots:Array(Int64)}, slot_ms)
     GROUP BY slot_ms, cohort, segment, signal`,
    { ...range, slots },
  );
  return rows.map(({ slot_ms, total_n, total, all_bins, ...key }) => ({
    ...key,
    slot: slot_ms,
    n: total_n,
    sum: total,
    bins: all_bins,
  }));
};
