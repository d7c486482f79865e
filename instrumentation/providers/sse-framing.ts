import type { Framing, MessageReader } from "./wire-format.ts";

const LF = 10;
const CR = 13;
const DATA: readonly number[] = [..."data:"].map((letter) => letter.charCodeAt(0));
const BLANK = 32;
const BYTE_ORDER_MARK: readonly number[] = [0xef, 0xbb, 0xbf];

const startsWith = (bytes: Uint8Array, at: number, start: readonly number[]): boolean =>
  start.every((byte, index) => bytes[at + index] === byte);

/**
 * A message a line; the pieces may be cut anywhere. `startOf` says where the message of the line at `at` begins, and -1
 * where it has none. Lines end as in server-sent events: with CR, LF or both.
 */
const framingOf = (startOf: (bytes: Uint8Array, at: number) => number): Framing => {
  let unread = Buffer.alloc(0);
  let began = false;
  const tell = (bytes: Buffer, start: number, end: number, reader: MessageReader): void => {
    const message = start < 0 ? "" : bytes.toString("utf8", start, end).trim();
    if (message !== "") reader.message(message);
  };
  const readLines = (bytes: Buffer, from: number, reader: MessageReader): number => {
    let at = from;
    // Looked for once where there is none.
    let cr = bytes.indexOf(CR, at);
    for (;;) {
      while (bytes[at] === LF || bytes[at] === CR) at += 1;
      const start = startOf(bytes, at);
      const skimmed = start < 0 ? -1 : reader.skim(bytes, start);
      if (skimmed >= 0) {
        at = skimmed;
        continue;
      }
      if (cr >= 0 && cr < at) cr = bytes.indexOf(CR, at);
      const lf = bytes.indexOf(LF, at);
      const end = cr < 0 || (lf >= 0 && lf < cr) ? lf : cr;
      if (end < 0) return at;
      tell(bytes, start, end, reader);
      at = end;
    }
  };
  return {
    push: (given, reader) => {
      const bytes = unread.length === 0 ? given : Buffer.concat([unread, given]);
      const from = !began && startsWith(bytes, 0, BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
      began ||= bytes.length > 0;
      unread = Buffer.from(bytes.subarray(readLines(bytes, from, reader)));
    },
    end: (reader) => {
      tell(unread, startOf(unread, 0), unread.length, reader);
      unread = Buffer.alloc(0);
    },
  };
};

/**
 * Server-sent events: every `data:` line is a message, which is how all providers use them; comments, names and ids
 * are left out.
 */
export const createSseFraming = (): Framing =>
  framingOf((bytes, at) => {
    if (!startsWith(bytes, at, DATA)) return -1;
    const start = at + DATA.length;
    return bytes[start] === BLANK ? start + 1 : start;
  });

/** One JSON document a line (NDJSON, JSON Lines). */
export const createLineFraming = (): Framing => framingOf((_bytes, at) => at);

/** The framing for a content type: server-sent events, lines, or null for a plain body. */
export const framingFor = (contentType: string): Framing | null => {
  if (contentType.includes("text/event-stream")) return createSseFraming();
  return /ndjson|jsonl|json-seq|stream\+json/.test(contentType) ? createLineFraming() : null;
};
