import type { AppendFile, SpoolFiles } from "../../../collector/spool/spool-files.ts";

/** An operation of the disk that a test can break. */
export type Operation = "create" | "append" | "truncate" | "read" | "rename" | "remove";

const diskFull = (): Error => Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });

const unreadableSector = (): Error => Object.assign(new Error("EIO: i/o error, read"), { code: "EIO" });

/** What a test can break. */
export interface Faults {
  readonly failing: Set<Operation>;
  /** Names of files whose content the disk does not give back. */
  readonly unreadable: Set<string>;
}

/** A disk whose named operations fail with ENOSPC. A failing append leaves the first half of its bytes behind. */
export const createFaultyFiles = (files: SpoolFiles): SpoolFiles & Faults => {
  const unreadable = new Set<string>();
  const failing = new Set<Operation>();
  const check = (operation: Operation) => {
    if (failing.has(operation)) throw diskFull();
  };
  const faultyFile = (file: AppendFile): AppendFile => ({
    ...file,
    async append(content, position) {
      if (failing.has("append")) {
        await file.append(content.subarray(0, content.length / 2), position);
        throw diskFull();
      }
      await file.append(content, position);
    },
    async truncate(size) {
      check("truncate");
      await file.truncate(size);
    },
  });
  return {
    ...files,
    failing,
    unreadable,
    async create(name) {
      check("create");
      return faultyFile(await files.create(name));
    },
    async read(name) {
      check("read");
      if (unreadable.has(name)) throw unreadableSector();
      return files.read(name);
    },
    async rename(from, to) {
      check("rename");
      await files.rename(from, to);
    },
    async remove(name) {
      check("remove");
      await files.remove(name);
    },
  };
};
