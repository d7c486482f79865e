import { isAsciiBlank } from "./blank.ts";

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

type Marked = readonly [kind: LineKind, pattern: RegExp];

const MARKED: readonly (readonly [characters: string, ...Marked])[] = [
  ["`~", "fence", FENCE],
  ["#", "heading", HEADING],
  ["-*+\u2022", "bullet", BULLET],
  ["0123456789", "numbered", NUMBERED],
  ["|", "table", TABLE],
];

/** The character after its blanks says what a line may be, so that most lines are not tried at all. */
const KIND_OF_FIRST: ReadonlyMap<string, Marked> = new Map(
  MARKED.flatMap(([characters, ...marked]) => [...characters].map((first) => [first, marked])),
);

/** A line of a list or a table shows what it is at its start; the rest need not be looked at. */
const LOOKED_AT = 200;

/** The kind of the line from `start` to before `end`. */
const kindOf = (text: string, start: number, end: number, isInFence: boolean): LineKind => {
  let first = start;
  while (first < end && isAsciiBlank(text.charCodeAt(first))) first += 1;
  if (first === end) return "blank";
  const found = KIND_OF_FIRST.get(text.charAt(first));
  if (found === undefined)
    return text.charCodeAt(first) >= 128 && text.slice(first, end).trim() === "" ? "blank" : "text";
  const [kind, pattern] = found;
  if (isInFence && kind !== "fence") return "text";
  return pattern.test(text.slice(start, Math.min(end, start + LOOKED_AT))) ? kind : "text";
};

/** Counts what can be told line by line. Linear; a fence that is never closed holds the rest of the text. */
export const scanLines = (text: string): LineScan => {
  const counts = { fence: 0, heading: 0, bullet: 0, numbered: 0, table: 0, text: 0, blank: 0 };
  let lines = 0;
  let paragraphs = 0;
  let beforeFence = 0;
  let afterFence = 0;
  let wasBlank = true;
  for (let start = 0; start <= text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    const kind = kindOf(text, start, end, counts.fence % 2 === 1);
    start = end + 1;
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
    lines,
    paragraphs,
    fences: counts.fence,
    beforeFence,
    afterFence,
    headings: counts.heading,
    bullets: counts.bullet,
    numbered: counts.numbered,
    tableRows: counts.table,
  };
};
