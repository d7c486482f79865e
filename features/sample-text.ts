const HEAD_CHARS = 16 * 1024;
const TAIL_CHARS = 2 * 1024;

/** No sample is longer. */
export const MAX_SAMPLE_CHARS: number = HEAD_CHARS + 1 + TAIL_CHARS;

/** The part of a text that features are computed on: its first 16 Ki and last 2 Ki characters, with a line between. */
export const sampleText = (text: string): string =>
  text.length <= HEAD_CHARS + TAIL_CHARS ? text : `${text.slice(0, HEAD_CHARS)}\n${text.slice(-TAIL_CHARS)}`;
