import type { Dirent } from "node:fs";
import { chmod, mkdir, readdir, stat } from "node:fs/promises";
import { join } from "node:path";

const OTHERS = 0o077;

const tightenEntry = async (entry: Dirent): Promise<void> => {
  const path = join(entry.parentPath, entry.name);
  // A link is left alone: it may lead out of the folder.
  if (entry.isDirectory()) await tighten(path);
  else if (entry.isFile()) await chmod(path, 0o600);
};

const tighten = async (folder: string): Promise<void> => {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    await tightenEntry(entry).catch((error: NodeJS.ErrnoException) => {
      // The engine's own cleaning may be faster.
      if (error.code !== "ENOENT") throw error;
    });
  }
  await chmod(folder, 0o700);
};

/**
 * Makes `folder` and all in it readable to its owner alone: files 600, folders 700. One that is already is not walked
 * through again: what is within is then out of others' reach. Rejects with the file system's error.
 */
export const makePrivate = async (folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (((await stat(folder)).mode & OTHERS) !== 0) await tighten(folder);
};
