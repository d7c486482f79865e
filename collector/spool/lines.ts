import { CONTENT_COLUMNS } from "../../core/content-row.ts";
import { OUTCOME_COLUMNS } from "../../core/outcome-row.ts";
import { PAIR_COLUMNS } from "../../core/pair-row.ts";
import { SPAN_COLUMNS } from "../../core/span-row.ts";

/** How the rows of one kind are told from torn ones, and from one another. */
export interface LineFormat {
  /** The identity of the row in a whole line; null for anything else. */
  readonly keyOf: (line: string) => string | null;
  /** How many columns a row has; null for anything but a whole row of this version, an older or a newer one. */
  readonly columnsOf: (line: string) => number | null;
  /** How many columns this version knows. */
  readonly columns: number;
  /** True where a row may stand in for an earlier one: see standing-in.ts. */
  readonly standsIn: boolean;
}

const countCells = (line: string): number => {
  try {
    const cells: unknown = JSON.parse(line);
    return Array.isArray(cells) ? cells.length : 0;
  } catch {
    return 0;
  }
};

/** `fewest`: how many columns rows had at first. No version wrote fewer. */
const formatOf = (
  keyOf: LineFormat["keyOf"],
  columns: readonly string[],
  { fewest, standsIn }: { readonly fewest: number; readonly standsIn: boolean },
): LineFormat => ({
  keyOf,
  standsIn,
  columnsOf: (line) => {
    const cells = keyOf(line) === null ? 0 : countCells(line);
    return cells < fewest ? null : cells;
  },
  columns: columns.length,
});

const SPAN_KEY = /^\["([0-9a-f]{32})","([0-9a-f]{16})",/;
const ID_KEY = /^\["([0-9a-f]{32})",/;

/** `${trace_id}${span_id}` of a line that encodeSpanRow made; null for anything else. */
export const keyOfLine = (line: string): string | null => {
  const [, trace, span] = SPAN_KEY.exec(line) ?? [];
  return trace === undefined || span === undefined ? null : trace + span;
};

/** Lines that encodeSpanRow made. */
export const SPAN_LINES: LineFormat = formatOf(keyOfLine, SPAN_COLUMNS, { fewest: 44, standsIn: true });

/** Lines that encodeOutcomeRow made; their key is the outcome's id. */
export const OUTCOME_LINES: LineFormat = formatOf((line) => ID_KEY.exec(line)?.[1] ?? null, OUTCOME_COLUMNS, {
  fewest: 12,
  standsIn: false,
});

/** Lines that encodePairRow made; their key is the pair's id. */
export const PAIR_LINES: LineFormat = formatOf((line) => ID_KEY.exec(line)?.[1] ?? null, PAIR_COLUMNS, {
  fewest: 23,
  standsIn: false,
});

/** Lines that encodeContentRow made; their key is that of the call. */
export const CONTENT_LINES: LineFormat = formatOf(keyOfLine, CONTENT_COLUMNS, { fewest: 26, standsIn: false });
