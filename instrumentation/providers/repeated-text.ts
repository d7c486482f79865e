/**
 * Recognises messages that are like an earlier one but for one text, by their bytes. Nearly all of a stream's messages
 * are: cutting each of them out and parsing it is most of what reading a stream costs.
 */
export interface RepeatedText {
  /** Remembers a message that says nothing new but `text`, the value of its member `content`. */
  readonly learn: (message: string, text: string) => void;
  /**
   * The text of the message that begins at `at` and fills the line, and where that ends; null where it is not, byte by
   * byte, like the learned one around its text.
   */
  readonly skim: (bytes: Buffer, at: number) => { readonly text: string; readonly end: number } | null;
}

const MEMBER = /"content":\s?"/g;

/** OpenAI pads its messages to the same length. */
const PADDING = /(?<="obfuscation":")[^"\\]*(?=")/;

/** Longer messages hold more than a piece of text. */
const MAX_CHARS = 4096;

/** A stream that never repeats itself is not studied any longer. */
const MAX_LESSONS = 16;

const LF = 10;
const CR = 13;
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

const isAt = (bytes: Buffer, at: number, part: Uint8Array): boolean =>
  at + part.length <= bytes.length && bytes.compare(part, 0, part.length, at, at + part.length) === 0;

/** A learned message: what stands before its text, and what after it, cut where there may be any padding. */
interface Learned {
  readonly head: Uint8Array;
  readonly tail: readonly Uint8Array[];
}

/** Where `tail` ends that begins at `from`; -1 where something else does. */
const endOfTail = (bytes: Buffer, from: number, tail: readonly Uint8Array[]): number => {
  let at = from;
  for (const part of tail) {
    // The padding before it, which is empty before the first.
    const start = part === tail[0] ? at : endOfText(bytes, at);
    if (start < 0 || !isAt(bytes, start, part)) return -1;
    at = start + part.length;
  }
  return at;
};

/** The last line may go on in the next piece. */
const isLineEnd = (bytes: Buffer, at: number): boolean => bytes[at] === LF || bytes[at] === CR;

/** Starts with nothing learned. */
export const createRepeatedText = (): RepeatedText => {
  let learned: Learned | null = null;
  let lessons = 0;
  return {
    learn: (message, text) => {
      if (lessons >= MAX_LESSONS || message.length > MAX_CHARS) return;
      lessons += 1;
      const [found, ...more] = message.matchAll(MEMBER);
      if (found === undefined || more.length > 0) return;
      const start = found.index + found[0].length;
      const end = message.indexOf('"', start);
      // Another member of that name, or a text with escapes.
      if (message.slice(start, end) !== text) return;
      const tail = message.slice(end).split(PADDING);
      learned = { head: Buffer.from(message.slice(0, start)), tail: tail.map((part) => Buffer.from(part)) };
    },
    skim: (bytes, at) => {
      if (learned === null || !isAt(bytes, at, learned.head)) return null;
      const start = at + learned.head.length;
      const textEnd = endOfText(bytes, start);
      const end = textEnd < 0 ? -1 : endOfTail(bytes, textEnd, learned.tail);
      return isLineEnd(bytes, end) ? { text: bytes.toString("utf8", start, textEnd), end } : null;
    },
  };
};
