import { parseObject } from "../../json/read-json.ts";
import type { Framing, MessageReader } from "../wire-format.ts";
import { afterLineEnd, CR, isLineEnd, LF, lineEndFrom } from "./line-end.ts";

const codesOf = (text: string): readonly number[] => [...text].map((letter) => letter.charCodeAt(0));

const DATA = codesOf("data:");
const EVENT = codesOf("event:");
const ERROR = codesOf("error");
const BLANK = 32;
const BYTE_ORDER_MARK: readonly number[] = [0xef, 0xbb, 0xbf];

/** Bytes of an event that is waited for; of a longer one every line is a message. */
const MAX_EVENT = 1024 * 1024;

const startsWith = (bytes: Uint8Array, at: number, start: readonly number[]): boolean => {
  for (let index = 0; index < start.length; index += 1) if (bytes[at + index] !== start[index]) return false;
  return true;
};

/** Says where the message of the line at `at` begins; -1 where it has none. */
type StartOf = (bytes: Uint8Array, at: number) => number;

const startOfData: StartOf = (bytes, at) => {
  if (!startsWith(bytes, at, DATA)) return -1;
  const start = at + DATA.length;
  return bytes[start] === BLANK ? start + 1 : start;
};

const startOfLine: StartOf = (_bytes, at) => at;

/** Whether the line at `at` calls its event an error. */
const namesError = (bytes: Uint8Array, at: number): boolean => {
  const start = bytes[at + EVENT.length] === BLANK ? at + EVENT.length + 1 : at + EVENT.length;
  return startsWith(bytes, start, ERROR) && isLineEnd(bytes, start + ERROR.length);
};

const textOf = (bytes: Buffer, start: number, end: number): string =>
  start < 0 ? "" : bytes.toString("utf8", start, end).trim();

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

const NOTHING = Buffer.alloc(0);

/** Messages in lines; the pieces may be cut anywhere. Lines end as in server-sent events: with CR, LF or both. */
abstract class LineFraming implements Framing {
  readonly #startOf: StartOf;
  #unread = NOTHING;
  #began = false;

  constructor(startOf: StartOf) {
    this.#startOf = startOf;
  }

  /**
   * Tells what the whole line of `bytes` from `at` to `end` says, and where to go on; -1 where it has to be looked at again
   * once more has come. After the last piece, `isLast`, nothing more comes.
   */
  protected abstract line(bytes: Buffer, at: number, end: number, reader: MessageReader, isLast: boolean): number;

  skim(bytes: Uint8Array, reader: MessageReader): number {
    return this.#unread.length === 0 ? skimLines(bytes, 0, this.#startOf, reader) : 0;
  }

  push(given: Buffer, reader: MessageReader): void {
    const bytes = this.#unread.length === 0 ? given : Buffer.concat([this.#unread, given]);
    const from = !this.#began && startsWith(bytes, 0, BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
    this.#began ||= bytes.length > 0;
    const left = bytes.subarray(this.#readLines(bytes, from, reader, false));
    this.#unread = left.length === 0 ? NOTHING : Buffer.from(left);
  }

  end(reader: MessageReader): void {
    // The last line needs no end.
    const bytes = this.#unread.length === 0 ? NOTHING : Buffer.concat([this.#unread, Buffer.from("\n")]);
    this.#unread = NOTHING;
    this.#readLines(bytes, 0, reader, true);
  }

  /** Tells the messages of whole lines from `from` on, and says where the first line begins that is not whole. */
  #readLines(bytes: Buffer, from: number, reader: MessageReader, isLast: boolean): number {
    // Looked for once where there is none.
    let cr = bytes.indexOf(CR, from);
    for (let at = from; ; ) {
      at = skimLines(bytes, at, this.#startOf, reader);
      if (cr >= 0 && cr < at) cr = bytes.indexOf(CR, at);
      const lf = bytes.indexOf(LF, at);
      const end = cr < 0 || (lf >= 0 && lf < cr) ? lf : cr;
      if (end < 0) return at;
      const next = this.line(bytes, at, end, reader, isLast);
      if (next < 0) return at;
      at = next;
    }
  }
}

/** A message a line. */
class DocumentLines extends LineFraming {
  constructor() {
    super(startOfLine);
  }

  protected override line(bytes: Buffer, at: number, end: number, reader: MessageReader): number {
    const text = textOf(bytes, at, end);
    if (text !== "") reader.message(text);
    return end;
  }
}

/**
 * Events, whose data may be spread over lines. Nearly every one has a single line with a blank one after it: only where
 * something else follows, the rest of the event is looked for.
 */
class ServerSentEvents extends LineFraming {
  /** The event that is being read is called an error. */
  #isError = false;

  constructor() {
    super(startOfData);
  }

  protected override line(bytes: Buffer, at: number, end: number, reader: MessageReader, isLast: boolean): number {
    const start = startOfData(bytes, at);
    const next = afterLineEnd(bytes, end);
    if (start < 0) {
      // One without data is none.
      if (startsWith(bytes, at, EVENT)) this.#isError = namesError(bytes, at) && !isLineEnd(bytes, next);
      return end;
    }
    if (next >= bytes.length ? isLast : isLineEnd(bytes, next)) {
      this.#tell(textOf(bytes, start, end), reader);
      return end;
    }
    return this.#spread(bytes, { start, end, next }, reader, isLast);
  }

  /** The data of several lines are joined by line feeds. Where that makes no message, as some forget the blank line, each is one. */
  #spread(
    bytes: Buffer,
    { start, end, next }: { readonly start: number; readonly end: number; readonly next: number },
    reader: MessageReader,
    isLast: boolean,
  ): number {
    const first = textOf(bytes, start, end);
    const isWhole = first === "[DONE]" || parseObject(first) !== null;
    const lines = [first];
    let at = next;
    while (!isWhole && at < bytes.length && !isLineEnd(bytes, at)) {
      const lineEnd = lineEndFrom(bytes, at);
      if (lineEnd < 0) break;
      const more = startOfData(bytes, at);
      if (more >= 0) lines.push(bytes.toString("utf8", more, lineEnd));
      at = afterLineEnd(bytes, lineEnd);
    }
    const isEnded = isWhole || isLast || (at < bytes.length && isLineEnd(bytes, at));
    if (!isEnded && at - start < MAX_EVENT) return -1;
    if (isWhole) {
      this.#tell(first, reader);
      return end;
    }
    const joined = lines.join("\n").trim();
    if (parseObject(joined) !== null) this.#tell(joined, reader);
    else for (const line of lines) this.#tell(line.trim(), reader);
    return at;
  }

  #tell(text: string, reader: MessageReader): void {
    if (text !== "") reader.message(text, this.#isError);
    this.#isError = false;
  }
}

/** Server-sent events: the data of each is a message; comments, names but that of errors, and ids are left out. */
export const createSseFraming = (): Framing => new ServerSentEvents();

/** One JSON document a line (NDJSON, JSON Lines). */
export const createLineFraming = (): Framing => new DocumentLines();

/** The framing for a content type in lower case: server-sent events, lines, or null for a plain body. */
export const framingFor = (contentType: string): Framing | null => {
  if (contentType.includes("text/event-stream")) return createSseFraming();
  return /ndjson|jsonl|json-seq|stream\+json/.test(contentType) ? createLineFraming() : null;
};
