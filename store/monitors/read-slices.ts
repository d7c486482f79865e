import type { MonitorSlice } from "../../core/monitor.ts";
import type { Database } from "../database.ts";
import { epochOf, momentOf } from "../epoch-sql.ts";
import { MONITOR_SLICES, ORIGIN } from "../schema/monitors.ts";
import { type SliceRow, sliceOfRows } from "./monitor-rows.ts";
import type { MonitorId } from "./monitor-store.ts";

/** Slices read at a time. */
const PAGE = 120;

const OF_MONITOR = `monitor = {name:String} AND hash = {hash:String} AND signal != '${ORIGIN}'`;

const readRows = (database: Database, { name, hash }: MonitorId, first: number, last: number): Promise<SliceRow[]> =>
  database.query<SliceRow>(
    `SELECT ${epochOf("s.slice_from")} AS slice_from, ${epochOf("s.slice_to")} AS slice_to, series, signal, n, sum, bins
     FROM ${MONITOR_SLICES} AS s
     WHERE ${OF_MONITOR} AND s.slice_to >= ${momentOf("first")} AND s.slice_to <= ${momentOf("last")}
     ORDER BY s.slice_to, series, signal, slot`,
    { name, hash, first, last },
  );

const slicesOf = (rows: readonly SliceRow[]): readonly MonitorSlice[] =>
  [...Map.groupBy(rows, ({ slice_to }) => slice_to).values()].flatMap((each) => sliceOfRows(each) ?? []);

/** The stored slices that end in [first, last], oldest first. */
export const slicesBetween = async (
  database: Database,
  monitor: MonitorId,
  first: number,
  last: number,
): Promise<readonly MonitorSlice[]> => slicesOf(await readRows(database, monitor, first, last));

const readPage = async (database: Database, { name, hash }: MonitorId, after: number): Promise<readonly number[]> => {
  const rows = await database.query<{ to: number }>(
    `SELECT DISTINCT ${epochOf("slice_to")} AS to FROM ${MONITOR_SLICES}
     WHERE ${OF_MONITOR} AND slice_to > ${momentOf("after")} ORDER BY to LIMIT ${PAGE}`,
    { name, hash, after },
  );
  return rows.map(({ to }) => to);
};

/** See MonitorStore.readSlices. */
export async function* readSlices(
  database: Database,
  monitor: MonitorId,
  sinceMs: number,
): AsyncGenerator<MonitorSlice> {
  let after = Math.floor(sinceMs);
  for (;;) {
    const ends = await readPage(database, monitor, after);
    const [first, last] = [ends[0], ends.at(-1)];
    if (first === undefined || last === undefined) return;
    yield* await slicesBetween(database, monitor, first, last);
    if (ends.length < PAGE) return;
    after = last;
  }
}
