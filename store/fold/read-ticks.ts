import type { Tick } from "../../core/sample.ts";
import type { Database } from "../database.ts";
import { epochOf, momentOf } from "../epoch-sql.ts";
import { SAMPLES, SEGMENT_VALUES } from "../schema/samples.ts";
import { type SampleRow, tickOfRows } from "./tick-of-rows.ts";

/** Ticks read at a time; a tick is some hundred rows. */
const PAGE = 50;

const readRows = (database: Database, migration: string, first: number, last: number): Promise<SampleRow[]> =>
  database.query<SampleRow>(
    `SELECT ${epochOf("samples.tick_from")} AS tick_from, ${epochOf("samples.tick_to")} AS tick_to,
       stage, share, cohort, segment, signal, n, sum, bins
     FROM ${SAMPLES}
     WHERE migration = {migration:String} AND signal != '${SEGMENT_VALUES}'
       AND samples.tick_to >= ${momentOf("first")} AND samples.tick_to <= ${momentOf("last")}
     ORDER BY samples.tick_to, segment, signal, cohort, slot`,
    { migration, first, last },
  );

/** The tick that ends at `to`, or null when it was not folded yet. */
export const readTick = async (database: Database, migration: string, to: number): Promise<Tick | null> =>
  tickOfRows(migration, await readRows(database, migration, to, to));

const readPage = async (
  database: Database,
  migration: string,
  [since, until]: readonly [number, number | undefined],
): Promise<number[]> => {
  const rows = await database.query<{ to: number }>(
    `SELECT DISTINCT ${epochOf("tick_to")} AS to FROM ${SAMPLES}
     WHERE migration = {migration:String} AND tick_to >= ${momentOf("since")}
     ${until === undefined ? "" : `AND tick_to <= ${momentOf("until")}`} ORDER BY to LIMIT ${PAGE}`,
    { migration, since, ...(until === undefined ? {} : { until: Math.floor(until) }) },
  );
  return rows.map(({ to }) => to);
};

/** See Store.readTicks. */
export async function* readTicks(
  database: Database,
  migration: string,
  sinceMs: number,
  untilMs?: number,
): AsyncGenerator<Tick> {
  let since = Math.ceil(sinceMs);
  for (;;) {
    const ends = await readPage(database, migration, [since, untilMs]);
    const [first, last] = [ends[0], ends.at(-1)];
    if (first === undefined || last === undefined) return;
    const byEnd = Map.groupBy(await readRows(database, migration, first, last), ({ tick_to }) => tick_to);
    for (const to of ends) {
      const tick = tickOfRows(migration, byEnd.get(to) ?? []);
      if (tick !== null) yield tick;
    }
    if (ends.length < PAGE) return;
    since = last + 1;
  }
}

/** See Store.lastTick. */
export const lastTick = async (database: Database, migration: string): Promise<number | null> => {
  const [row] = await database.query<{ to: number; rows: number }>(
    `SELECT ${epochOf("max(tick_to)")} AS to, count() AS rows FROM ${SAMPLES} WHERE migration = {migration:String}`,
    { migration },
  );
  return row === undefined || row.rows === 0 ? null : row.to;
};

/** See Store.tickBeyond. Asked each round: the key leads to the few rows, mostly none, that lie there. */
export const tickBeyond = async (database: Database, migration: string, afterMs: number): Promise<number | null> => {
  const [row] = await database.query<{ to: number; rows: number }>(
    `SELECT ${epochOf("max(tick_to)")} AS to, count() AS rows FROM ${SAMPLES}
     WHERE migration = {migration:String} AND tick_to > ${momentOf("after")}`,
    { migration, after: Math.ceil(afterMs) },
  );
  return row === undefined || row.rows === 0 ? null : row.to;
};
