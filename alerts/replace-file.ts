import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { syncDirectory } from "./sync-directory.ts";

/** Who may do what with the new file. */
export interface FileRights {
  readonly mode: number;
  /** Null = whoever writes it. */
  readonly owner: { readonly uid: number; readonly gid: number } | null;
}

const OWNER_ALONE: FileRights = { mode: 0o600, owner: null };

const writeSynced = async (file: string, text: string, { mode, owner }: FileRights): Promise<void> => {
  const handle = await open(file, "w", mode);
  try {
    // what the umask took away, and an owner that only root can give
    await handle.chmod(mode);
    if (owner !== null) await handle.chown(owner.uid, owner.gid).catch(() => undefined);
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/**
 * Replaces the file at `path`, whose folder exists, for its owner alone unless told otherwise, so that a crash at any moment
 * leaves the old or the new content, never a mixture: a temporary file beside it, fsync, rename, fsync of the directory.
 * Rejects with the disk's error; the old content stays then, unless only the last step failed.
 */
export const replaceFile = async (path: string, text: string, like: FileRights = OWNER_ALONE): Promise<void> => {
  const temporary = `${path}.tmp`;
  try {
    await writeSynced(temporary, text, like);
    await rename(temporary, path);
  } catch (error) {
    // On a full disk even an empty file may be what somebody else needs.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncDirectory(dirname(path));
};
