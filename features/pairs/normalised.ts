import { MAX_JSON_CHARS } from "../json/parse-json.ts";

const FENCE_LINES = /^[ \t]{0,3}(?:```|~~~)[\w+-]{0,20}[ \t]*$/gm;
const APOSTROPHES = /[\u2018\u2019\u02bc\u00b4`]/g;
const QUOTES = /[\u201c\u201d\u201e\u00ab\u00bb]/g;
const DASHES = /[\u2010-\u2015\u2212]/g;
/** Blanks, and what nobody sees. */
const BLANKS = /[\s\u200b-\u200f\u2060\ufeff]+/g;
const FINAL = /[\s.!?\u2026\u3002\uff0e:;,]+$/;
/** No text ends with more that matters, and a search for the end of a long run costs its square. */
const END = 64;

const withoutFinal = (text: string): string => text.slice(0, -END) + text.slice(-END).replace(FINAL, "");

/**
 * A text in the one spelling in which two are compared: NFKC, straight quotes and dashes, lower case, single blanks, no lines
 * that open or close a fence, no final punctuation. Linear.
 */
export const normalised = (text: string): string =>
  withoutFinal(
    text
      .replace(FENCE_LINES, " ")
      .normalize("NFKC")
      .replace(APOSTROPHES, "'")
      .replace(QUOTES, '"')
      .replace(DASHES, "-")
      .replace(BLANKS, " ")
      .trim()
      .toLowerCase(),
  );

/** Characters by which nearly all long texts that differ are told apart, and from which on they can be. */
const BEGINNING = 1024;
const LONG = 4 * BEGINNING;

/** A text, and what normalised() makes of the sample that is looked at (sample-text.ts). */
export interface SampledText {
  readonly text: string;
  readonly sample: string;
  readonly normalised: string;
}

/** Whether two texts are the same, normalised; null where one is longer than 128 Ki characters, and they look the same. */
export const equalNormalised = (a: SampledText, b: SampledText): boolean | null => {
  if (a.text === b.text) return true;
  if (a.sample === a.text && b.sample === b.text) return a.normalised === b.normalised;
  const [x, y] = [a.normalised, b.normalised];
  if (Math.min(x.length, y.length) > LONG && x.slice(0, BEGINNING) !== y.slice(0, BEGINNING)) return false;
  const isTooLong = Math.max(a.text.length, b.text.length) > MAX_JSON_CHARS;
  return isTooLong ? null : normalised(a.text) === normalised(b.text);
};
