import { OVERALL } from "../../core/sample.ts";
import { SIGNALS, type SignalName } from "../../core/signals.ts";
import type { Database } from "../database.ts";
import { epochOf, momentOf } from "../epoch-sql.ts";
import { SPANS } from "../schema/llm-spans.ts";
import { ARRIVALS, SERVED_BY } from "../schema/samples.ts";
import { SIGNAL_COLUMNS } from "../signal-columns.ts";
import { type Cell, callsCell, SLOT_MS } from "./cell.ts";
import { SEGMENTS } from "./segments-sql.ts";
import { aggregatesOf, type SignalRow, signalCells } from "./signal-sql.ts";

const SLOT = `intDiv(${epochOf("end_ms")}, ${SLOT_MS}) * ${SLOT_MS}`;

const OF_MIGRATION = `migration = {migration:String} AND cohort IN ('baseline', 'canary')
  AND end_ms >= ${momentOf("from")} AND end_ms < ${momentOf("to")}`;

/** The calls that ended in [from, to), epoch ms. */
export interface CallRange {
  readonly migration: string;
  readonly from: number;
  readonly to: number;
}

/** Calls per slot, each counted once: the cheap question asked on every tick. */
export const visibleCounts = async (database: Database, range: CallRange): Promise<ReadonlyMap<number, number>> => {
  const rows = await database.query<{ slot: number; calls: number }>(
    `SELECT ${SLOT} AS slot, uniqExact(trace_id, span_id) AS calls FROM ${SPANS} WHERE ${OF_MIGRATION} GROUP BY slot`,
    { ...range },
  );
  return new Map(rows.map(({ slot, calls }) => [slot, calls]));
};

/** The signals that spans have. */
export const NAMES: readonly SignalName[] = (Object.keys(SIGNALS) as SignalName[]).filter(
  (name) => SIGNAL_COLUMNS[name] !== undefined,
);

/** SQL for the sufficient statistics of all of them. */
export const AGGREGATES: string = NAMES.flatMap((name) => {
  const column = SIGNAL_COLUMNS[name];
  return column === undefined ? [] : [aggregatesOf(name, column)];
}).join(",\n");

/** A call that comes in this long after it ended was missing when its time was judged. */
const LATE_MS = 60_000;

/** Of the overall segment only: how the calls came in, and who answered. */
const INTAKE = `  countIf(segment = '' AND ${epochOf("received_ms")} - ${epochOf("end_ms")} > ${LATE_MS}) AS late,
  sumMapIf(map(toString(response_model), toUInt64(1)), segment = '' AND error = 0 AND response_model != '') AS models,
  sumMapIf(map(toString(system_fingerprint), toUInt64(1)), segment = '' AND error = 0 AND system_fingerprint != '') AS fingerprints`;

/** The first copy of a call that came in counts; later copies could move it to another minute. */
const ONCE = `(SELECT * FROM ${SPANS} WHERE ${OF_MIGRATION} AND has({slots:Array(Int64)}, ${SLOT})
  ORDER BY received_ms, end_ms, start_ms LIMIT 1 BY trace_id, span_id)`;

const QUERY = `SELECT ${SLOT} AS slot, cohort, segment, count() AS calls,
${INTAKE},
${AGGREGATES}
FROM ${ONCE} ARRAY JOIN ${SEGMENTS} AS segment
GROUP BY slot, cohort, segment`;

interface IntakeRow {
  readonly calls: number;
  readonly late: number;
  readonly models: Cell["bins"];
  readonly fingerprints: Cell["bins"];
}

type Row = SignalRow & IntakeRow;

const total = (bins: Cell["bins"]): number => Object.values(bins).reduce((sum, count) => sum + count, 0);

/** How the calls came in; said of all calls together, not of each segment. */
const intakeCells = ({ slot, cohort, segment, calls, late, models, fingerprints }: Row): readonly Cell[] => {
  if (segment !== OVERALL) return [];
  const cell = callsCell(slot, cohort, segment, calls);
  return [
    { ...cell, signal: ARRIVALS, sum: late },
    { ...cell, signal: SERVED_BY.model, n: total(models), bins: models },
    { ...cell, signal: SERVED_BY.fingerprint, n: total(fingerprints), bins: fingerprints },
  ];
};

const cellsOf = (row: Row): readonly Cell[] => {
  const { slot, cohort, segment, calls } = row;
  return [callsCell(slot, cohort, segment, calls), ...intakeCells(row), ...signalCells(row, NAMES)];
};

/** Everything the spans say about the given slots, per arm, segment and signal. */
export const visibleCells = async (
  database: Database,
  range: CallRange,
  slots: readonly number[],
  segments: readonly string[],
): Promise<readonly Cell[]> => {
  const rows = await database.query<Row>(QUERY, { ...range, slots, segments });
  return rows.flatMap(cellsOf);
};
