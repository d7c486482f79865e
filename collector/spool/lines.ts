import { SPAN_COLUMNS } from "../../core/span-row.ts";

const KEY = /^\["([0-9a-f]{32})","([0-9a-f]{16})",/;

/** `${trace_id}${span_id}` of a line that encodeSpanRow made; null for anything else. */
export const keyOfLine = (line: string): string | null => {
  const [, trace, span] = KEY.exec(line) ?? [];
  return trace === undefined || span === undefined ? null : trace + span;
};

/** True for a whole row with every column of today's schema. */
export const isRowLine = (line: string): boolean => {
  if (keyOfLine(line) === null) return false;
  try {
    const cells: unknown = JSON.parse(line);
    return Array.isArray(cells) && cells.length === SPAN_COLUMNS.length;
  } catch {
    return false;
  }
};
