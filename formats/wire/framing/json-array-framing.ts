import type { Framing, MessageReader } from "../wire-format.ts";

/** Longest object kept; what is longer is left out. */
const MAX_OBJECT = 8 * 1024 * 1024;

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN = 123;
const CLOSE = 125;

/**
 * One JSON array that is written piece by piece (Gemini's streams without `alt=sse`): every object in it is a message.
 * Only braces and strings are looked at; nested arrays are part of their object.
 */
export const createJsonArrayFraming = (): Framing => {
  const decoder = new TextDecoder();
  let unread = "";
  /** Where to go on in `unread`, and what is open there. */
  let at = 0;
  let depth = 0;
  let inString = false;

  const step = (code: number): void => {
    if (inString) {
      if (code === BACKSLASH) at += 1;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if (code === OPEN) depth += 1;
    else if (code === CLOSE && depth > 0) depth -= 1;
  };
  const take = (reader: MessageReader): void => {
    let start = 0;
    for (; at < unread.length; at += 1) {
      const before = depth;
      step(unread.charCodeAt(at));
      if (before === 0 && depth === 1) start = at;
      if (before === 1 && depth === 0) {
        reader.message(unread.slice(start, at + 1));
        start = at + 1;
      }
    }
    // An object may be long, but not endless.
    const kept = depth > 0 && unread.length - start <= MAX_OBJECT ? unread.slice(start) : "";
    at += kept.length - unread.length;
    unread = kept;
  };
  return {
    push: (bytes, reader) => {
      unread += decoder.decode(bytes, { stream: true });
      take(reader);
    },
    end: take,
  };
};
