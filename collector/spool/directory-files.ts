import { type FileHandle, mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { AppendFile, SpoolFiles } from "./spool-files.ts";

const writeAll = async (handle: FileHandle, content: Uint8Array, position: number): Promise<void> => {
  let written = 0;
  while (written < content.length) {
    const { bytesWritten } = await handle.write(content, written, content.length - written, position + written);
    written += bytesWritten;
  }
};

const appendFile = (handle: FileHandle): AppendFile => ({
  async append(content, position) {
    await writeAll(handle, content, position);
    await handle.datasync();
  },
  async truncate(size) {
    await handle.truncate(size);
    await handle.datasync();
  },
  close: () => handle.close(),
});

/** Makes a new name in the directory survive a loss of power. Windows cannot open directories; it needs no such call. */
const syncDirectory = async (dir: string): Promise<void> => {
  if (process.platform === "win32") return;
  const handle = await open(dir, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** Creates `dir` where it does not exist and opens it for the spool. Other users cannot read it. */
export const openDirectory = async (dir: string): Promise<SpoolFiles> => {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const path = (name: string) => join(dir, name);
  return {
    list: () => readdir(dir),
    async create(name) {
      const handle = await open(path(name), "wx", 0o600);
      try {
        await syncDirectory(dir);
      } catch (error) {
        await handle.close();
        throw error;
      }
      return appendFile(handle);
    },
    read: (name) => readFile(path(name)),
    async write(name, content) {
      const handle = await open(path(`${name}.tmp`), "w", 0o600);
      try {
        await writeAll(handle, content, 0);
        await handle.datasync();
      } finally {
        await handle.close();
      }
      await rename(path(`${name}.tmp`), path(name));
      await syncDirectory(dir);
    },
    rename: (from, to) => rename(path(from), path(to)),
    remove: (name) => rm(path(name), { force: true }),
  };
};
