// Control characters, line separators and the bidirectional overrides that let text pretend to be other text.
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/** `text` on one line, without terminal escapes, line breaks and direction overrides: one space stands for each run. */
export const oneLine = (text: string): string => text.toWellFormed().replace(UNPRINTABLE, " ").trim();
