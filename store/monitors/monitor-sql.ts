import { IDENTITIES, type Monitor, type SeriesKey } from "../../core/monitor.ts";
import { type CatalogueSignal, isCatalogueSignal, type MeasuredKind } from "../../core/signals.ts";
import { bucketSql } from "../bucket-sql.ts";
import { IS_TRAFFIC } from "../calls-sql.ts";
import { epochOf, momentOf } from "../epoch-sql.ts";
import { quoteText } from "../quote.ts";
import { SIGNAL_COLUMNS } from "../signal-columns.ts";

const COLUMN = {
  service: "service",
  operation: "operation",
  provider: "provider",
  model: "request_model",
  prompt: "prompt_name",
} as const;

const SEGMENT = "segment.";

const columnOf = (key: SeriesKey): string =>
  key in COLUMN ? COLUMN[key as keyof typeof COLUMN] : `segments[${quoteText(key.slice(SEGMENT.length))}]`;

/** Longest value of a key that is told apart. */
const MAX_VALUE = 100;

/** SQL for the series a call is in: `model=gpt-4o, service=api`; empty without keys. */
export const seriesSql = (by: readonly SeriesKey[]): string =>
  by.length === 0
    ? "''"
    : `concat(${by.map((key, i) => `${i === 0 ? "" : "', ', "}${quoteText(`${key}=`)}, left(${columnOf(key)}, ${MAX_VALUE})`).join(", ")})`;

/**
 * SQL condition for the calls a monitor watches. Calls of a candidate are not its business: they are judged against
 * the baseline; nor are a sentinel's, which are no traffic.
 */
export const callsOf = ({ match }: Monitor): string => {
  const { segments, ...columns } = match;
  return [
    "cohort IN ('', 'baseline')",
    IS_TRAFFIC,
    ...Object.entries(columns).flatMap(([key, value]) =>
      value === null ? [] : [`${columnOf(key as SeriesKey)} = ${quoteText(value)}`],
    ),
    ...Object.entries(segments).map(([name, value]) => `segments[${quoteText(name)}] = ${quoteText(value)}`),
  ].join(" AND ");
};

/** SQL condition: the calls that ended in [from, to). */
export const ENDED: string = `end_ms >= ${momentOf("from")} AND end_ms < ${momentOf("to")}`;

/** SQL for the start of the slot of `ms` a call ended in, epoch ms. */
export const slotSql = (ms: number): string => `intDiv(${epochOf("end_ms")}, ${ms}) * ${ms}`;

/** Names of the catalogue's signals that a monitor watches, each once. */
export const signalsOf = ({ signals }: Monitor): readonly CatalogueSignal[] => [
  ...new Set(signals.flatMap(({ signal }) => (isCatalogueSignal(signal) ? [signal] : []))),
];

/** Only of amounts the quantiles are watched. */
const HAS_BUCKETS: Readonly<Record<MeasuredKind, boolean>> = { rate: false, score: false, value: true };

const aggregatesOf = (name: CatalogueSignal, hasBuckets: boolean): string => {
  const { value, known } = SIGNAL_COLUMNS[name] ?? { value: "0", known: "0" };
  const bins = hasBuckets
    ? `sumMapIf(map(toString(${bucketSql(`ifNull(${value}, 0)`)}), toUInt64(1)), ${known})`
    : "CAST(map(), 'Map(String, UInt64)')";
  return `countIf(${known}) AS ${name}_n, sumIf(toFloat64(ifNull(${value}, 0)), ${known}) AS ${name}_s, ${bins} AS ${name}_b`;
};

/** SQL that folds the calls of `from` (a table or a subquery) into a row per slot and series. */
export const foldSql = (monitor: Monitor, from: string, slotMs: number): string => {
  const kinds = new Map(monitor.signals.map(({ signal, kind }) => [signal, kind]));
  const columns = [
    ...signalsOf(monitor).map((name) => aggregatesOf(name, HAS_BUCKETS[kinds.get(name) ?? "rate"])),
    ...IDENTITIES.map(
      (identity) =>
        `sumMapIf(map(toString(${identity}), toUInt64(1)), ${identity} != '') AS ${identity}_b, countIf(${identity} != '') AS ${identity}_n`,
    ),
  ];
  return `SELECT ${slotSql(slotMs)} AS slot_ms, ${seriesSql(monitor.by)} AS series_name, count() AS calls,
${columns.join(",\n")}
FROM ${from} GROUP BY slot_ms, series_name`;
};
