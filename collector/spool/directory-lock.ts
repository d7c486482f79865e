import { randomBytes } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** How taking a directory for one process ended. */
export type DirectoryLock =
  | { readonly outcome: "locked"; readonly release: () => Promise<void> }
  /** Another living process has it. */
  | { readonly outcome: "taken"; readonly pid: number };

/** How often the owner shows that it lives, and how long a silent one is waited for, ms. */
export interface LockTiming {
  readonly beatMs: number;
  readonly patienceMs: number;
}

/** A silent owner is given five beats: a busy process may skip some. */
export const LOCK_TIMING: LockTiming = { beatMs: 1000, patienceMs: 5000 };

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
};

const read = (file: string): Promise<string> => readFile(file, "utf8").catch(() => "");

/**
 * True when the owner of the lock lives. Its process id may belong to another process by now (containers reuse them),
 * so it must also change the file.
 */
const ownerLives = async (file: string, seen: string, { beatMs, patienceMs }: LockTiming): Promise<boolean> => {
  if (!isAlive(Number.parseInt(seen, 10))) return false;
  for (let waited = 0; waited < patienceMs; waited += beatMs / 4) {
    await delay(beatMs / 4);
    // empty: given free just now, or in the middle of a beat
    const shown = await read(file);
    if (shown !== "" && shown !== seen) return true;
  }
  return false;
};

const create = async (file: string, content: string): Promise<boolean> => {
  try {
    await writeFile(file, content, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
};

/** Shows that the owner lives, as long as the lock is its own. A failed write is a skipped beat. */
const beat = (file: string, id: string, beatMs: number): NodeJS.Timeout => {
  let beats = 0;
  const show = async () => {
    beats += 1;
    if ((await read(file)).startsWith(id)) await writeFile(file, `${id} ${beats}`).catch(() => undefined);
  };
  return setInterval(show, beatMs).unref();
};

/**
 * Takes `dir` for this process, creating it where it is missing. A lock whose owner died is taken over at once where
 * its process is gone, and after `patienceMs` where another process has its id. Rejects when `dir` cannot be written.
 */
export const lockDirectory = async (dir: string, timing: LockTiming = LOCK_TIMING): Promise<DirectoryLock> => {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const file = join(dir, "lock");
  const id = `${process.pid} ${randomBytes(8).toString("hex")}`;
  while (!(await create(file, id))) {
    const seen = (await read(file)) || (await delay(timing.beatMs / 4).then(() => read(file)));
    if (seen !== "" && (await ownerLives(file, seen, timing))) {
      return { outcome: "taken", pid: Number.parseInt(seen, 10) };
    }
    await rm(file, { force: true });
  }
  const timer = beat(file, id, timing.beatMs);
  return {
    outcome: "locked",
    async release() {
      clearInterval(timer);
      if ((await read(file)).startsWith(id)) await rm(file, { force: true });
    },
  };
};
