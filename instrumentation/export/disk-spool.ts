import { readdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ownsSpoolDirectory, prepareSpoolDirectory } from "./spool-directory.ts";
import { readSpoolFileName, type SpoolFile, spoolFileName } from "./spool-file-name.ts";

/** Settings of the spool. */
export interface DiskSpoolSettings {
  /** Made when needed, with access for this user only. */
  readonly base: string;
  /** The directory of the files, `base` or below it. */
  readonly dir: string;
  /** Bytes of all files together, those of other processes included; the oldest make room. */
  readonly maxBytes: number;
  readonly pid: number;
  /** When this process started, epoch ms: an older file under its pid is another one's. */
  readonly startedMs: number;
  /** Eight hex digits, different for every process and worker thread. */
  readonly instance: string;
}

/** Collaborators of the spool. */
export interface DiskSpoolCollaborators {
  /** Epoch ms. */
  readonly now: () => number;
  /** True while a process of this number runs. */
  readonly isAlive: (pid: number) => boolean;
}

/** Spans from the spool, for this process alone to send. */
export interface SpooledBatch {
  readonly data: Uint8Array;
  readonly spans: number;
  /** The data are lines with checksums; else they are a request as it is sent. */
  readonly isChecked: boolean;
  /** They are sent, or will never be: removes the file. */
  readonly remove: () => void;
}

/** Batches of spans on disk: whole files, so that nothing can be half written or read. */
export interface DiskSpool {
  /** Writes a batch, as lines with checksums, before it returns. False when it cannot be written. */
  readonly write: (data: Uint8Array, spans: number) => boolean;
  /** The oldest batch that is this process's or a dead one's; null for none. */
  readonly claim: () => SpooledBatch | null;
  /** Spans in the files this process removed to make room or for their age. */
  readonly dropped: () => number;
}

/** A process that ends with one span leaves a file; reading the directory must stay cheap. */
const MAX_FILES = 1000;

/** What is older is judged by nobody any more. */
const MAX_AGE_MS = 3 * 86_400_000;

interface Entry extends SpoolFile {
  readonly name: string;
}

/**
 * Creates the spool. Every operation is synchronous, because it must work in a process that is ending, and none
 * throws: without a usable directory nothing is written and nothing found. Taking a file over is one rename, so that
 * exactly one of several processes has it; a process that is wrongly believed dead loses nothing by it.
 */
export const createDiskSpool = (settings: DiskSpoolSettings, { now, isAlive }: DiskSpoolCollaborators): DiskSpool => {
  const { base, dir, maxBytes, pid, startedMs, instance } = settings;
  let number = 0;
  let dropped = 0;
  /** What was given out and could not be removed, so that it is not given out again. */
  const stuck = new Set<string>();

  const list = (): Entry[] => {
    try {
      const named = readdirSync(dir).sort();
      return named.flatMap((name) => {
        const file = readSpoolFileName(name);
        return file === null ? [] : [{ ...file, name }];
      });
    } catch {
      return [];
    }
  };
  const removed = (name: string): boolean => {
    try {
      unlinkSync(join(dir, name));
      return true;
    } catch {
      // Another process was faster.
      return false;
    }
  };
  const drop = (file: Entry): void => {
    if (removed(file.name)) dropped += file.spans;
  };
  const makeRoom = (bytes: number): void => {
    const files = list();
    let total = files.reduce((sum, file) => sum + file.bytes, bytes);
    for (const [index, file] of files.entries()) {
      if (total <= maxBytes && files.length - index < MAX_FILES) return;
      drop(file);
      total -= file.bytes;
    }
  };
  const write = (data: Uint8Array, spans: number): boolean => {
    if (data.byteLength > maxBytes || !prepareSpoolDirectory(base, dir)) return false;
    makeRoom(data.byteLength);
    number += 1;
    const name = spoolFileName({ atMs: now(), number, spans, bytes: data.byteLength, pid, instance, isChecked: true });
    const unfinished = join(dir, `${name}.unfinished`);
    try {
      writeFileSync(unfinished, data, { mode: 0o600, flag: "wx" });
      renameSync(unfinished, join(dir, name));
      return true;
    } catch {
      removed(`${name}.unfinished`);
      return false;
    }
  };

  const isFree = (file: SpoolFile): boolean => {
    if (file.pid !== pid) return !isAlive(file.pid);
    // In containers every process has the same pid; the other threads of this one have it too.
    return file.instance === instance || file.atMs < startedMs;
  };
  /** Takes a file over under a name of our own; null when another process has it. */
  const takeOver = (file: Entry): string | null => {
    if (file.pid === pid && file.instance === instance) return file.name;
    const name = spoolFileName({ ...file, pid, instance });
    try {
      renameSync(join(dir, file.name), join(dir, name));
      return name;
    } catch {
      return null;
    }
  };
  const open = (file: Entry): SpooledBatch | null => {
    const name = takeOver(file);
    if (name === null) return null;
    try {
      const data = readFileSync(join(dir, name));
      const remove = (): void => {
        if (!removed(name)) stuck.add(name);
      };
      return { data, spans: file.spans, isChecked: file.isChecked, remove };
    } catch {
      return null;
    }
  };
  const claim = (): SpooledBatch | null => {
    if (!ownsSpoolDirectory(base, dir)) return null;
    for (const file of list()) {
      if (!isFree(file) || stuck.has(file.name)) continue;
      if (now() - file.atMs > MAX_AGE_MS) drop(file);
      else {
        const batch = open(file);
        if (batch !== null) return batch;
      }
    }
    return null;
  };
  return { write, claim, dropped: () => dropped };
};
