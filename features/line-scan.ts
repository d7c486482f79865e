/** What one pass over the lines of a text finds. Markdown counts outside code fences only. */
export interface LineScan {
  /** Lines that are not blank. */
  readonly lines: number;
  /** Blocks of such lines. */
  readonly paragraphs: number;
  /** Lines that open or close a fence. */
  readonly fences: number;
  /** Lines with text before the first fence and after the last one. */
  readonly beforeFence: number;
  readonly afterFence: number;
  readonly headings: number;
  readonly bullets: number;
  readonly numbered: number;
  readonly tableRows: number;
}

type LineKind = "fence" | "heading" | "bullet" | "numbered" | "table" | "text" | "blank";

const FENCE = /^ {0,3}(?:```|~~~)/;
const HEADING = /^ {0,3}#{1,6} /;
const BULLET = /^[ \t]{0,12}[-*+\u2022] +\S/;
const NUMBERED = /^[ \t]{0,12}\d{1,3}[.)] +\S/;
const TABLE = /^ {0,3}\|[^|]*\|/;

/** A line of a list or a table shows what it is at its start; the rest need not be looked at. */
const LOOKED_AT = 200;

const kindOf = (line: string, isInFence: boolean): LineKind => {
  if (line === "") return "blank";
  if (FENCE.test(line)) return "fence";
  if (line.trim() === "") return "blank";
  if (isInFence) return "text";
  const start = line.slice(0, LOOKED_AT);
  if (HEADING.test(start)) return "heading";
  if (BULLET.test(start)) return "bullet";
  if (NUMBERED.test(start)) return "numbered";
  return TABLE.test(start) ? "table" : "text";
};

/** Counts what can be told line by line. Linear; a fence that is never closed holds the rest of the text. */
export const scanLines = (text: string): LineScan => {
  const counts: Record<LineKind, number> = {
    fence: 0,
    heading: 0,
    bullet: 0,
    numbered: 0,
    table: 0,
    text: 0,
    blank: 0,
  };
  let [lines, paragraphs, beforeFence, afterFence] = [0, 0, 0, 0];
  let wasBlank = true;
  for (const line of text.split("\n")) {
    const kind = kindOf(line, counts.fence % 2 === 1);
    counts[kind] += 1;
    if (kind === "fence") afterFence = 0;
    else if (kind !== "blank") {
      if (counts.fence === 0) beforeFence += 1;
      if (counts.fence % 2 === 0) afterFence += 1;
    }
    if (kind !== "blank") {
      lines += 1;
      if (wasBlank) paragraphs += 1;
    }
    wasBlank = kind === "blank";
  }
  return {
    ...{ lines, paragraphs, beforeFence, afterFence, fences: counts.fence },
    ...{ headings: counts.heading, bullets: counts.bullet, numbered: counts.numbered, tableRows: counts.table },
  };
};
