import { OVERALL } from "../../core/sample.ts";
import { onceSql } from "../calls-sql.ts";
import type { Database } from "../database.ts";
import { epochOf } from "../epoch-sql.ts";
import { SPANS } from "../schema/llm-spans.ts";
import { ARRIVALS, CARRIED, MOVED, SERVED_BY } from "../schema/samples.ts";
import { ALL_AGGREGATES, ALL_VALUES, type AllSignalsRow, allSignalCells } from "./all-signals-sql.ts";
import { CALLS_OF_RANGE, type CallRange } from "./call-range.ts";
import { carriedSql } from "./carried-sql.ts";
import { type Cell, callsCell, SLOT_MS } from "./cell.ts";
import type { SlotValues } from "./slot-values.ts";

/** SQL for the begin of the minute a call ended in, epoch ms. */
export const SLOT: string = `intDiv(${epochOf("end_ms")}, ${SLOT_MS}) * ${SLOT_MS}`;

/** Calls per slot, each counted once: the cheap question asked on every tick. */
export const visibleCounts = async (database: Database, range: CallRange): Promise<ReadonlyMap<number, number>> => {
  const rows = await database.query<{ slot: number; calls: number }>(
    `SELECT ${SLOT} AS slot, uniqExact(trace_id, span_id) AS calls FROM ${SPANS} WHERE ${CALLS_OF_RANGE} GROUP BY slot`,
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
  sumMapIf(map(toString(system_fingerprint), toUInt64(1)), segment = '' AND error = 0 AND system_fingerprint != '') AS fingerprints,
  ${carriedSql("segment = ''")} AS carried`;

const queryOf = (values: SlotValues): string => `SELECT ${SLOT} AS slot, cohort, segment, count() AS calls,
${INTAKE},
${ALL_AGGREGATES}
FROM (SELECT *,
${ALL_VALUES}
  FROM ${onceSql(`${CALLS_OF_RANGE} AND has({slots:Array(Int64)}, ${SLOT})`)}) ARRAY JOIN ${values.segmentsSql(SLOT)} AS segment
GROUP BY slot, cohort, segment`;

interface IntakeRow {
  readonly calls: number;
  readonly late: number;
  readonly moved: number;
  readonly skew: number;
  readonly models: Cell["bins"];
  readonly fingerprints: Cell["bins"];
  readonly carried: Cell["bins"];
}

type Row = AllSignalsRow & IntakeRow;

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
  carried,
}: Row): readonly Cell[] => {
  if (segment !== OVERALL) return [];
  const cell = callsCell(slot, cohort, segment, calls);
  return [
    { ...cell, signal: ARRIVALS, sum: late },
    { ...cell, signal: MOVED, n: moved, sum: skew },
    { ...cell, signal: CARRIED, bins: carried },
    { ...cell, signal: SERVED_BY.model, n: total(models), bins: models },
    { ...cell, signal: SERVED_BY.fingerprint, n: total(fingerprints), bins: fingerprints },
  ];
};

const cellsOf = (row: Row): readonly Cell[] => {
  const { slot, cohort, segment, calls } = row;
  return [callsCell(slot, cohort, segment, calls), ...intakeCells(row), ...allSignalCells(row)];
};

/** Everything the spans say about the given slots, per arm, segment and signal. */
export const visibleCells = async (
  database: Database,
  range: CallRange,
  slots: readonly number[],
  values: SlotValues,
): Promise<readonly Cell[]> => {
  const rows = await database.query<Row>(queryOf(values), { ...range, slots });
  return rows.flatMap(cellsOf);
};
