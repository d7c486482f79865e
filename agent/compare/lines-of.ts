import { chunksOf } from "./chunks-of.ts";

/** One line of a file, without its end. */
export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

/** A byte order mark may stand before any line: files that were put together keep theirs. */
const plain = (line: string): string => line.replace(/^\ufeff/, "").replace(/\r$/, "");

/**
 * The lines of a text file (see `chunksOf`). Only LF and CR LF end one: JSON texts may hold other separators of lines.
 * Rejects with the disk's error, and with a RangeError at a line of more than `maxChars`.
 */
export async function* linesOf(path: string, maxChars: number): AsyncGenerator<Line> {
  let [parts, length]: [string[], number] = [[], 0];
  let number = 0;
  for await (const chunk of chunksOf(path)) {
    const [first = "", ...others] = chunk.split("\n");
    parts.push(first);
    length += first.length;
    for (const next of others) {
      yield { number: ++number, text: plain(parts.join("")) };
      [parts, length] = [[next], next.length];
    }
    if (length > maxChars) throw new RangeError(`a line of more than ${maxChars} characters`);
  }
  if (length > 0) yield { number: ++number, text: plain(parts.join("")) };
}
