import { randomBytes } from "node:crypto";
import { type FileHandle, link, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { sharedRun } from "../../async/shared-run.ts";
import type { Log } from "../../core/log.ts";
import { isMissing } from "./is-missing.ts";
import type { Ownership } from "./ownership.ts";

/** A directory that this process has until it releases it, or another process takes it away. */
export interface HeldDirectory extends Ownership {
  readonly release: () => Promise<void>;
}

/** How taking a directory for one process ended. */
export type DirectoryLock =
  | ({ readonly outcome: "locked" } & HeldDirectory)
  /** Another living process has it. */
  | { readonly outcome: "taken"; readonly pid: number };

/** How often the owner shows that it lives, and how long a silent one is waited for, ms. */
export interface LockTiming {
  readonly beatMs: number;
  readonly patienceMs: number;
}

/** A silent owner is given five beats: a busy process may skip some. */
export const LOCK_TIMING: LockTiming = { beatMs: 1000, patienceMs: 5000 };

const codeOf = (error: unknown): unknown => (error instanceof Error && "code" in error ? error.code : null);

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else
    return codeOf(error) === "EPERM";
  }
};

/** What the lock says; null where there is none. Rejects where the disk does not say. */
const look = async (file: string): Promise<string | null> => {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (isMissing(error)) return null;
    if (codeOf(error) === "EISDIR") throw new Error(`${file} is a directory; remove it`, { cause: error });
    throw error;
  }
};

/** The same; empty where there is none. */
const read = async (file: string): Promise<string> => (await look(file)) ?? "";

/** As many looks in a row find no lock before it counts as given free: a stale one is moved away and put back within one. */
const LOOKS_OF_NONE = 2;

/**
 * Whether the owner of the lock lives, is silent, or has given it free. Its process id may belong to another process by now
 * (containers reuse them), so it must also change the file.
 */
const ownerOf = async (
  file: string,
  seen: string,
  { beatMs, patienceMs }: LockTiming,
): Promise<"lives" | "silent" | "gone"> => {
  if (!isAlive(Number.parseInt(seen, 10))) return "silent";
  let none = 0;
  for (let waited = 0; waited < patienceMs; waited += beatMs / 4) {
    await delay(beatMs / 4);
    const shown = await look(file);
    none = shown === null ? none + 1 : 0;
    if (none >= LOOKS_OF_NONE) return "gone";
    // empty: about to be written
    if (shown !== null && shown !== "" && shown !== seen) return "lives";
  }
  return "silent";
};

/** A lock of our own in the file; null when there is one already. It is kept open: beats never touch another's. */
const create = async (file: string, content: string): Promise<FileHandle | null> => {
  try {
    const handle = await open(file, "wx", 0o600);
    await handle.write(content, 0);
    return handle;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return null;
    throw error;
  }
};

/**
 * Removes a lock that was seen to be nobody's. Another process may have done the same and locked since: it is moved
 * away first, looked at, and put back where it is another one.
 */
const removeStale = async (file: string, seen: string): Promise<void> => {
  const aside = `${file}.${randomBytes(4).toString("hex")}`;
  await rename(file, aside).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
  if ((await read(aside)) !== seen) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
};

/** Takes the lock, from nobody or from a dead owner; the id of the process that has it where one lives. */
const acquire = async (dir: string, file: string, id: string, timing: LockTiming): Promise<FileHandle | number> => {
  for (;;) {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const handle = await create(file, id);
    if (handle !== null) return handle;
    const seen = (await read(file)) || (await delay(timing.beatMs / 4).then(() => read(file)));
    const owner = seen === "" ? "silent" : await ownerOf(file, seen, timing);
    if (owner === "lives") return Number.parseInt(seen, 10);
    if (owner === "silent") await removeStale(file, seen);
  }
};

const isSameFile = async (file: string, handle: FileHandle): Promise<boolean> => {
  const [named, held] = await Promise.all([stat(file).catch(() => null), handle.stat()]);
  return named !== null && named.ino === held.ino && named.dev === held.dev;
};

/** Watches over a lock that was taken. */
const hold = (
  file: string,
  id: string,
  first: FileHandle,
  again: () => Promise<FileHandle | number>,
  log: Pick<Log, "warn" | "error">,
): HeldDirectory & { readonly beat: () => Promise<void> } => {
  let handle = first;
  let [beats, isLost] = [0, false];

  const beat = async () => {
    beats += 1;
    await handle.write(`${id} ${beats}`, 0);
  };
  const isOurs = async () => {
    const seen = await read(file);
    if (seen.startsWith(id)) return true;
    // somebody emptied it
    if (seen !== "" || !(await isSameFile(file, handle))) return false;
    await beat();
    return true;
  };
  const retake = async () => {
    const taken = await again();
    if (typeof taken === "number") {
      isLost = true;
      log.error("spool: another agent has taken the directory; no more rows are taken until this one is restarted", {
        file,
        pid: taken,
      });
      return false;
    }
    await handle.close();
    handle = taken;
    log.warn("spool: the lock was deleted, and is taken again; leave it alone while an agent runs", { file });
    return true;
  };
  const retakeOnce = sharedRun(retake);
  const holds = async () => {
    if (isLost) return false;
    if (await isOurs()) return true;
    return retakeOnce();
  };
  return {
    holds,
    isLost: () => isLost,
    async beat() {
      if (await holds()) await beat();
    },
    async release() {
      const ours = !isLost && (await read(file).catch(() => "")).startsWith(id);
      await handle.close();
      if (ours) await rm(file, { force: true });
    },
  };
};

/**
 * Takes `dir` for this process, creating it where it is missing. A lock whose owner died is taken over at once where
 * its process is gone, and after `patienceMs` where another process has its id. A lock that is deleted while it is held
 * is taken again. Rejects when `dir` cannot be written.
 */
export const lockDirectory = async (
  dir: string,
  log: Pick<Log, "warn" | "error">,
  timing: LockTiming = LOCK_TIMING,
): Promise<DirectoryLock> => {
  const file = join(dir, "lock");
  const id = `${process.pid} ${randomBytes(8).toString("hex")}`;
  const again = () => acquire(dir, file, id, timing);
  const taken = await again();
  if (typeof taken === "number") return { outcome: "taken", pid: taken };
  const { beat, release, ...held } = hold(file, id, taken, again, log);
  let showing: Promise<void> = Promise.resolve();
  // a beat that is skipped is one of five; a longer trouble is told by the appends
  const showOnce = sharedRun(() => beat().catch(() => undefined));
  const show = () => {
    showing = showOnce();
  };
  const timer = setInterval(show, timing.beatMs).unref();
  return {
    outcome: "locked",
    ...held,
    async release() {
      clearInterval(timer);
      await showing;
      await release();
    },
  };
};
