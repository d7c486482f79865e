import { LeewayError } from "../../core/errors.ts";
import type { MonitorSlice } from "../../core/monitor.ts";
import { onceSql } from "../calls-sql.ts";
import type { Database } from "../database.ts";
import { momentOf } from "../epoch-sql.ts";
import { type Cell, callsCell, newCells } from "../fold/cell.ts";
import { type BucketRow, bucketSumsSql, effectsOf } from "../fold/design-effects.ts";
import { SPANS } from "../schema/llm-spans.ts";
import { MONITOR_SLICES } from "../schema/monitors.ts";
import { CALLS, DESIGN_EFFECT } from "../schema/samples.ts";
import { cellsOf, type FoldedRow, insertSlices } from "./monitor-rows.ts";
import { callsOf, ENDED, foldSql, signalsOf, slotSql } from "./monitor-sql.ts";
import type { MonitorFold, MonitorStore } from "./monitor-store.ts";
import { slicesBetween } from "./read-slices.ts";

const HOUR_MS = 3_600_000;

/** How far back of its end a slice looks for calls that came late. */
const LATE_MS = 600_000;

const lost = (what: string): LeewayError =>
  new LeewayError("store-unavailable", `${MONITOR_SLICES}: ${what} just written cannot be read back; fold it again`);

/** See MonitorStore.foldPast. Calls that were sent twice count twice here: the past need not be that exact. */
export const foldPast = async (
  database: Database,
  { monitor, from, to }: MonitorFold,
): Promise<readonly MonitorSlice[]> => {
  const stored = await slicesBetween(database, monitor, from + 1, to);
  if (stored.length > 0) return stored;
  const source = `(SELECT * FROM ${SPANS} WHERE ${callsOf(monitor)} AND ${ENDED})`;
  const rows = await database.query<FoldedRow>(foldSql(monitor, source, HOUR_MS), { from, to });
  const byHour = Map.groupBy(rows, ({ slot_ms }) => slot_ms);
  const slices = Array.from({ length: (to - from) / HOUR_MS }, (_, i) => {
    const start = from + i * HOUR_MS;
    const own = byHour.get(start) ?? [];
    const calls = own.reduce((sum, row) => sum + row.calls, 0);
    return {
      from: start,
      to: start + HOUR_MS,
      cells: [callsCell(start, "", "", calls), ...own.flatMap((row) => cellsOf(monitor, row))],
    };
  });
  await insertSlices(database, monitor, slices, `past:${to}`);
  const written = await slicesBetween(database, monitor, from + 1, to);
  if (written.length === 0) throw lost("a day");
  return written;
};

/** Calls per slot: what is visible, each call once, and what earlier slices hold. */
const changedSlots = async (
  database: Database,
  { monitor }: MonitorFold,
  range: { readonly from: number; readonly to: number },
): Promise<readonly number[]> => {
  const visible = await database.query<{ slot_ms: number; calls: number }>(
    `SELECT ${slotSql(monitor.slice)} AS slot_ms, uniqExact(trace_id, span_id) AS calls
     FROM ${SPANS} WHERE ${callsOf(monitor)} AND ${ENDED} GROUP BY slot_ms`,
    range,
  );
  const stored = await database.query<{ slot_ms: number; calls: number }>(
    `SELECT toInt64(toUnixTimestamp(slot)) * 1000 AS slot_ms, sum(n) AS calls FROM ${MONITOR_SLICES}
     WHERE monitor = {name:String} AND hash = {hash:String} AND signal = '${CALLS}'
       AND slice_to > ${momentOf("from")} AND slice_to < ${momentOf("to")} GROUP BY slot_ms`,
    { ...range, name: monitor.name, hash: monitor.hash },
  );
  const known = new Map(stored.map(({ slot_ms, calls }) => [slot_ms, calls]));
  return visible.filter(({ slot_ms, calls }) => calls > (known.get(slot_ms) ?? 0)).map(({ slot_ms }) => slot_ms);
};

