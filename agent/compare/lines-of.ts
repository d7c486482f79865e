import { createReadStream } from "node:fs";

/**
 * The lines of a UTF-8 file, without line ends. Only LF and CR LF end one: JSON texts may hold other separators of lines.
 * A byte order mark is left out. Rejects with the disk's error, and with a RangeError at a line of more than `maxChars`.
 */
export async function* linesOf(path: string, maxChars: number): AsyncGenerator<string> {
  let rest = "";
  let isFirst = true;
  for await (const chunk of createReadStream(path, { encoding: "utf8" }) as AsyncIterable<string>) {
    const lines = (rest + (isFirst ? chunk.replace(/^\ufeff/, "") : chunk)).split("\n");
    isFirst = false;
    rest = lines.pop() ?? "";
    for (const line of lines) yield line.replace(/\r$/, "");
    if (rest.length > maxChars) throw new RangeError(`a line of more than ${maxChars} characters`);
  }
  if (rest !== "") yield rest;
}
