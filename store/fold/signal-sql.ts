import {
  type CatalogueSignal,
  isCatalogueSignal,
  SIGNALS,
  type SignalKind,
  type SignalName,
} from "../../core/signals.ts";
import { bucketSql } from "../bucket-sql.ts";
import { SIGNAL_COLUMNS, type SignalColumn } from "../signal-columns.ts";
import type { Cell } from "./cell.ts";

const SUM: Readonly<Record<SignalKind, (value: string, known: string) => string>> = {
  rate: (value, known) => `sumIf(toFloat64(ifNull(${value}, 0)), ${known})`,
  value: (value, known) => `sumIf(toFloat64(ifNull(${value}, 0)), ${known})`,
  score: (value, known) => `sumIf(toFloat64(ifNull(${value}, 0)), ${known})`,
  category: () => "0",
  labels: () => "0",
};

/** Of a value that is not NULL. */
const BIN: Readonly<Record<SignalKind, ((value: string) => string) | null>> = {
  rate: null,
  value: bucketSql,
  score: (value) => `round(${value} * 100)`,
  category: (value) => value,
  labels: null,
};

/** SQL for the bin of a value that is not NULL; null for kinds without bins of a single value. */
export const binSql = (kind: SignalKind, value: string): string | null => BIN[kind]?.(value) ?? null;

/** SQL for the commonest `most` of a map of counts; of equal ones the smaller name. */
export const commonestSql = (counts: string, most: number): string =>
  `CAST(arraySlice(arraySort(pair -> (-toInt64(pair.2), pair.1), CAST(${counts}, 'Array(Tuple(String, UInt64))')), 1, ${most}), 'Map(String, UInt64)')`;

/** Labels of one kind of signal that a minute, arm and segment can have; of more the commonest are kept. */
const MAX_LABELS = 500;

const labelCounts = ({ value, known }: SignalColumn): string => {
  const each = `arrayMap(label -> (toString(label), toUInt64(1)), arrayDistinct(${value}))`;
  const counts = `sumMapIf(CAST(${each}, 'Map(String, UInt64)'), ${known})`;
  return commonestSql(counts, MAX_LABELS);
};

const binsOf = (kind: SignalKind, column: SignalColumn): string => {
  if (kind === "labels") return labelCounts(column);
  const bin = binSql(kind, kind === "category" ? column.value : `ifNull(${column.value}, 0)`);
  return bin === null ? "map()" : `sumMapIf(map(toString(${bin}), toUInt64(1)), ${column.known})`;
};

/** SQL for the sufficient statistics of a signal over the calls of a group: `<signal>_n`, `<signal>_s`, `<signal>_b`. */
export const aggregatesOf = (name: CatalogueSignal, column: SignalColumn): string => {
  const { kind } = SIGNALS[name];
  return `  countIf(${column.known}) AS ${name}_n,
  ${SUM[kind](column.value, column.known)} AS ${name}_s,
  ${binsOf(kind, column)} AS ${name}_b`;
};

/** The signals of `names` that spans have, with their columns. */
export const columnsOf = (
  names: readonly SignalName[],
): readonly (readonly [name: CatalogueSignal, column: SignalColumn])[] =>
  names.filter(isCatalogueSignal).flatMap((name) => {
    const column = SIGNAL_COLUMNS[name];
    return column === undefined ? [] : [[name, column] as const];
  });

/** A row of a query with such columns. */
export type SignalRow = Omit<Cell, "signal" | "n" | "sum" | "bins"> &
  Readonly<Partial<Record<`${CatalogueSignal}_n` | `${CatalogueSignal}_s`, number>>> &
  Readonly<Partial<Record<`${CatalogueSignal}_b`, Cell["bins"]>>>;

/** The cells of the named signals in a row. */
export const signalCells = (row: SignalRow, names: readonly CatalogueSignal[]): readonly Cell[] => {
  const { slot, cohort, segment } = row;
  return names.map((signal) => ({
    slot,
    cohort,
    segment,
    signal,
    n: row[`${signal}_n`] ?? 0,
    sum: row[`${signal}_s`] ?? 0,
    bins: row[`${signal}_b`] ?? {},
  }));
};
