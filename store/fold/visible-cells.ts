import { OVERALL } from "../../core/sample.ts";
import { onceSql } from "../calls-sql.ts";
import type { Database } from "../database.ts";
import { epochOf, momentOf } from "../epoch-sql.ts";
import { SPANS } from "../schema/llm-spans.ts";
import { ARRIVALS, MOVED, SERVED_BY } from "../schema/samples.ts";
import { type Cell, callsCell, SLOT_MS } from "./cell.ts";
import { SEGMENTS } from "./segments-sql.ts";
import { AGGREGATES, type SignalRow, signalCells } from "./signal-sql.ts";

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

/** A call that comes in this long after it ended was missing when its time was judged. */
const LATE_MS = 60_000;

/** Of the overall segment only: how the calls came in, and who answered. */
const INTAKE = `  countIf(segment = '' AND ${epochOf("received_ms")} - ${epochOf("end_ms")} > ${LATE_MS}) AS late,
  countIf(segment = '' AND clock_skew_ms != 0) AS moved, sumIf(clock_skew_ms, segment = '') AS skew,
  sumMapIf(map(toString(response_model), toUInt64(1)), segment = '' AND error = 0 AND response_model != '') AS models,
  sumMapIf(map(toString(system_fingerprint), toUInt64(1)), segment = '' AND error = 0 AND system_fingerprint != '') AS fingerprints`;

const QUERY = `SELECT ${SLOT} AS slot, cohort, segment, count() AS calls,
${INTAKE},
${AGGREGATES}
FROM ${onceSql(`${OF_MIGRATION} AND has({slots:Array(Int64)}, ${SLOT})`)} ARRAY JOIN ${SEGMENTS} AS segment
GROUP BY slot, cohort, segment`;

interface IntakeRow {
  readonly calls: number;
  readonly late: number;
  readonly moved: number;
  readonly skew: number;
  readonly models: Cell["bins"];
  readonly fingerprints: Cell["bins"];
}

type Row = SignalRow & IntakeRow;

const total = (bins: Cell["bins"]): number => Object.values(bins).reduce((sum, count) => sum + count, 0);

/** How the calls came in; said of all calls together, not of each segment. */
const intakeCells = ({
  slot,
  cohort,
  segment,
  calls,
  late,
  moved,
  skew,
  models,
  fingerprints,
}: Row): readonly Cell[] => {
  if (segment !== OVERALL) return [];
  const cell = callsCell(slot, cohort, segment, calls);
  return [
    { ...cell, signal: ARRIVALS, sum: late },
    { ...cell, signal: MOVED, n: moved, sum: skew },
    { ...cell, signal: SERVED_BY.model, n: total(models), bins: models },
    { ...cell, signal: SERVED_BY.fingerprint, n: total(fingerprints), bins: fingerprints },
  ];
};

const cellsOf = (row: Row): readonly Cell[] => {
  const { slot, cohort, segment, calls } = row;
  return [callsCell(slot, cohort, segment, calls), ...intakeCells(row), ...signalCells(row)];
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
