import { inTurn } from "../../async/in-turn.ts";
import { withinOr } from "../../async/within-or.ts";
import { LeewayError, messageOf } from "../../core/errors.ts";
import type { LedgerEntry } from "../../core/ledger.ts";
import type { Log } from "../../core/log.ts";
import type { Journal } from "./journal.ts";
import { createJournalFile, type JournalFile } from "./journal-file.ts";
import { decodeLine, encodeLine } from "./journal-line.ts";

/** Where the journal is and how much it may take. */
export interface JournalSettings {
  readonly file: string;
  /** Beyond this nothing is added until the ledger takes what waits. Default 32 MiB: months of entries. */
  readonly maxBytes?: number;
  /** Longest wait for the disk, ms. Default 1 s. */
  readonly timeoutMs?: number;
}

/** A file that holds this much that is not needed any more is written anew. */
const SLACK_BYTES = 1024 ** 2;

const LATE: unique symbol = Symbol("no answer in time");

interface Waiting {
  readonly entry: LedgerEntry;
  readonly line: string;
  isOnDisk: boolean;
}

/** The whole lines, and where they end: what follows is a write that a crash cut off, of which nobody was told. */
const readLines = async (
  file: JournalFile,
): Promise<{ readonly lines: readonly string[]; readonly isTorn: boolean; readonly end: number }> => {
  const content = await file.read();
  const end = content.lastIndexOf(10) + 1;
  return { lines: content.toString("utf8", 0, end).split("\n").slice(0, -1), isTorn: end < content.length, end };
};

const unreadable = (path: string, cause: unknown): LeewayError =>
  new LeewayError(
    "store-unavailable",
    `store.dir: ${path} cannot be read (${messageOf(cause)}); it may hold decisions the ledger has not: make it readable, or move it away to start without them`,
    { cause },
  );

/** Brings the file into order. A disk that does not let it be is no reason not to start. */
const repair = async (work: () => Promise<void>, log: Log, path: string): Promise<void> => {
  try {
    await work();
  } catch (error) {
    log.error("the journal could not be brought into order", { file: path, problem: messageOf(error) });
  }
};

const leftBehind = async (file: JournalFile, path: string, log: Log): Promise<readonly LedgerEntry[]> => {
  const { lines, isTorn, end } = await readLines(file).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  const entries = lines.map(decodeLine);
  const kept = entries.filter((entry) => entry !== null);
  const damaged = lines.filter((_line, i) => entries[i] === null).map((line) => `${line}\n`);
  if (isTorn) await repair(() => file.cut(end), log, path);
  if (damaged.length === 0) return kept;
  log.error("the journal has damaged lines; the rest of it is used", { file: `${path}.bad`, lines: damaged.length });
  const setAside = async (): Promise<void> => {
    await file.setAside(damaged.join(""));
    await file.replace(kept.map(encodeLine).join(""));
  };
  await repair(setAside, log, path);
  return kept;
};

/**
 * Opens the journal: one line per entry, each with its checksum, synced before `add` resolves. A torn last line is cut,
 * damaged lines are set aside in `<file>.bad`. Rejects with LeewayError `store-unavailable` when there is a file that
 * cannot be read: what it holds is unknown, which is not the same as nothing.
 */
export const openJournal = async (
  { file: path, maxBytes = 32 * 1024 ** 2, timeoutMs = 1_000 }: JournalSettings,
  { log, file = createJournalFile(path) }: { readonly log: Log; readonly file?: JournalFile },
): Promise<Journal> => {
  const left = await leftBehind(file, path, log);
  const waiting = new Map(
    left.map((entry): [string, Waiting] => [entry.id, { entry, line: encodeLine(entry), isOnDisk: true }]),
  );
  if (waiting.size > 0)
    log.info("the journal holds entries the ledger may not have; it gets them now", { entries: waiting.size });
  const turn = inTurn();
  let [trouble, isLate] = ["", false];

  const whole = (): string => [...waiting.values()].map(({ line }) => line).join("");

  /** Writes what is missing; all of it anew where the file has too much that is not needed any more. */
  const put = async (missing: readonly Waiting[]): Promise<string> => {
    const text = missing.map(({ line }) => line).join("");
    if (file.size() + Buffer.byteLength(text) <= maxBytes) await file.append(text, whole);
    else if (Buffer.byteLength(whole()) <= maxBytes) await file.replace(whole());
    else return `full: ${maxBytes} bytes of entries wait for the ledger`;
    for (const each of missing) each.isOnDisk = true;
    return "";
  };

  const flush = async (): Promise<string> => {
    const missing = [...waiting.values()].filter(({ isOnDisk }) => !isOnDisk);
    try {
      return missing.length === 0 ? "" : await put(missing);
    } catch (error) {
      return messageOf(error);
    }
  };

  /** A disk that was waited for once is not waited for again before it answers. */
  const timed = async (): Promise<string> => {
    const answer = turn(flush);
    if ((await withinOr(timeoutMs, answer, LATE)) === LATE) isLate = true;
    const problem = await answer;
    isLate = false;
    return problem;
  };

  const say = (problem: string): string => {
    if (problem !== "" && trouble === "")
      log.error("the journal cannot be written; entries are kept in memory", { file: path, problem });
    trouble = problem;
    return problem === "" ? "" : `${path}: ${problem}`;
  };

  const tidy = async (): Promise<void> => {
    if (waiting.size === 0 && file.size() > 0) return file.cut(0);
    const needed = Buffer.byteLength(whole());
    if (file.size() > needed + SLACK_BYTES) await file.replace(whole());
  };

  return {
    add: async (entries) => {
      for (const entry of entries)
        if (!waiting.has(entry.id)) waiting.set(entry.id, { entry, line: encodeLine(entry), isOnDisk: false });
      return say(await withinOr(isLate ? 0 : timeoutMs, timed(), `no answer within ${timeoutMs} ms`));
    },
    forget: (entries) => {
      for (const { id } of entries) waiting.delete(id);
      // What it still holds is handed over once more after a crash, which changes nothing.
      void turn(tidy).catch(() => undefined);
    },
    pending: () => [...waiting.values()].map(({ entry }) => entry),
    problem: () => {
      const lost = [...waiting.values()].filter(({ isOnDisk }) => !isOnDisk).length;
      return lost === 0
        ? ""
        : `${path}: ${lost} entries are on no record yet (${trouble || "no answer yet"}): make room, or make the file writable`;
    },
    close: async () => {
      await withinOr(timeoutMs, turn(flush), "");
      await withinOr(timeoutMs, file.close(), undefined);
    },
  };
};
