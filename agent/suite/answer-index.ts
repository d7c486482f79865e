import { open } from "node:fs/promises";
import { isRecord } from "../../features/is-record.ts";
import { answerKey } from "../replay/answers-file.ts";
import type { SuiteAnswer } from "./answer.ts";

/** Answers of a file by question and repetition, of which no more than their places are held. */
export interface AnswerIndex {
  /** Takes in what was written since. */
  readonly refresh: () => Promise<void>;
  readonly has: (promptId: string, repetition: number) => boolean;
  /** Null where there is none. */
  readonly read: (promptId: string, repetition: number) => Promise<SuiteAnswer | null>;
}

const CHUNK = 256 * 1024;
const NEWLINE = 10;

const text = (value: unknown): string => (typeof value === "string" ? value : "");

const callsOf = (value: unknown): SuiteAnswer["toolCalls"] =>
  Array.isArray(value)
    ? value.filter(isRecord).map(({ name, arguments: given }) => ({ name: text(name), arguments: text(given) }))
    : [];

const asAnswer = (line: string): SuiteAnswer => {
  const record = JSON.parse(line) as Readonly<Record<string, unknown>>;
  return {
    output: typeof record.output === "string" ? record.output : null,
    ...{ toolCalls: callsOf(record.tool_calls), finishReason: text(record.finish_reason), error: text(record.error) },
  };
};

/** An index of the file at `path`, whose lines are whole; it is empty while there is no file. */
export const createAnswerIndex = (path: string): AnswerIndex => {
  const places = new Map<string, readonly [from: number, length: number]>();
  let seen = 0;

  const take = (line: Buffer, from: number): void => {
    if (line.length === 0) return;
    const { prompt_id: id, repetition } = JSON.parse(line.toString("utf8")) as Readonly<Record<string, unknown>>;
    if (typeof id === "string" && typeof repetition === "number")
      places.set(answerKey(id, repetition), [from, line.length]);
  };

  const withFile = async <T>(work: (file: Awaited<ReturnType<typeof open>>) => Promise<T>): Promise<T | null> => {
    const file = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return null;
      throw error;
    });
    if (file === null) return null;
    try {
      return await work(file);
    } finally {
      await file.close();
    }
  };

  const refresh = async (): Promise<void> => {
    await withFile(async (file) => {
      let rest: Buffer = Buffer.alloc(0);
      for (let at = seen; ; ) {
        const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, at);
        if (bytesRead === 0) return;
        at += bytesRead;
        rest = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
        let from = 0;
        for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE, from)) {
          take(rest.subarray(from, end), seen);
          seen += end + 1 - from;
          from = end + 1;
        }
        rest = rest.subarray(from);
      }
    });
  };

  return {
    refresh,
    has: (promptId, repetition) => places.has(answerKey(promptId, repetition)),
    read: async (promptId, repetition) => {
      const place = places.get(answerKey(promptId, repetition));
      if (place === undefined) return null;
      const [from, length] = place;
      return withFile(async (file) => {
        const { buffer } = await file.read(Buffer.alloc(length), 0, length, from);
        return asAnswer(buffer.toString("utf8"));
      });
    },
  };
};
