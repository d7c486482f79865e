/**
 * Recognises messages that are like an earlier one but for one text. Nearly all of a stream's messages are: parsing
 * each of them is most of what reading a stream costs.
 */
export interface RepeatedText {
  /** Remembers a message that says nothing new but `text`, the value of its member `content`. */
  readonly learn: (message: string, text: string) => void;
  /** The text of a message that is, letter by letter, like the learned one around it; null for every other. */
  readonly textOf: (message: string) => string | null;
}

const MEMBER = /"content":\s?"/g;

/** OpenAI pads its messages to the same length. */
const PADDING = /"obfuscation":"[^"\\]*"/;

/** Longer messages hold more than a piece of text. */
const MAX_CHARS = 4096;

/** A stream that never repeats itself is not studied any longer. */
const MAX_LESSONS = 16;

const literally = (text: string): string => text.replaceAll(/[$()*+.?[\\\]^{|}]/g, "\\$&");

/** The whole message with any text in place of the learned one, and any padding in place of the padding. */
const patternOf = (head: string, tail: string): RegExp => {
  const parts = tail.split(PADDING).map(literally);
  return new RegExp(`^${literally(head)}([^"\\\\]*)${parts.join('"obfuscation":"[^"\\\\]*"')}$`);
};

/** Starts with nothing learned. Texts with escapes are left to the parser. */
export const createRepeatedText = (): RepeatedText => {
  let learned: RegExp | null = null;
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
      learned = patternOf(message.slice(0, start), message.slice(end));
    },
    textOf: (message) => learned?.exec(message)?.[1] ?? null,
  };
};
