import { isBlank } from "./blank.ts";
import { scanForeign } from "./foreign-scan.ts";
import { MARKS, MARKS_OF } from "./marks.ts";
import { MAX_SAMPLE_CHARS } from "./sample-text.ts";
import { LATIN } from "./script-of-character.ts";
import { scanWords } from "./word-scan.ts";

/** What one pass over the characters of a text counts. `codes` and `words` hold until the next text is scanned. */
export interface TextScan {
  readonly chars: number;
  readonly sentences: number;
  readonly digits: number;
  readonly nonAscii: number;
  readonly exclamations: number;
  readonly curlyApostrophes: number;
  readonly emDashes: number;
  /** Longest run of one letter or digit. */
  readonly longestLetterRun: number;
  /** Letters per script, in the order of SCRIPTS. */
  readonly letters: readonly number[];
  /** The first `chars` are the code units of the text. */
  readonly codes: Uint16Array;
  /** A number for every word in order, equal for equal words whatever their case (ASCII); the first `wordCount`. */
  readonly words: Int32Array;
  readonly wordCount: number;
  /** Characters that belong to words. */
  readonly wordChars: number;
  /** The kinds of characters the text holds: bits of MARKS. */
  readonly marks: number;
}

/** Scratch, filled anew for every text: a new one each time would cost more than the walk. */
const CODES = new Uint16Array(MAX_SAMPLE_CHARS);

/**
 * Counts what can be counted character by character. Linear; a few passes with few counters each: all in one pass took
 * three times as long. A letter or a space of plain English costs one look at a table here.
 */
export const scanText = (text: string): TextScan => {
  const chars = text.length;
  let marks = 0;
  let digits = 0;
  let stops = 0;
  let nonAscii = 0;
  let exclamations = 0;
  let previous = 0;
  for (let at = 0; at < chars; at += 1) {
    const code = text.charCodeAt(at);
    CODES[at] = code;
    if (code >= 128) {
      nonAscii += 1;
      continue;
    }
    const mark = MARKS_OF[code] ?? 0;
    marks |= mark;
    if (code === 32 && previous === 32) marks |= MARKS.oddBlank;
    previous = code;
    if (mark < MARKS.digit) continue;
    if (mark === MARKS.digit) digits += 1;
    else {
      if (code === 33) exclamations += 1;
      if (at + 1 === chars || isBlank(text.charCodeAt(at + 1))) stops += 1;
    }
  }
  const foreign = scanForeign(CODES, nonAscii > 0 ? chars : 0);
  const words = scanWords(CODES, chars);
  const { letters } = foreign;
  letters[LATIN] = (letters[LATIN] ?? 0) + words.asciiChars - digits;
  return {
    chars,
    sentences: Math.max(stops + foreign.stops, words.count > 0 ? 1 : 0),
    digits,
    nonAscii,
    exclamations: exclamations + foreign.exclamations,
    curlyApostrophes: foreign.curlyApostrophes,
    emDashes: foreign.emDashes,
    longestLetterRun: words.longestLetterRun,
    letters,
    codes: CODES,
    words: words.words,
    wordCount: words.count,
    wordChars: words.asciiChars + words.foreignChars,
    marks: nonAscii > 0 ? marks | MARKS.foreign : marks,
  };
};
