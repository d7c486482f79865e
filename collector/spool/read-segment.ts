import { checksumText, extendChecksum } from "./checksum.ts";
import type { LineFormat } from "./lines.ts";
import { createLineCheck, tokenIn } from "./record-check.ts";
import { type SealedSegment, tokenOf } from "./segment-name.ts";
import { countWhole, joinRows, sortLines } from "./sort-lines.ts";
import { exchangeRows } from "./standing-in.ts";

/** What a sealed segment turns out to hold. */
export type SegmentRead =
  /** Rows for the store. */
  | {
      readonly outcome: "rows";
      readonly token: string;
      /** Whole lines as they were appended. */
      readonly lines: Buffer;
      readonly rows: number;
      readonly columns: number;
      /** What is damaged, piece by piece. */
      readonly bad: readonly Buffer[];
      /** Rows that were acknowledged and cannot be read. */
      readonly lost: number;
      /** Keys of rows that gave way to a better one of their call. */
      readonly gone: readonly string[];
    }
  /** Whole, and of a version that writes rows this one does not know. */
  | { readonly outcome: "newer" }
  /** Nothing in it can be told from damage. */
  | { readonly outcome: "damaged" };

const NEWLINE = 10;

const firstLine = (content: Buffer): Buffer => {
  const end = content.indexOf(NEWLINE);
  return end === -1 ? content : content.subarray(0, end);
};

const countLines = (content: Buffer): number => {
  let count = 0;
  for (let at = content.indexOf(NEWLINE); at !== -1; at = content.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
};

const isWhole = (content: Buffer, { checksum }: SealedSegment): boolean =>
  checksumText(extendChecksum(0, content)) === checksum;

/** Of a version that knew no checksums of rows: all of it is as it was written, or nothing can be relied on. */
const readUnchecked = (content: Buffer, segment: SealedSegment, format: LineFormat): SegmentRead => {
  if (!isWhole(content, segment)) return { outcome: "damaged" };
  const columns = format.columnsOf(firstLine(content).toString("utf8"));
  if (columns === null || columns > format.columns) return { outcome: "newer" };
  const rows = countLines(content);
  return { outcome: "rows", token: tokenOf(segment), lines: content, rows, columns, bad: [], lost: 0, gone: [] };
};

/**
 * The token of a segment: what its first line says, where that line is whole, because a name may have been damaged;
 * else what its name says.
 */
const tokenFor = (content: Buffer, segment: SealedSegment): string => tokenIn(firstLine(content)) ?? tokenOf(segment);

/**
 * Sorts the rows of a segment into those that are as they were written and those that are not. The name counts the
 * rows, but a name can be damaged too: where the content is as it was sealed, the name is not asked. `content` is used
 * up.
 */
export const readSegment = (content: Buffer, segment: SealedSegment, format: LineFormat): SegmentRead => {
  const token = tokenFor(content, segment);
  const sorted = sortLines(content, createLineCheck(token));
  const { bad, repeated } = sorted;
  const found = countWhole(sorted);
  if (found === 0) return readUnchecked(content, segment, format);
  const isAsSealed = (bad.length === 0 && repeated === 0 && found === segment.rows) || isWhole(content, segment);
  const lost = isAsSealed ? bad.length : Math.max(0, segment.rows - found);
  const joined = joinRows(content, sorted);
  const { lines, rows, gone } = format.standsIn
    ? exchangeRows(joined, found)
    : { lines: joined, rows: found, gone: [] };
  const columns = format.columnsOf(firstLine(lines).toString("utf8"));
  if (columns === null || columns > format.columns) return { outcome: "newer" };
  return { outcome: "rows", token, lines, rows, columns, bad, lost, gone };
};
