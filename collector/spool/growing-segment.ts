import { checksumText, extendChecksum } from "./checksum.ts";
import { isMissing } from "./is-missing.ts";
import { sealLines } from "./record-check.ts";
import { openName, type SealedSegment, type SegmentId, sealedName, tokenOf } from "./segment-name.ts";
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

/**
 * Creates an empty segment. `confirm` is asked when rows are on disk; where it rejects, they do not count. Rejects when
 * the file cannot be created.
 */
export const createGrowingSegment = async (
  files: SpoolFiles,
  id: SegmentId,
  confirm: () => Promise<void>,
): Promise<GrowingSegment> => {
  const file = await files.create(openName(id));
  const token = tokenOf(id);
  let bytes = 0;
  let rows = 0;
  let checksum = 0;
  let torn = false;

  const mend = async () => {
    if (torn) await file.truncate(bytes);
    torn = false;
  };
  /** Where somebody removed the file, the open one still has all of it. */
  const nameSealed = async (name: string) => {
    await files.rename(openName(id), name).catch(async (error: unknown) => {
      if (!isMissing(error)) throw error;
      await files.write(name, await file.read());
    });
  };

  return {
    id,
    size: () => ({ bytes, rows }),
    async append(lines, count) {
      await mend();
      const sealed = sealLines(lines, count, { token, isFirst: rows === 0 });
      // set before and cleared after: whatever interrupts the append, what lies beyond `bytes` does not count
      torn = true;
      await file.append(sealed, bytes);
      await confirm();
      torn = false;
      bytes += sealed.length;
      rows += count;
      checksum = extendChecksum(checksum, sealed);
    },
    async seal() {
      await mend();
      if (rows === 0) {
        await files.remove(openName(id));
        return null;
      }
      const sealed = { ...id, rows, bytes, checksum: checksumText(checksum) };
      const name = sealedName(sealed, rows, bytes, sealed.checksum);
      await nameSealed(name);
      return { ...sealed, name };
    },
    close: () => file.close(),
  };
};
