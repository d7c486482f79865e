import { MAX_SAMPLE_CHARS } from "../sample-text.ts";
import { addToHash, HASH_START } from "../word-hash.ts";
import { scanWords } from "../word-scan.ts";

/** How alike two texts are by what they are made of, 0 to 1; null where neither has any of it. */
export interface Similarity {
  readonly tokens: number | null;
  readonly chars: number | null;
}

const GRAM = 3;

const CODES = new Uint16Array(MAX_SAMPLE_CHARS);

/** The words of a text, a number each. Scripts without blanks: each character is one. */
const wordsOf = (text: string): Int32Array => {
  const length = Math.min(text.length, MAX_SAMPLE_CHARS);
  for (let at = 0; at < length; at += 1) CODES[at] = text.charCodeAt(at);
  const { words, count } = scanWords(CODES, length);
  return words.slice(0, count);
};

/** Sequences of three code units, a blank before and behind the text, a number each: of any text but the empty one. */
const gramsOf = (text: string): Int32Array => {
  const length = Math.min(text.length, MAX_SAMPLE_CHARS);
  if (length === 0) return new Int32Array(0);
  const codeAt = (at: number): number => (at < 0 || at >= length ? 32 : text.charCodeAt(at));
  const grams = new Int32Array(length);
  for (let at = 0; at < length; at += 1) {
    let hash = HASH_START;
    for (let i = 0; i < GRAM; i += 1) hash = addToHash(hash, codeAt(at - 1 + i));
    grams[at] = hash;
  }
  return grams;
};

/** Twice what two lists have in common, each number as often as both have it, over their lengths (Dice). */
const dice = (a: Int32Array, b: Int32Array): number | null => {
  if (a.length + b.length === 0) return null;
  a.sort();
  b.sort();
  let [common, i, j] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const [x, y] = [a[i] ?? 0, b[j] ?? 0];
    if (x === y) common += 1;
    if (x <= y) i += 1;
    if (y <= x) j += 1;
  }
  return (2 * common) / (a.length + b.length);
};

/**
 * Likeness of two normalised texts by words and by characters, in any script. Looks at the first 18 Ki characters: of longer
 * texts give a sample. Order of words counts only as far as three characters reach.
 */
export const similarityOf = (a: string, b: string): Similarity => ({
  tokens: dice(wordsOf(a), wordsOf(b)),
  chars: dice(gramsOf(a), gramsOf(b)),
});
