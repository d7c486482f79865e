import { isLineEnd } from "../framing/line-end.ts";

const MEMBER = /"content":\s?"/g;

/** OpenAI pads its messages to the same length. */
const PADDING = /(?<="obfuscation":")[^"\\]*(?=")/;

/** Longer messages hold more than a piece of text. */
const MAX_CHARS = 4096;

/** A stream that never repeats itself is not studied any longer. */
const MAX_LESSONS = 16;

const NOTHING = Buffer.alloc(0);

const QUOTE = 34;
const BACKSLASH = 92;
const BLANK = 32;

/** Where the text ends that begins at `at`; -1 where that is not the next quote: escapes are left to the parser. */
const endOfText = (bytes: Uint8Array, at: number): number => {
  for (let end = at; end < bytes.length; end += 1) {
    const byte = bytes[end] as number;
    if (byte === QUOTE) return end;
    // No text of JSON has control characters; a line ends with one.
    if (byte === BACKSLASH || byte < BLANK) return -1;
  }
  return -1;
};

/** Four bytes at a time, which takes a third of what Buffer's own comparison of parts takes. */
const isAt = (view: DataView, at: number, part: DataView): boolean => {
  const { byteLength } = part;
  if (at + byteLength > view.byteLength) return false;
  let done = 0;
  for (; done + 4 <= byteLength; done += 4) if (view.getInt32(at + done) !== part.getInt32(done)) return false;
  for (; done < byteLength; done += 1) if (view.getInt8(at + done) !== part.getInt8(done)) return false;
  return true;
};

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength);

/** A learned message: what stands before its text, and what after it, cut where there may be any padding. */
interface Learned {
  readonly head: DataView;
  readonly tail: readonly DataView[];
}

/** Where `tail` ends that begins at `from`; -1 where something else does. */
const endOfTail = (bytes: Uint8Array, view: DataView, from: number, tail: readonly DataView[]): number => {
  let at = from;
  for (const part of tail) {
    // The padding before it, which is empty before the first.
    const start = part === tail[0] ? at : endOfText(bytes, at);
    if (start < 0 || !isAt(view, start, part)) return -1;
    at = start + part.byteLength;
  }
  return at;
};

/** Room for the texts of a run of messages: at first, and at most. */
const RUN_BYTES = 2048;
const MAX_RUN_BYTES = 256 * 1024;

/**
 * Recognises messages that are like an earlier one but for one text, by their bytes. Nearly all of a stream's messages
 * are: cutting each of them out and parsing it is most of what reading a stream costs. Starts with nothing learned.
 */
export class RepeatedText {
  #learned: Learned | null = null;
  #lessons = 0;
  #bytes: Uint8Array = NOTHING;
  #view = viewOf(NOTHING);
  /** The bytes of the texts of a run of skimmed messages: as one text they cost a tenth. */
  #run: Buffer = NOTHING;
  #used = 0;
  #skimmed = false;

  /** Remembers a message that says nothing new but `text`, the value of its member `content`. */
  learn(message: string, text: string): void {
    if (this.#lessons >= MAX_LESSONS || message.length > MAX_CHARS) return;
    this.#lessons += 1;
    const [found, ...more] = message.matchAll(MEMBER);
    if (found === undefined || more.length > 0) return;
    const start = found.index + found[0].length;
    const end = message.indexOf('"', start);
    // Another member of that name, or a text with escapes.
    if (message.slice(start, end) !== text) return;
    const tail = message.slice(end).split(PADDING);
    this.#learned = {
      head: viewOf(Buffer.from(message.slice(0, start))),
      tail: tail.map((part) => viewOf(Buffer.from(part))),
    };
  }

  /**
   * Takes the text of the message that begins at `at`, fills the line and is, byte by byte, like the learned one around
   * its text; says where the message ends, and -1 for every other, of which nothing is taken, as when too much is kept.
   */
  skim(bytes: Uint8Array, at: number): number {
    const learned = this.#learned;
    if (learned === null) return -1;
    const view = this.#viewOf(bytes);
    if (!isAt(view, at, learned.head)) return -1;
    const start = at + learned.head.byteLength;
    const textEnd = endOfText(bytes, start);
    const end = textEnd < 0 ? -1 : endOfTail(bytes, view, textEnd, learned.tail);
    // The last line may go on in the next piece.
    if (!isLineEnd(bytes, end) || this.#used + textEnd - start > MAX_RUN_BYTES) return -1;
    this.#keep(bytes, start, textEnd);
    return end;
  }

  /** The texts taken since the last time, joined; null without a message. */
  take(): string | null {
    if (!this.#skimmed) return null;
    const text = this.#run.toString("utf8", 0, this.#used);
    this.#used = 0;
    this.#skimmed = false;
    return text;
  }

  /** The same for all messages of a piece. */
  #viewOf(bytes: Uint8Array): DataView {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#view = viewOf(bytes);
    }
    return this.#view;
  }

  #keep(bytes: Uint8Array, start: number, end: number): void {
    const needed = this.#used + end - start;
    if (needed > this.#run.length) {
      const larger = Buffer.allocUnsafe(Math.max(RUN_BYTES, needed * 2));
      this.#run.copy(larger, 0, 0, this.#used);
      this.#run = larger;
    }
    // A few bytes at a time: a call would cost more.
    for (let at = start; at < end; at += 1) this.#run[this.#used++] = bytes[at] as number;
    this.#skimmed = true;
  }
}
