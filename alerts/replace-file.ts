import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { syncDirectory } from "./sync-directory.ts";

const writeSynced = async (file: string, text: string): Promise<void> => {
  const handle = await open(file, "w", 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/**
 * Replaces the file at `path`, whose folder exists, for its owner alone, so that a crash at any moment leaves the old or the
 * new content, never a mixture: a temporary file beside it, fsync, rename, fsync of the directory. Rejects with the disk's
 * error; the old content stays then, unless only the last step failed.
 */
export const replaceFile = async (path: string, text: string): Promise<void> => {
  const temporary = `${path}.tmp`;
  try {
    await writeSynced(temporary, text);
    await rename(temporary, path);
  } catch (error) {
    // On a full disk even an empty file may be what somebody else needs.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncDirectory(dirname(path));
};
