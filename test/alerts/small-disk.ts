import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A file system of 64 KiB of its own. */
export interface SmallDisk {
  /** Leaves no byte free. */
  readonly fill: () => void;
  readonly empty: () => void;
  readonly remount: (mode: "ro" | "rw") => void;
  readonly end: () => void;
}

const run = (command: string, ...args: readonly string[]): void => {
  execFileSync(command, args, { stdio: "ignore" });
};

/** Mounts one at `path`; null where this user may not mount, as on most machines but a root's. */
export const mountSmallDisk = (path: string): SmallDisk | null => {
  mkdirSync(path, { recursive: true });
  try {
    run("mount", "-t", "tmpfs", "-o", "size=64k", "leeway-test", path);
  } catch {
    return null;
  }
  const ballast = join(path, "ballast");
  return {
    fill: () => {
      try {
        writeFileSync(ballast, Buffer.alloc(128 * 1024));
      } catch {
        // what fitted is there
      }
    },
    empty: () => rmSync(ballast),
    remount: (mode) => run("mount", "-o", `remount,${mode}`, path),
    end: () => run("umount", "-l", path),
  };
};
