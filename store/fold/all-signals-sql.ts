import { SIGNAL_NAMES, SIGNALS, type SignalKind } from "../../core/signals.ts";
import type { Cell } from "./cell.ts";
import { aggregatesOf, binSql, columnsOf, type SignalRow, signalCells } from "./signal-sql.ts";

const ALL = columnsOf(SIGNAL_NAMES);

/** Kinds with one value a call, whose values can stand side by side in an array. */
type SingleKind = Exclude<SignalKind, "labels">;
const TYPES: Readonly<Record<SingleKind, (value: string) => string>> = {
  rate: (value) => `toFloat64(${value})`,
  value: (value) => `toFloat64(${value})`,
  score: (value) => `toFloat64(${value})`,
  category: (value) => `toString(${value})`,
};
const SINGLE_KINDS = Object.keys(TYPES) as readonly SingleKind[];

const ofKind = (kind: SignalKind) => ALL.filter(([name]) => SIGNALS[name].kind === kind);

/** SQL for one array a kind with a call's values, NULL where one is not known: what ALL_AGGREGATES are made of. */
export const ALL_VALUES: string = SINGLE_KINDS.map((kind) => {
  const values = ofKind(kind).map(([, { value, known }]) => `if(${known}, ${TYPES[kind](value)}, NULL)`);
  return `  [${values.join(",\n    ")}] AS ${kind}_values`;
}).join(",\n");

const binsOf = (kind: SingleKind): string => {
  const bin = binSql(kind, "assumeNotNull(x)");
  return bin === null
    ? ""
    : `, sumMapForEach(arrayMap(x -> if(x IS NULL, map(), map(toString(${bin}), toUInt64(1))), ${kind}_values)) AS ${kind}_b`;
};

const sumOf = (kind: SingleKind): string => (kind === "category" ? "" : `, sumForEach(${kind}_values) AS ${kind}_s`);

const LABELS = ofKind("labels");

/**
 * SQL for the sufficient statistics of every signal that spans have, over rows with ALL_VALUES. Three columns a kind and not
 * three a signal: the engine takes longer to read a statement of a hundred aggregates than to carry it out.
 */
export const ALL_AGGREGATES: string = [
  ...SINGLE_KINDS.map((kind) => `  countForEach(${kind}_values) AS ${kind}_n${sumOf(kind)}${binsOf(kind)}`),
  ...LABELS.map(([name, column]) => aggregatesOf(name, column)),
].join(",\n");

/** A row of a query with ALL_AGGREGATES: a kind's signals stand in the order of the catalogue. */
export type AllSignalsRow = SignalRow & {
  readonly [Column in `${SingleKind}_n` | `${SingleKind}_s`]?: readonly (number | null)[];
} & { readonly [Column in `${SingleKind}_b`]?: readonly Cell["bins"][] };

/** The cells of every signal in a row. */
export const allSignalCells = (row: AllSignalsRow): readonly Cell[] => {
  const { slot, cohort, segment } = row;
  return [
    ...SINGLE_KINDS.flatMap((kind) =>
      ofKind(kind).map(([signal], i) => ({
        ...{ slot, cohort, segment, signal },
        n: row[`${kind}_n`]?.[i] ?? 0,
        sum: row[`${kind}_s`]?.[i] ?? 0,
        bins: row[`${kind}_b`]?.[i] ?? {},
      })),
    ),
    ...signalCells(
      row,
      LABELS.map(([name]) => name),
    ),
  ];
};
