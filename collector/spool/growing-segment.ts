import { checksumText, extendChecksum } from "./checksum.ts";
import { openName, type SealedSegment, type SegmentId, sealedName } from "./segment-name.ts";
import type { SpoolFiles } from "./spool-files.ts";

/** The one segment that is being appended to. Not for concurrent use: its owner does one thing at a time. */
export interface GrowingSegment {
  readonly id: SegmentId;
  /** What is durable; a failed append does not count. */
  readonly size: () => { readonly bytes: number; readonly rows: number };
  /** Appends whole lines; resolves when they are durable. Rejects with the disk's error; it may be used on after that. */
  readonly append: (lines: Uint8Array, rows: number) => Promise<void>;
  /** Ends the segment; null when it holds no row. Rejects with the disk's error; it may be tried again. */
  readonly seal: () => Promise<SealedSegment | null>;
  /** Gives the file free. */
  readonly close: () => Promise<void>;
}

/** Creates an empty segment. Rejects when the file cannot be created. */
export const createGrowingSegment = async (files: SpoolFiles, id: SegmentId): Promise<GrowingSegment> => {
  const file = await files.create(openName(id));
  let bytes = 0;
  let rows = 0;
  let checksum = 0;
  let torn = false;

  const mend = async () => {
    if (torn) await file.truncate(bytes);
    torn = false;
  };

  return {
    id,
    size: () => ({ bytes, rows }),
    async append(lines, count) {
      await mend();
      // set before and cleared after: whatever interrupts the append, what lies beyond `bytes` does not count
      torn = true;
      await file.append(lines, bytes);
      torn = false;
      bytes += lines.length;
      rows += count;
      checksum = extendChecksum(checksum, lines);
    },
    async seal() {
      await mend();
      if (rows === 0) {
        await files.remove(openName(id));
        return null;
      }
      const sealed = { ...id, rows, bytes, checksum: checksumText(checksum) };
      const name = sealedName(sealed, rows, bytes, sealed.checksum);
      await files.rename(openName(id), name);
      return { ...sealed, name };
    },
    close: () => file.close(),
  };
};
