import { MAX_SAMPLE_CHARS } from "./sample-text.ts";
import { NO_SCRIPT, SCRIPT_OF, SCRIPTS } from "./script-of-character.ts";
import { addToHash, HASH_START } from "./word-hash.ts";

/** What one pass over the words of a text finds. `words` holds until the next text is scanned. */
export interface WordScan {
  /** A number for every word in order, equal for equal words whatever their case (ASCII); the first `count`. */
  readonly words: Int32Array;
  readonly count: number;
  /** Characters that belong to words: ASCII and others. */
  readonly asciiChars: number;
  readonly foreignChars: number;
  /** Longest run of one letter or digit. */
  readonly longestLetterRun: number;
}

/** Scratch, filled anew for every text: a new one each time would cost more than the walk. */
const WORDS = new Int32Array(MAX_SAMPLE_CHARS);

/** What an ASCII letter (its lower case) or digit adds to its word; 0 for every other character. */
const WORD_CODES: Uint8Array = (() => {
  const table = new Uint8Array(128);
  for (let code = 48; code <= 57; code += 1) table[code] = code;
  for (let code = 97; code <= 122; code += 1) {
    table[code] = code;
    table[code - 32] = code;
  }
  return table;
})();

/** An apostrophe, and a combining mark, stay inside their word. */
const staysInWord = (code: number): boolean =>
  code === 39 || code === 0x2019 || code === 0x2bc || (code >= 0x300 && code <= 0x36f);

/** Each character of these is a word of its own: the scripts write no blanks. */
const UNSPACED: Uint8Array = Uint8Array.from(SCRIPTS, (script) =>
  Number(script === "han" || script === "kana" || script === "thai"),
);

/** Hashes the words of the first `length` of `codes`. Linear. */
export const scanWords = (codes: Uint16Array, length: number): WordScan => {
  let count = 0;
  let asciiChars = 0;
  let foreignChars = 0;
  let hash = HASH_START;
  let previous = -1;
  let run = 0;
  let longest = 0;
  // A word is open from its first character on.
  let isOpen = false;
  for (let at = 0; at < length; at += 1) {
    const code = codes[at] ?? 0;
    let wordCode = 0;
    let standsAlone = false;
    if (code < 128) {
      wordCode = WORD_CODES[code] ?? 0;
      if (wordCode !== 0) asciiChars += 1;
    } else {
      const script = SCRIPT_OF[code] ?? NO_SCRIPT;
      if (script !== NO_SCRIPT) {
        wordCode = code;
        standsAlone = UNSPACED[script] === 1;
        foreignChars += 1;
      }
    }
    if (wordCode !== 0 && !standsAlone) {
      hash = addToHash(hash, wordCode);
      isOpen = true;
    } else {
      if (isOpen && (standsAlone || !staysInWord(code))) {
        WORDS[count] = hash;
        count += 1;
        hash = HASH_START;
        isOpen = false;
      }
      if (standsAlone) {
        WORDS[count] = addToHash(HASH_START, wordCode);
        count += 1;
      }
    }
    if (wordCode === 0) previous = code;
    else {
      run = wordCode === previous ? run + 1 : 1;
      if (run > longest) longest = run;
      previous = wordCode;
    }
  }
  if (isOpen) {
    WORDS[count] = hash;
    count += 1;
  }
  return { words: WORDS, count, asciiChars, foreignChars, longestLetterRun: longest };
};
