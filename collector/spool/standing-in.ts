import { keyOfLine } from "./lines.ts";

/**
 * A row that stands in for an earlier one of its segment, a better row of the same call, has one cell more: `"=>` and the
 * key of the row that gives way. Both are in one file, so that what a segment holds is said by it alone, through every
 * crash: the better row is on disk as a whole, or it is not there.
 *
 * No sender can write that cell: the last of a span's columns is a number, and a text has no quote of its own.
 */
const MARK = Buffer.from(',"=>');
const KEY_CHARS = 48;
/** `,"=>0123…"]` */
const CELL_BYTES = MARK.length + KEY_CHARS + 2;
const KEY = /^[0-9a-f]{48}$/;

/** `["0123…","0123…",` */
const HEAD_BYTES = 55;
const [NEWLINE, CLOSE] = [10, 0x5d];

/** The line of a row, with its newline, as it is written where it stands in for the row with this key. */
export const standingIn = (line: string, key: string): string => `${line.slice(0, -2)},"=>${key}"]\n`;

/** The key of the row that a line, without its newline, stands in for; null where it stands for itself. */
const insteadOf = (line: Buffer): string | null => {
  const at = line.length - CELL_BYTES;
  if (at < HEAD_BYTES || !line.subarray(at, at + MARK.length).equals(MARK)) return null;
  const key = line.toString("latin1", at + MARK.length, at + MARK.length + KEY_CHARS);
  return KEY.test(key) ? key : null;
};

/** The rows of a segment, after each exchange. */
export interface ExchangedRows {
  readonly lines: Buffer;
  readonly rows: number;
  /** Keys of the rows that gave way. */
  readonly gone: readonly string[];
}

interface Line {
  readonly bytes: Buffer;
  readonly insteadOf: string | null;
}

const linesOf = (lines: Buffer): readonly Line[] => {
  const found: Line[] = [];
  for (let begin = 0; begin < lines.length; ) {
    const newline = lines.indexOf(NEWLINE, begin);
    const end = newline === -1 ? lines.length : newline;
    const bytes = lines.subarray(begin, end);
    found.push({ bytes, insteadOf: insteadOf(bytes) });
    begin = end + 1;
  }
  return found;
};

/** Leaves out the rows that others stand in for, and what says so. `lines` are whole, each with its newline. */
export const exchangeRows = (lines: Buffer, rows: number): ExchangedRows => {
  if (!lines.includes(MARK)) return { lines, rows, gone: [] };
  const all = linesOf(lines);
  const gone = new Set(all.flatMap(({ insteadOf: key }) => (key === null ? [] : [key])));
  if (gone.size === 0) return { lines, rows, gone: [] };
  const kept = all.filter(({ bytes }) => !gone.has(keyOfLine(bytes.toString("latin1", 0, HEAD_BYTES)) ?? ""));
  const ends = Buffer.from([CLOSE, NEWLINE]);
  const pieces = kept.flatMap(({ bytes, insteadOf: key }) => [
    bytes.subarray(0, key === null ? bytes.length - 1 : bytes.length - CELL_BYTES),
    ends,
  ]);
  return { lines: Buffer.concat(pieces), rows: kept.length, gone: [...gone] };
};
