import { membersOf } from "../../../core/exhaustive.ts";
import { quoted } from "../placeholder.ts";
import { literals } from "./literals.ts";

/** Filter on the migration chosen at the top, quoted by Grafana. */
export const OF_MIGRATION: string = `migration = ${quoted("migration")}`;

/** What is known at the right edge of the time range; the present, most of the time. Not bounded on the left. */
export const UNTIL_END = "at <= $__toTime";

/** Entries inside the time range. */
export const IN_RANGE = "$__timeFilter(at)";

/**
 * Subquery over the ledger of the chosen migration. An entry that was appended twice appears once, as its first.
 * `columns` may use `at`, `by`, `incident`, `type`, `event` (JSON), and `written`, `line` for the order of insertion.
 */
export const ledger = (columns: string, where: string): string =>
  `(SELECT ${columns}
  FROM (SELECT * FROM ledger WHERE ${OF_MIGRATION} AND ${where} ORDER BY at, written, line LIMIT 1 BY id))`;

/** Latest value of `column` by order of insertion. */
export const latest = (column: string): string => `argMax(${column}, (at, written, line))`;

/** Text inside an entry's event, by the path of keys. */
export const eventText = (...keys: readonly string[]): string => `JSONExtractString(event, ${literals(keys)})`;

/** Number inside an entry's event; null where it is null or absent. */
export const eventNumber = (...keys: readonly string[]): string =>
  `JSONExtract(event, ${literals(keys)}, 'Nullable(Float64)')`;

/** SQL condition: `what` is one of `names`, of which there is at least one. */
export const isOneOf = (what: string, names: readonly string[]): string =>
  names.length === 1 ? `${what} = ${literals(names)}` : `${what} IN (${literals(names)})`;

/** The members that a table puts under `mark`, in its order. */
export const markedAs = <Key extends string, Mark extends string>(
  table: Readonly<Record<Key, Mark | null>>,
  mark: Mark,
): readonly Key[] => membersOf(table).filter((key) => table[key] === mark);
