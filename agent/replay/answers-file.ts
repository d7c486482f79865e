import { type FileHandle, mkdir, open, readFile, rm, truncate } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { inTurn } from "../../async/in-turn.ts";
import { lockDirectory } from "../../collector/spool/directory-lock.ts";
import { LeewayError, messageOf } from "../../core/errors.ts";
import { SILENT_LOG } from "../../core/log.ts";
import type { JsonObject } from "../../formats/json/json-object.ts";

/** What earlier runs left. */
export interface EarlierAnswers {
  /** Keys of the questions that have their answer. */
  readonly done: ReadonlySet<string>;
  /** Keys of those that were asked when a run ended, and whose answer nobody has: the provider may bill them twice. */
  readonly lost: ReadonlySet<string>;
  /** Cost of all answers, US dollars, as far as it is known. */
  readonly usd: number;
}

/** A file of answers that grows, and that a later run goes on with. */
export interface AnswersFile {
  readonly earlier: EarlierAnswers;
  /** On record before the question is asked. */
  readonly asking: (key: string) => Promise<void>;
  /** On disk when it resolves. */
  readonly answered: (record: JsonObject) => Promise<void>;
  /** It was not taken: nothing will be billed. */
  readonly refused: (key: string) => Promise<void>;
  /** Lets go of it; `isComplete`: nothing is left to ask, and what a later run would need goes. */
  readonly close: (isComplete: boolean) => Promise<void>;
}

/** Name of a question's answer: its prompt and which repetition. */
export const answerKey = (promptId: string, repetition: number): string => JSON.stringify([promptId, repetition]);

const broken = (path: string, what: string, cause?: unknown): LeewayError =>
  new LeewayError("records-invalid", `${path}: ${what}`, { cause });

const parse = (line: string): JsonObject | null => {
  try {
    return JSON.parse(line) as JsonObject;
  } catch {
    return null;
  }
};

/** Whole lines; what a crash cut off at the end is taken away, so that the next line is one of its own. */
const wholeLines = async (path: string): Promise<readonly string[]> => {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  });
  const end = text.lastIndexOf("\n") + 1;
  if (end < text.length) await truncate(path, Buffer.byteLength(text.slice(0, end)));
  return text
    .slice(0, end)
    .split("\n")
    .filter((line) => line !== "");
};

const readEarlier = async (answers: string, asked: string): Promise<EarlierAnswers> => {
  const [done, lost] = [new Set<string>(), new Set<string>()];
  let usd = 0;
  for (const [at, line] of (await wholeLines(answers)).entries()) {
    const record = parse(line);
    const { prompt_id: promptId, repetition, cost_usd: cost } = record ?? {};
    if (typeof promptId !== "string" || typeof repetition !== "number") {
      throw broken(
        `${answers}:${at + 1}`,
        "no answer of a replay; expected a new file, or one that leeway replay wrote",
      );
    }
    done.add(answerKey(promptId, repetition));
    if (typeof cost === "number") usd += cost;
  }
  for (const line of await wholeLines(asked)) {
    const [how, key] = [line.slice(0, 1), line.slice(1)];
    if (how === "?" && !done.has(key)) lost.add(key);
    if (how === "-") lost.delete(key);
  }
  return { done, lost, usd };
};

/** Appends lines in turn; of those that wait, all go in one write. */
const appender = (file: FileHandle, isSynced: boolean) => {
  const turn = inTurn();
  let waiting: string[] = [];
  let written: Promise<void> | null = null;
  let failure: { readonly cause: unknown } | null = null;
  const write = async (): Promise<void> => {
    const lines = waiting.join("\n");
    [waiting, written] = [[], null];
    // After half a line nothing is written: it would be the end of that line.
    if (failure !== null) throw failure.cause;
    try {
      await file.appendFile(`${lines}\n`);
      if (isSynced) await file.datasync();
    } catch (cause) {
      failure = { cause };
      throw cause;
    }
  };
  return (line: string): Promise<void> => {
    waiting.push(line);
    written ??= turn(write);
    return written;
  };
};

/**
 * Opens the file at `path`, a JSON record a line, and beside it `.<name>.asked`, the folder of what is under way. Throws LeewayError
 * `records-invalid` for a file that is something else or cannot be written, `store-locked` while another run writes it.
 */
export const openAnswersFile = async (path: string): Promise<AnswersFile> => {
  const folder = join(dirname(path), `.${basename(path)}.asked`);
  const asked = join(folder, "asked");
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw broken(path, `cannot be written (${messageOf(cause)}); expected a file in a folder that can`, cause);
  }
  const lock = await lockDirectory(folder, SILENT_LOG);
  if (lock.outcome !== "locked") {
    throw new LeewayError(
      "store-locked",
      `${path} is being written by process ${lock.pid}; wait for it, or give another --out`,
    );
  }
  try {
    const earlier = await readEarlier(path, asked);
    const [answersFile, askedFile] = [await open(path, "a"), await open(asked, "a")];
    const [addAnswer, addAsked] = [appender(answersFile, true), appender(askedFile, false)];
    return {
      earlier,
      asking: (key) => addAsked(`?${key}`),
      answered: (record) => addAnswer(JSON.stringify(record)),
      refused: (key) => addAsked(`-${key}`),
      close: async (isComplete) => {
        await Promise.all([answersFile.close(), askedFile.close()]);
        await lock.release();
        if (isComplete) await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (cause) {
    await lock.release();
    if (cause instanceof LeewayError) throw cause;
    throw broken(path, `cannot be read and written (${messageOf(cause)}); expected a file that can`, cause);
  }
};
