import { MARKS, MARKS_OF } from "./marks.ts";
import { MAX_SAMPLE_CHARS } from "./sample-text.ts";
import { LATIN, NO_SCRIPT, SCRIPT_OF, SCRIPTS } from "./script-of-character.ts";

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

/** Scratch, filled anew for every text: new ones each time would cost more than the walk. */
const CODES = new Uint16Array(MAX_SAMPLE_CHARS);
const WORDS = new Int32Array(MAX_SAMPLE_CHARS);

/** What an ASCII letter (its lower case) or digit adds to its word; 0 for every other character. */
const WORD_CODES: Uint8Array = (() => {
  const table = new Uint8Array(128);
  for (let code = 48; code <= 57; code += 1) table[code] = code;
  for (let code = 97; code <= 122; code += 1) table.fill(code, code, code + 1).fill(code, code - 32, code - 31);
  return table;
})();

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

const isBlank = (code: number): boolean => code === 32 || (code >= 9 && code <= 13) || code === 0xa0;

/** `.`, `!`, `?`, the Arabic question mark and the danda end a sentence before a blank. */
const isStop = (code: number): boolean =>
  code === 46 || code === 33 || code === 63 || code === 0x61f || code === 0x964 || code === 0x2026;

/** Full stops of scripts that put no blank behind them. */
const isWideStop = (code: number): boolean => code === 0x3002 || code === 0xff01 || code === 0xff1f;

/** An apostrophe, and a combining mark, stay inside their word. */
const staysInWord = (code: number): boolean =>
  code === 39 || code === 0x2019 || code === 0x2bc || (code >= 0x300 && code <= 0x36f);

/** Each character of these is a word of its own: the scripts write no blanks. */
const UNSPACED: readonly boolean[] = [
  ...SCRIPTS.map((script) => script === "han" || script === "kana" || script === "thai"),
  false,
];

const FNV_START = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;

/**
 * Counts what can be counted character by character. Linear; one pass, in one function and with no object made on the
 * way: split up, with its counters shared between closures, it took three times as long.
 */
export const scanText = (text: string): TextScan => {
  const chars = text.length;
  const letters = SCRIPTS.map(() => 0);
  let [sentences, digits, nonAscii, exclamations, curlyApostrophes, emDashes] = [0, 0, 0, 0, 0, 0];
  let [marks, asciiWordChars, foreignWordChars, wordCount] = [0, 0, 0, 0];
  let [hash, isOpen, run, longest, previous] = [FNV_START, false, 0, 0, -1];
  for (let at = 0; at < chars; at += 1) {
    const code = text.charCodeAt(at);
    CODES[at] = code;
    // What the character adds to its word; 0 where it is no part of one.
    let wordCode = 0;
    let standsAlone = false;
    if (code < 128) {
      wordCode = WORD_CODES[code] ?? 0;
      if (wordCode !== 0) {
        asciiWordChars += 1;
        if (isDigit(code)) digits += 1;
      } else if (code === 32) {
        if (previous === 32) marks |= MARKS.oddBlank;
      } else marks |= MARKS_OF[code] ?? 0;
    } else {
      nonAscii += 1;
      if (code === 0x2019) curlyApostrophes += 1;
      else if (code === 0x2014) emDashes += 1;
      const script = SCRIPT_OF[code] ?? NO_SCRIPT;
      if (script !== NO_SCRIPT) {
        wordCode = code;
        standsAlone = UNSPACED[script] === true;
        foreignWordChars += 1;
        letters[script] = (letters[script] ?? 0) + 1;
      }
    }
    if (isOpen && (standsAlone || (wordCode === 0 && !staysInWord(code)))) {
      WORDS[wordCount] = hash;
      wordCount += 1;
      isOpen = false;
    }
    if (wordCode !== 0) {
      hash = Math.imul((isOpen ? hash : FNV_START) ^ wordCode, FNV_PRIME);
      isOpen = !standsAlone;
      if (standsAlone) {
        WORDS[wordCount] = hash;
        wordCount += 1;
      }
      run = wordCode === previous ? run + 1 : 1;
      if (run > longest) longest = run;
    }
    // Some full stops stand among the letters of their script.
    if (wordCode === 0 || code >= 128) {
      if (code === 33 || code === 0xff01) exclamations += 1;
      if (isWideStop(code) || (isStop(code) && (at + 1 === chars || isBlank(text.charCodeAt(at + 1))))) sentences += 1;
    }
    previous = wordCode || code;
  }
  if (isOpen) {
    WORDS[wordCount] = hash;
    wordCount += 1;
  }
  letters[LATIN] = (letters[LATIN] ?? 0) + asciiWordChars - digits;
  return {
    chars,
    sentences: Math.max(sentences, wordCount > 0 ? 1 : 0),
    digits,
    nonAscii,
    exclamations,
    curlyApostrophes,
    emDashes,
    longestLetterRun: longest,
    letters,
    codes: CODES,
    words: WORDS,
    wordCount,
    wordChars: asciiWordChars + foreignWordChars,
    marks: nonAscii > 0 ? marks | MARKS.foreign : marks,
  };
};
