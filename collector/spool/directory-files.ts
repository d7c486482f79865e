import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, truncate } from "node:fs/promises";
import { sep } from "node:path";
import { isMissing } from "./is-missing.ts";
import type { AppendFile, SpoolFiles, SpoolListing } from "./spool-files.ts";

const writeAll = async (handle: FileHandle, content: Uint8Array, position: number): Promise<void> => {
  let written = 0;
  while (written < content.length) {
    const { bytesWritten } = await handle.write(content, written, content.length - written, position + written);
    written += bytesWritten;
  }
};

const readUpTo = async (handle: FileHandle, bytes: number): Promise<Buffer> => {
  const content = Buffer.alloc(bytes);
  let read = 0;
  for (let more = true; more && read < bytes; ) {
    const { bytesRead } = await handle.read(content, read, bytes - read, read);
    read += bytesRead;
    more = bytesRead > 0;
  }
  return content.subarray(0, read);
};

/** Rejects where the file has no name any more: whatever it holds is gone when it is closed. */
const checkIsThere = async (handle: FileHandle): Promise<void> => {
  if ((await handle.stat()).nlink > 0) return;
  throw Object.assign(new Error("ENOENT: the file was removed while it was written"), { code: "ENOENT" });
};

const appendFile = (handle: FileHandle): AppendFile => ({
  async append(content, position) {
    await writeAll(handle, content, position);
    await handle.datasync();
    await checkIsThere(handle);
  },
  async truncate(size) {
    await handle.truncate(size);
    await handle.datasync();
  },
  read: async () => readUpTo(handle, (await handle.stat()).size),
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

/** Names are bytes, here a character each: a stranger's need not be UTF-8. */
const pathIn = (dir: string, name: string): Buffer =>
  Buffer.concat([Buffer.from(`${dir}${sep}`), Buffer.from(name, "latin1")]);

const makeDirectory = async (dir: string): Promise<void> => void (await mkdir(dir, { recursive: true, mode: 0o700 }));

/** Opens a file to write, in a directory that somebody may have removed meanwhile. */
const openIn = async (dir: string, name: string, flags: "w" | "wx+"): Promise<FileHandle> => {
  const path = pathIn(dir, name);
  return open(path, flags, 0o600).catch(async (error: unknown) => {
    if (!isMissing(error)) throw error;
    await makeDirectory(dir);
    return open(path, flags, 0o600);
  });
};

const list = async (dir: string): Promise<SpoolListing> => {
  const entries = await readdir(dir, { withFileTypes: true, encoding: "buffer" });
  const names = (isFile: boolean) =>
    entries.filter((entry) => entry.isFile() === isFile).map(({ name }) => name.toString("latin1"));
  return { files: names(true), others: names(false) };
};

/** Creates `dir` where it does not exist and opens it for the spool. Other users cannot read it. */
export const openDirectory = async (dir: string): Promise<SpoolFiles> => {
  await makeDirectory(dir);
  const path = (name: string) => pathIn(dir, name);
  return {
    list: () => list(dir),
    async create(name) {
      const handle = await openIn(dir, name, "wx+");
      try {
        await syncDirectory(dir);
      } catch (error) {
        await handle.close();
        throw error;
      }
      return appendFile(handle);
    },
    read: (name) => readFile(path(name)),
    async readStart(name, bytes) {
      const handle = await open(path(name), "r");
      return readUpTo(handle, bytes).finally(() => handle.close());
    },
    async write(name, content) {
      const handle = await openIn(dir, `${name}.tmp`, "w");
      try {
        await writeAll(handle, content, 0);
        await handle.datasync();
      } finally {
        await handle.close();
      }
      await rename(path(`${name}.tmp`), path(name));
      await syncDirectory(dir);
    },
    truncate: (name, size) => truncate(path(name), size),
    rename: (from, to) => rename(path(from), path(to)),
    remove: (name) => rm(path(name), { force: true }),
  };
};
