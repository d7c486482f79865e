import { printableLine } from "../../core/printable.ts";
import { shortText } from "../../core/short-text.ts";
import type { EvidencePoint } from "./report.ts";

/** One part of a section. All text is plain: each renderer escapes it its own way. */
export type Block =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly string[] }
  | { readonly kind: "facts"; readonly pairs: readonly (readonly [label: string, value: string])[] }
  | { readonly kind: "table"; readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: "heading"; readonly text: string }
  | { readonly kind: "plot"; readonly title: string; readonly unit: string; readonly points: readonly EvidencePoint[] };

/** A chapter of the report. */
export interface Section {
  /** For links; unique in a report. */
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** Rows beyond these are counted, not shown: a report is read by people. */
const MOST_ROWS = 60;

/** A table of the newest rows that a person reads; `none` where there is no row. */
export const tableOf = (
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  none: string,
): readonly Block[] => {
  if (rows.length === 0) return [{ kind: "text", text: none }];
  const left = rows.length - MOST_ROWS;
  const table: Block = { kind: "table", columns, rows: rows.slice(-MOST_ROWS) };
  return left > 0 ? [{ kind: "text", text: `The newest ${MOST_ROWS} of ${rows.length}:` }, table] : [table];
};

/** A list; `none` where it is empty. */
export const listOf = (items: readonly string[], none: string): readonly Block[] => {
  if (items.length === 0) return [{ kind: "text", text: none }];
  const left = items.length - MOST_ROWS;
  const list: Block = { kind: "list", items: items.slice(0, MOST_ROWS) };
  return left > 0 ? [list, { kind: "text", text: `and ${left} more` }] : [list];
};

/** Longer text is no cell any more; model output has any length. */
const MOST_CHARACTERS = 600;

/** Text as every renderer shows it, before it escapes it its own way: one line, and cut where it is too long. */
export const shownText = (text: string): string => printableLine(shortText(text, MOST_CHARACTERS));
