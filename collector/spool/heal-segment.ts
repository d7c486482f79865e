import { checksumText, extendChecksum } from "./checksum.ts";
import type { LineFormat } from "./lines.ts";
import { createLineCheck, tokenIn } from "./record-check.ts";
import {
  badName,
  idOfToken,
  type OpenSegment,
  type SealedSegment,
  type SegmentId,
  sealedName,
  tokenOf,
} from "./segment-name.ts";
import { countWhole, sortLines } from "./sort-lines.ts";
import type { SpoolFiles } from "./spool-files.ts";

/** What became of a segment that was still growing when its run ended. */
export interface Healed {
  /** Null when it holds no row. */
  readonly segment: SealedSegment | null;
  /** Rows that cannot be read and were set aside. Those of a segment that is sealed are counted when it is stored. */
  readonly damagedRows: number;
}

const NEWLINE = 10;

const sealedAs = (id: SegmentId, rows: number, content: Uint8Array): SealedSegment => {
  const checksum = checksumText(extendChecksum(0, content));
  const { number, run, firstMs } = id;
  const name = sealedName(id, rows, content.length, checksum);
  return { number, run, firstMs, name, rows, bytes: content.length, checksum };
};

/**
 * Rows with checksums: a torn end was never acknowledged and is cut off, and the rest is sealed as it is. What is damaged
 * of it is told when it is stored, as in every segment.
 */
const healChecked = async (files: SpoolFiles, name: string, id: SegmentId, content: Buffer): Promise<Healed> => {
  const token = tokenIn(content.subarray(0, content.indexOf(NEWLINE))) ?? tokenOf(id);
  const sorted = sortLines(content, createLineCheck(token));
  const { bad, end } = sorted;
  const rows = countWhole(sorted);
  const keep = content.subarray(0, Math.max(end, content.lastIndexOf(NEWLINE) + 1));
  if (rows === 0 && keep.length === 0) {
    await files.remove(name);
    return { segment: null, damagedRows: 0 };
  }
  if (rows === 0) {
    await files.rename(name, badName(name));
    return { segment: null, damagedRows: bad.length };
  }
  if (keep.length < content.length) await files.truncate(name, keep.length);
  const segment = sealedAs(idOfToken(token, id.firstMs), rows, keep);
  await files.rename(name, segment.name);
  return { segment, damagedRows: 0 };
};

/**
 * Rows of a version that wrote no checksums: a torn line before others is damage. The original is set aside then, and
 * the lines of one length are kept.
 */
const healUnchecked = async (
  files: SpoolFiles,
  format: LineFormat,
  name: string,
  id: SegmentId,
  content: Buffer,
): Promise<Healed> => {
  const lines = content.toString("utf8").split("\n");
  lines.pop(); // what follows the last newline: nothing, or a torn line
  // one version wrote all of it, perhaps another than this
  const written = lines.map(format.columnsOf);
  const columns = written.find((count) => count !== null) ?? null;
  const kept = lines.filter((_line, index) => columns !== null && written[index] === columns);
  const damagedRows = lines.length - kept.length;
  const copy = Buffer.from(kept.map((line) => `${line}\n`).join(""));
  const segment = kept.length > 0 ? sealedAs(id, kept.length, copy) : null;
  if (segment !== null) await files.write(segment.name, copy);
  await (damagedRows > 0 ? files.rename(name, badName(name)) : files.remove(name));
  return { segment, damagedRows };
};

/** True where a line names its segment, or a line of any segment could stand there: then rows have checksums. */
const hasChecks = (content: Buffer, id: SegmentId): boolean => {
  const first = content.subarray(0, content.indexOf(NEWLINE));
  return tokenIn(first) !== null || sortLines(content, createLineCheck(tokenOf(id))).whole.length > 0;
};

/** Seals the segment that a crash left growing, under the token it would have had without. Rejects with the disk's error. */
export const healSegment = async (
  files: SpoolFiles,
  format: LineFormat,
  name: string,
  id: OpenSegment,
): Promise<Healed> => {
  const content = await files.read(name);
  return id.isChecked || hasChecks(content, id)
    ? healChecked(files, name, id, content)
    : healUnchecked(files, format, name, id, content);
};
