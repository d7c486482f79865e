import type { CheckLine } from "./record-check.ts";

const [NEWLINE, CLOSE] = [10, 0x5d];
/** The end of a line, whatever became of the newline after it. */
const LINE_END = /"#[0-9a-f]{8}(?: [0-9a-f]{16}-\d+)?"\]/g;

/** The lines of a segment, told apart. */
export interface SortedLines {
  /** Of each whole line, each once: where it begins, and where its row ends, in turn. A segment has many of them. */
  readonly whole: readonly number[];
  /** What lies between them, piece by piece, without newlines; copies. */
  readonly bad: readonly Buffer[];
  /** Lines that were there twice. */
  readonly repeated: number;
  /** Where the last whole line ends, its newline included: what follows was not written to its end. */
  readonly end: number;
}

/** Where a damaged piece may hold whole lines whose newline was damaged: after each end of a line, one byte is skipped. */
const partsOf = (content: Buffer, begin: number, end: number): { begin: number; end: number }[] => {
  const text = content.toString("latin1", begin, end);
  const parts: { begin: number; end: number }[] = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(LINE_END)) {
    parts.push({ begin: begin + from, end: begin + index + found.length });
    from = index + found.length + 1;
  }
  if (begin + from < end) parts.push({ begin: begin + from, end });
  return parts;
};

/**
 * Finds the whole lines in what a disk gave back. Damage costs the lines it touches: a newline that was lost is found
 * again by the ends of the lines around it, and a line that is there twice counts once.
 */
export const sortLines = (content: Buffer, check: CheckLine): SortedLines => {
  const whole: number[] = [];
  const bad: Buffer[] = [];
  /** Where a line of that checksum begins. */
  const seen = new Map<number, number>();
  const isRepeated = (line: Buffer, checksum: number): boolean => {
    const at = seen.get(checksum);
    return at !== undefined && content.subarray(at, at + line.length).equals(line);
  };
  let [repeated, last] = [0, 0];
  const take = (begin: number, end: number): boolean => {
    const line = content.subarray(begin, end);
    const found = check(line);
    if (found === null) return false;
    last = Math.min(content.length, end + 1);
    if (isRepeated(line, found.checksum)) repeated += 1;
    else whole.push(begin, begin + found.rowBytes);
    seen.set(found.checksum, begin);
    return true;
  };
  for (let begin = 0; begin < content.length; ) {
    const newline = content.indexOf(NEWLINE, begin);
    const end = newline === -1 ? content.length : newline;
    if (!take(begin, end)) {
      for (const part of partsOf(content, begin, end)) {
        if (!take(part.begin, part.end)) bad.push(Buffer.from(content.subarray(part.begin, part.end)));
      }
    }
    begin = end + 1;
  }
  return { whole, bad, repeated, end: last };
};

/** How many whole lines were found. */
export const countWhole = ({ whole }: Pick<SortedLines, "whole">): number => whole.length / 2;

/**
 * The rows of the whole lines as they were appended, without their checksums. They are moved together where they lie, so
 * that `content` is used up: memory of its own costs more than the moving.
 */
export const joinRows = (content: Buffer, { whole }: Pick<SortedLines, "whole">): Buffer => {
  let at = 0;
  for (let n = 0; n < whole.length; n += 2) {
    at += content.copy(content, at, whole[n], whole[n + 1]);
    content[at] = CLOSE;
    content[at + 1] = NEWLINE;
    at += 2;
  }
  return content.subarray(0, at);
};
