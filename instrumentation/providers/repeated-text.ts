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

/** A stream that never repeats itself is not studied any longer. */
const MAX_LESSONS = 16;

/** Starts with nothing learned. Texts with escapes are left to the parser. */
export const createRepeatedText = (): RepeatedText => {
  let head = "";
  let tail = "";
  let lessons = 0;
  return {
    learn: (message, text) => {
      if (lessons >= MAX_LESSONS) return;
      lessons += 1;
      const [found, ...more] = message.matchAll(MEMBER);
      if (found === undefined || more.length > 0) return;
      const start = found.index + found[0].length;
      const end = message.indexOf('"', start);
      // Another member of that name, or a text with escapes.
      if (message.slice(start, end) !== text) return;
      head = message.slice(0, start);
      tail = message.slice(end).replace(PADDING, "");
    },
    textOf: (message) => {
      if (head === "" || !message.startsWith(head)) return null;
      const end = message.indexOf('"', head.length);
      const text = message.slice(head.length, end);
      if (end < 0 || text.includes("\\")) return null;
      const rest = message.slice(end);
      return rest === tail || rest.replace(PADDING, "") === tail ? text : null;
    },
  };
};
