import type { Database } from "../database.ts";
import { epochOf, momentText } from "../epoch-sql.ts";
import { callsCell } from "../fold/cell.ts";
import { MONITOR_SLICES, MONITOR_STATES, ORIGIN } from "../schema/monitors.ts";
import { insertSlices } from "./monitor-rows.ts";
import type { MonitorId, MonitorStore } from "./monitor-store.ts";

const readOrigin = async (database: Database, { name, hash }: MonitorId): Promise<number | null> => {
  const [row] = await database.query<{ at: number; rows: number }>(
    `SELECT ${epochOf("min(slice_to)")} AS at, count() AS rows FROM ${MONITOR_SLICES}
     WHERE monitor = {name:String} AND hash = {hash:String} AND signal = '${ORIGIN}'`,
    { name, hash },
  );
  return row === undefined || row.rows === 0 ? null : row.at;
};

/** See MonitorStore.origin. */
export const originOf = async (database: Database, monitor: MonitorId, proposed: number): Promise<number> => {
  const known = await readOrigin(database, monitor);
  if (known !== null) return known;
  const cells = [{ ...callsCell(proposed, "", "", 0), signal: ORIGIN }];
  await insertSlices(database, monitor, [{ from: proposed, to: proposed, cells }], ORIGIN);
  return (await readOrigin(database, monitor)) ?? proposed;
};

/** See MonitorStore.readState. */
export const readState: (
  database: Database,
  ...monitor: Parameters<MonitorStore["readState"]>
) => ReturnType<MonitorStore["readState"]> = async (database, { name, hash }) => {
  const [row] = await database.query<{ at_ms: number; state: string }>(
    `SELECT ${epochOf("at")} AS at_ms, state FROM ${MONITOR_STATES}
     WHERE monitor = {name:String} AND hash = {hash:String} ORDER BY at DESC LIMIT 1`,
    { name, hash },
  );
  return row === undefined ? null : { at: row.at_ms, state: row.state };
};

/** See MonitorStore.writeState. */
export const writeState = (database: Database, { name, hash }: MonitorId, at: number, state: string): Promise<void> =>
  database.insert({
    table: MONITOR_STATES,
    columns: ["monitor", "hash", "at", "state"],
    lines: `${JSON.stringify([name, hash, momentText(at), state.toWellFormed()])}\n`,
    rows: 1,
    token: `monitor-state:${name}:${hash}:${at}`,
  });
