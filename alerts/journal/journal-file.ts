import { constants } from "node:fs";
import { appendFile, type FileHandle, mkdir, open, readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { replaceFile } from "../replace-file.ts";
import { syncDirectory } from "../sync-directory.ts";

/** A file that grows at its end and is emptied at once. What is appended survives a loss of power. */
export interface JournalFile {
  /** What is in it; empty when there is no such file. Rejects when it cannot be read. */
  readonly read: () => Promise<Buffer>;
  /**
   * Adds to the end, synced. Where somebody moved, deleted or changed the file, `whole` is written instead. After a
   * rejection the file ends where it ended before, or in a torn line.
   */
  readonly append: (text: string, whole: () => string) => Promise<void>;
  /** Replaces all of it, the old or the new content whatever happens. */
  readonly replace: (whole: string) => Promise<void>;
  /** Leaves the first `bytes` of it. */
  readonly cut: (bytes: number) => Promise<void>;
  /** Keeps `text` in the file `<path>.bad`. */
  readonly setAside: (text: string) => Promise<void>;
  /** Bytes in it. */
  readonly size: () => number;
  readonly close: () => Promise<void>;
}

const writeAll = async (handle: FileHandle, text: string, position: number): Promise<number> => {
  const content = Buffer.from(text);
  for (let written = 0; written < content.length; ) {
    const { bytesWritten } = await handle.write(content, written, content.length - written, position + written);
    written += bytesWritten;
  }
  return content.length;
};

const isMissing = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "ENOENT";

/** The file at `path`, made when something is written, for its owner alone. Calls must not overlap. */
export const createJournalFile = (path: string): JournalFile => {
  let handle: FileHandle | null = null;
  let size = 0;

  const release = async (): Promise<void> => {
    const held = handle;
    handle = null;
    await held?.close().catch(() => undefined);
  };

  /** The open file, if it is still the one that the next start will read, and as it was left. */
  const current = async (): Promise<FileHandle | null> => {
    if (handle === null) return null;
    const [ours, theirs] = [await handle.stat(), await stat(path).catch(() => null)];
    if (theirs !== null && theirs.ino === ours.ino && theirs.dev === ours.dev && theirs.size === size) return handle;
    await release();
    return null;
  };

  const openAnew = async (): Promise<FileHandle> => {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const opened = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    handle = opened;
    await syncDirectory(dirname(path));
    return opened;
  };

  const writeAt = async (file: FileHandle, position: number, text: string): Promise<void> => {
    try {
      const length = await writeAll(file, text, position);
      await file.truncate(position + length);
      await file.datasync();
      size = position + length;
    } catch (error) {
      await file.truncate(position).catch(() => undefined);
      throw error;
    }
  };

  return {
    read: async () => {
      try {
        const content = await readFile(path);
        size = content.length;
        return content;
      } catch (error) {
        if (isMissing(error)) return Buffer.alloc(0);
        throw error;
      }
    },
    append: async (text, whole) => {
      const open = await current();
      if (open !== null) return writeAt(open, size, text);
      const file = await openAnew();
      const isOurs = (await file.stat()).size === size;
      await (isOurs ? writeAt(file, size, text) : writeAt(file, 0, whole()));
    },
    replace: async (whole) => {
      await release();
      await replaceFile(path, whole);
      size = Buffer.byteLength(whole);
    },
    cut: async (bytes) => {
      // Also where the file cannot be cut: the next append has to begin there.
      size = bytes;
      const file = (await current()) ?? (await openAnew());
      await file.truncate(bytes);
    },
    setAside: (text) => appendFile(`${path}.bad`, text, { mode: 0o600 }),
    size: () => size,
    close: release,
  };
};