const visibleCells = async (
  database: Database,
  { monitor }: MonitorFold,
  range: { readonly from: number; readonly to: number },
  slots: readonly number[],
): Promise<readonly Cell[]> => {
  const once = onceSql(`${callsOf(monitor)} AND ${ENDED} AND has({slots:Array(Int64)}, ${slotSql(monitor.slice)})`);
  const rows = await database.query<FoldedRow>(foldSql(monitor, once, monitor.slice), { ...range, slots });
  const calls = [...Map.groupBy(rows, ({ slot_ms }) => slot_ms)].map(([slot, own]) =>
    callsCell(
      slot,
      "",
      "",
      own.reduce((sum, row) => sum + row.calls, 0),
    ),
  );
  return [...calls, ...rows.flatMap((row) => cellsOf(monitor, row))];
};

const storedCells = async (
  database: Database,
  { monitor: { name, hash } }: MonitorFold,
  range: { readonly from: number; readonly to: number },
  slots: readonly number[],
): Promise<readonly Cell[]> => {
  const rows = await database.query<Omit<Cell, "sum" | "n"> & { readonly total: number; readonly count: number }>(
    `SELECT toInt64(toUnixTimestamp(m.slot)) * 1000 AS slot, '' AS cohort, series AS segment, signal,
       sum(m.n) AS count, sum(m.sum) AS total, sumMap(m.bins) AS bins
     FROM ${MONITOR_SLICES} AS m
     WHERE monitor = {name:String} AND hash = {hash:String}
       AND slice_to > ${momentOf("from")} AND slice_to < ${momentOf("to")}
       AND has({slots:Array(Int64)}, toInt64(toUnixTimestamp(m.slot)) * 1000)
     GROUP BY m.slot, series, signal`,
    { ...range, name, hash, slots },
  );
  return rows.map(({ total, count, ...cell }) => ({ ...cell, n: count, sum: total }));
};

/** Calls that the newest design effects rest on are at most this old. */
const EFFECT_MS: number = 6 * HOUR_MS;

/** A monitor's calls have no arms. */
const LIKENESS = { level: "conversation", byArm: false } as const;

/** The design effects, in the first slice of every hour; `segment` names the signal. */
const effectCells = async (database: Database, { monitor, from }: MonitorFold): Promise<readonly Cell[]> => {
  if (from % HOUR_MS !== 0) return [];
  const names = signalsOf(monitor);
  const rows = await database.query<BucketRow>(bucketSumsSql(names, callsOf(monitor), LIKENESS), {
    from: from - EFFECT_MS,
    to: from,
    shared: [],
  });
  return effectsOf(names, rows).map(([signal, sum]) => ({
    ...callsCell(from, "", signal, 0),
    signal: DESIGN_EFFECT,
    sum,
  }));
};

const cellsOfSlice = async (database: Database, request: MonitorFold): Promise<readonly Cell[]> => {
  const { from, to, origin } = request;
  const range = { from: Math.max(origin, Math.min(from, to - LATE_MS)), to };
  const slots = await changedSlots(database, request, range);
  if (slots.length === 0) return [];
  return newCells(
    await visibleCells(database, request, range, slots),
    await storedCells(database, request, range, slots),
  );
};

const readSlice = async (database: Database, { monitor, to }: MonitorFold): Promise<MonitorSlice | null> =>
  (await slicesBetween(database, monitor, to, to))[0] ?? null;

/**
 * See MonitorStore.foldSlice. What a slice holds is what the spans say about each minute, less what earlier slices have
 * of it. All rows go in under a token named after the slice: of two agents one wins, and both read its rows.
 */
export const foldSlice: (
  database: Database,
  ...request: Parameters<MonitorStore["foldSlice"]>
) => Promise<MonitorSlice> = async (database, request) => {
  const existing = await readSlice(database, request);
  if (existing !== null) return existing;
  const { from, to } = request;
  const counted = await cellsOfSlice(database, request);
  const cells = [...counted, callsCell(from, "", "", 0), ...(await effectCells(database, request))];
  await insertSlices(database, request.monitor, [{ from, to, cells }], `slice:${to}`);
  const slice = await readSlice(database, request);
  if (slice === null) throw lost("a slice");
  return slice;
};
