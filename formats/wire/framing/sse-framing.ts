import type { Framing, MessageReader } from "../wire-format.ts";
import { CR, isLineEnd, LF } from "./line-end.ts";

const DATA: readonly number[] = [..."data:"].map((letter) => letter.charCodeAt(0));
const BLANK = 32;
const BYTE_ORDER_MARK: readonly number[] = [0xef, 0xbb, 0xbf];

const startsWith = (bytes: Uint8Array, at: number, start: readonly number[]): boolean => {
  for (let index = 0; index < start.length; index += 1) if (bytes[at + index] !== start[index]) return false;
  return true;
};

/** Says where the message of the line at `at` begins; -1 where it has none. */
type StartOf = (bytes: Uint8Array, at: number) => number;

const tell = (bytes: Buffer, start: number, end: number, reader: MessageReader): void => {
  const message = start < 0 ? "" : bytes.toString("utf8", start, end).trim();
  if (message !== "") reader.message(message);
};

/** Has the messages skimmed from the line at `from` on, and says where the first one begins that cannot be. */
const skimLines = (bytes: Uint8Array, from: number, startOf: StartOf, reader: MessageReader): number => {
  for (let at = from; ; ) {
    while (isLineEnd(bytes, at)) at += 1;
    const start = startOf(bytes, at);
    const end = start < 0 ? -1 : reader.skim(bytes, start);
    if (end < 0) return at;
    at = end;
  }
};

/** Tells the messages of whole lines from `from` on, and says where the first line begins that is not whole. */
const readLines = (bytes: Buffer, from: number, startOf: StartOf, reader: MessageReader): number => {
  // Looked for once where there is none.
  let cr = bytes.indexOf(CR, from);
  for (let at = from; ; ) {
    at = skimLines(bytes, at, startOf, reader);
    if (cr >= 0 && cr < at) cr = bytes.indexOf(CR, at);
    const lf = bytes.indexOf(LF, at);
    const end = cr < 0 || (lf >= 0 && lf < cr) ? lf : cr;
    if (end < 0) return at;
    tell(bytes, startOf(bytes, at), end, reader);
    at = end;
  }
};

const NOTHING = Buffer.alloc(0);

/** A message a line; the pieces may be cut anywhere. Lines end as in server-sent events: with CR, LF or both. */
class LineFraming implements Framing {
  readonly #startOf: StartOf;
  #unread = NOTHING;
  #began = false;

  constructor(startOf: StartOf) {
    this.#startOf = startOf;
  }

  skim(bytes: Uint8Array, reader: MessageReader): number {
    return this.#unread.length === 0 ? skimLines(bytes, 0, this.#startOf, reader) : 0;
  }

  push(given: Buffer, reader: MessageReader): void {
    const bytes = this.#unread.length === 0 ? given : Buffer.concat([this.#unread, given]);
    const from = !this.#began && startsWith(bytes, 0, BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
    this.#began ||= bytes.length > 0;
    const left = bytes.subarray(readLines(bytes, from, this.#startOf, reader));
    this.#unread = left.length === 0 ? NOTHING : Buffer.from(left);
  }

  end(reader: MessageReader): void {
    tell(this.#unread, this.#startOf(this.#unread, 0), this.#unread.length, reader);
    this.#unread = NOTHING;
  }
}

const startOfData: StartOf = (bytes, at) => {
  if (!startsWith(bytes, at, DATA)) return -1;
  const start = at + DATA.length;
  return bytes[start] === BLANK ? start + 1 : start;
};

const startOfLine: StartOf = (_bytes, at) => at;

/**
 * Server-sent events: every `data:` line is a message, which is how all providers use them; comments, names and ids
 * are left out.
 */
export const createSseFraming = (): Framing => new LineFraming(startOfData);

/** One JSON document a line (NDJSON, JSON Lines). */
export const createLineFraming = (): Framing => new LineFraming(startOfLine);

/** The framing for a content type: server-sent events, lines, or null for a plain body. */
export const framingFor = (contentType: string): Framing | null => {
  if (contentType.includes("text/event-stream")) return createSseFraming();
  return /ndjson|jsonl|json-seq|stream\+json/.test(contentType) ? createLineFraming() : null;
};
