import { SIGNALS, type SignalKind, type SignalName } from "../../core/signals.ts";
import { bucketSql } from "../bucket-sql.ts";
import type { Database } from "../database.ts";
import { epochOf, momentOf } from "../epoch-sql.ts";
import { SPANS } from "../schema/llm-spans.ts";
import { SIGNAL_COLUMNS, type SignalColumn } from "../signal-columns.ts";
import { type Cell, callsCell, SLOT_MS } from "./cell.ts";
import { SEGMENTS } from "./segments-sql.ts";

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

const SUM: Readonly<Record<SignalKind, (value: string, known: string) => string>> = {
  rate: (value, known) => `sumIf(toFloat64(ifNull(${value}, 0)), ${known})`,
  value: (value, known) => `sumIf(toFloat64(ifNull(${value}, 0)), ${known})`,
  score: (value, known) => `sumIf(toFloat64(ifNull(${value}, 0)), ${known})`,
  category: () => "0",
  labels: () => "0",
};

const BIN: Readonly<Record<SignalKind, ((value: string) => string) | null>> = {
  rate: null,
  value: (value) => bucketSql(`ifNull(${value}, 0)`),
  score: (value) => `round(ifNull(${value}, 0) * 100)`,
  category: (value) => value,
  labels: null,
};

/** Labels of one kind of signal that a minute, arm and segment can have; of more the commonest are kept. */
const MAX_LABELS = 500;

const labelCounts = ({ value, known }: SignalColumn): string => {
  const each = `arrayMap(label -> (toString(label), toUInt64(1)), arrayDistinct(${value}))`;
  const counts = `sumMapIf(CAST(${each}, 'Map(String, UInt64)'), ${known})`;
  const commonest = `arraySlice(arraySort(pair -> (-toInt64(pair.2), pair.1), CAST(${counts}, 'Array(Tuple(String, UInt64))')), 1, ${MAX_LABELS})`;
  return `CAST(${commonest}, 'Map(String, UInt64)')`;
};

const binsOf = (kind: SignalKind, column: SignalColumn): string => {
  if (kind === "labels") return labelCounts(column);
  const bin = BIN[kind]?.(column.value);
  return bin === undefined ? "map()" : `sumMapIf(map(toString(${bin}), toUInt64(1)), ${column.known})`;
};

const NAMES = (Object.keys(SIGNALS) as SignalName[]).filter((name) => SIGNAL_COLUMNS[name] !== undefined);

const aggregatesOf = (name: SignalName): string => {
  const column = SIGNAL_COLUMNS[name];
  if (column === undefined) return "";
  const { kind } = SIGNALS[name];
  return `  countIf(${column.known}) AS ${name}_n,
  ${SUM[kind](column.value, column.known)} AS ${name}_s,
  ${binsOf(kind, column)} AS ${name}_b`;
};

/** The first copy of a call that came in counts; later copies could move it to another minute. */
const ONCE = `(SELECT * FROM ${SPANS} WHERE ${OF_MIGRATION} AND has({slots:Array(Int64)}, ${SLOT})
  ORDER BY received_ms, end_ms, start_ms LIMIT 1 BY trace_id, span_id)`;

const QUERY = `SELECT ${SLOT} AS slot, cohort, segment, count() AS calls,
${NAMES.map(aggregatesOf).join(",\n")}
FROM ${ONCE} ARRAY JOIN ${SEGMENTS} AS segment
GROUP BY slot, cohort, segment`;

type Row = Omit<Cell, "signal" | "n" | "sum" | "bins"> & { readonly calls: number } & Readonly<
    Partial<Record<`${SignalName}_n` | `${SignalName}_s`, number>>
  > &
  Readonly<Partial<Record<`${SignalName}_b`, Cell["bins"]>>>;

const cellsOf = (row: Row): readonly Cell[] => {
  const { slot, cohort, segment, calls } = row;
  const signals = NAMES.map((signal) => ({
    slot,
    cohort,
    segment,
    signal,
    n: row[`${signal}_n`] ?? 0,
    sum: row[`${signal}_s`] ?? 0,
    bins: row[`${signal}_b`] ?? {},
  }));
  return [callsCell(slot, cohort, segment, calls), ...signals];
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
