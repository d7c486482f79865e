import { mergeSamples } from "../../core/merge-samples.ts";
import { IDENTITIES, type Monitor, type MonitorSlice } from "../../core/monitor.ts";
import type { Database } from "../database.ts";
import { momentText } from "../epoch-sql.ts";
import type { Cell } from "../fold/cell.ts";
import { MONITOR_SLICES } from "../schema/monitors.ts";
import { CALLS, DESIGN_EFFECT } from "../schema/samples.ts";
import { signalsOf } from "./monitor-sql.ts";
import type { MonitorId } from "./monitor-store.ts";

/** One slot and series, as foldSql() gives it. */
export type FoldedRow = { readonly slot_ms: number; readonly series_name: string; readonly calls: number } & Readonly<
  Record<string, unknown>
>;

/** The cells of a folded row; a cell's segment is the series. */
export const cellsOf = (monitor: Monitor, row: FoldedRow): readonly Cell[] => {
  const { slot_ms: slot, series_name: segment } = row;
  const signals = [...signalsOf(monitor), ...IDENTITIES].map((signal) => ({
    slot,
    cohort: "",
    segment,
    signal,
    n: Number(row[`${signal}_n`] ?? 0),
    sum: Number(row[`${signal}_s`] ?? 0),
    bins: (row[`${signal}_b`] ?? {}) as Cell["bins"],
  }));
  return signals.filter(({ n }) => n > 0);
};

const COLUMNS = ["monitor", "hash", "slice_from", "slice_to", "slot", "series", "signal", "n", "sum", "bins"];

/** A slice's bounds and the cells in it. */
export interface SliceCells {
  readonly from: number;
  readonly to: number;
  readonly cells: readonly Cell[];
}

/** Writes whole slices in one insert; under a token that was used before it changes nothing. */
export const insertSlices = (
  database: Database,
  { name, hash }: MonitorId,
  slices: readonly SliceCells[],
  token: string,
): Promise<void> => {
  const lines = slices.flatMap(({ from, to, cells }) =>
    cells.map(({ slot, segment, signal, n, sum, bins }) =>
      JSON.stringify([name, hash, momentText(from), momentText(to), slot / 1000, segment, signal, n, sum, bins]),
    ),
  );
  return database.insert({
    table: MONITOR_SLICES,
    columns: COLUMNS,
    lines: `${lines.join("\n")}\n`,
    rows: lines.length,
    token: `monitor:${name}:${hash}:${token}`,
  });
};

/** One stored row; times are epoch ms. */
export interface SliceRow {
  readonly slice_from: number;
  readonly slice_to: number;
  readonly series: string;
  readonly signal: string;
  readonly n: number;
  readonly sum: number;
  readonly bins: Readonly<Record<string, number>>;
}

/**
 * The slice that the rows of one `slice_to` make up, slots added together in the order of the rows: the same rows always
 * give the same slice, to the last bit. Null for no rows.
 */
export const sliceOfRows = (rows: readonly SliceRow[]): MonitorSlice | null => {
  const [first] = rows;
  if (first === undefined) return null;
  const effects = rows.filter(({ signal }) => signal === DESIGN_EFFECT);
  const counts = rows.filter(({ signal }) => signal !== DESIGN_EFFECT && signal !== CALLS);
  const merged = mergeSamples(counts, ({ series, signal }) => `${signal}\n${series}`);
  return {
    from: first.slice_from,
    to: first.slice_to,
    samples: merged.map(({ series, signal, n, sum, bins }) => ({ series, signal, n, sum, bins })),
    designEffects: Object.fromEntries(effects.map(({ series, sum }) => [series, sum])),
  };
};
