import { closeSync, openSync, readSync } from "node:fs";
import { LeewayError } from "../../core/errors.ts";
import type { Problem } from "./problem.ts";

/** The text of a file, or what keeps it from being one. */
export type TextRead = { readonly text: string } | { readonly problems: readonly Problem[] };

/** At most `bytes` of a file; a device or a pipe may have no end. */
const readUpTo = (path: string, bytes: number): Buffer => {
  const file = openSync(path, "r");
  try {
    const chunks: Buffer[] = [];
    for (let left = bytes; left > 0; ) {
      const chunk = Buffer.alloc(Math.min(left, 64 * 1024));
      const read = readSync(file, chunk);
      if (read === 0) break;
      chunks.push(chunk.subarray(0, read));
      left -= read;
    }
    return Buffer.concat(chunks);
  } finally {
    closeSync(file);
  }
};

const unreadable = (file: string, cause: unknown, advice: string): LeewayError => {
  const { code = "error" } = cause as NodeJS.ErrnoException;
  const what = code === "EISDIR" ? "it is a directory, " : "";
  return new LeewayError("config-missing", `${file}: cannot be read (${code}); ${what}${advice}`, { cause });
};

const decode = (content: Buffer): string | null => {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch {
    return null;
  }
};

const sizeText = (bytes: number): string => (bytes >= 1024 ** 2 ? `${bytes / 1024 ** 2} MiB` : `${bytes / 1024} KiB`);

/**
 * Reads a UTF-8 file of at most `maxBytes`, without its byte order mark. Throws LeewayError `config-missing`, with
 * `advice` in its message, when it cannot be read. `file` is the name shown to people.
 */
export const readText = (path: string, file: string, maxBytes: number, advice: string): TextRead => {
  const problem = (text: string): TextRead => ({ problems: [{ file, path: "", text }] });
  let content: Buffer;
  try {
    content = readUpTo(path, maxBytes + 1);
  } catch (cause) {
    throw unreadable(file, cause, advice);
  }
  if (content.includes(0)) return problem("no text but binary data; expected UTF-8 without NUL characters");
  if (content.length > maxBytes) return problem(`too large; expected at most ${sizeText(maxBytes)}`);
  const text = decode(content);
  return text === null ? problem("no UTF-8; expected a text file saved as UTF-8") : { text };
};
