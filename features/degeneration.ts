import { compressibility } from "./compressibility.ts";
import { countDifferent, MAX_COUNTED } from "./count-different.ts";
import type { TextScan } from "./text-scan.ts";
import type { WrittenFeatures } from "./written-features.ts";

const GRAM = 4;

/** Words that are looked at for repeated sequences: about as many as 18 Ki characters of prose have. */
const GRAM_WORDS = MAX_COUNTED;
const MIN_WORDS = 20;
const TYPE_TOKEN_WORDS = 100;

const longestWordRun = ({ words, wordCount }: TextScan): number => {
  let [longest, run] = [0, 0];
  for (let at = 0; at < wordCount; at += 1) {
    run = at > 0 && words[at] === words[at - 1] ? run + 1 : 1;
    if (run > longest) longest = run;
  }
  return longest;
};

/** Scratch: the sequences of four words of one text, as a number each. */
const GRAMS = new Int32Array(GRAM_WORDS);

/** Share of the sequences of four words that stood earlier in the text; null for texts under 20 words. */
const repeatedGrams = ({ words, wordCount }: TextScan): number | null => {
  if (wordCount < MIN_WORDS) return null;
  const total = Math.min(wordCount, GRAM_WORDS) - GRAM + 1;
  for (let at = 0; at < total; at += 1) {
    let gram = 0;
    for (let next = at; next < at + GRAM; next += 1) gram = (Math.imul(gram, 31) + (words[next] ?? 0)) | 0;
    GRAMS[at] = gram;
  }
  return 1 - countDifferent(GRAMS, total) / total;
};

const typeTokenRatio = ({ words, wordCount }: TextScan): number | null => {
  const first = Math.min(wordCount, TYPE_TOKEN_WORDS);
  return first < MIN_WORDS ? null : countDifferent(words, first) / first;
};

/**
 * Beyond these a text loops: none of 1900 answers of GPT-3.5 and GPT-4 to ordinary prompts is. What matters is the
 * share of answers beyond them, never the mean of the measures.
 */
const LOOPS = { compressibility: 0.12, run: 16, grams: 0.6 } as const;

/** Almost no different words, in a text long enough to have some. */
const MIN_TYPE_TOKEN = 0.12;

/** Scripts with this share of the letters count; Japanese with Latin words has three. */
const SCRIPT_SHARE = 0.03;
const TOO_MANY_SCRIPTS = 4;

const isScriptSoup = ({ letters, wordChars }: TextScan): boolean => {
  let scripts = 0;
  for (const count of letters) if (count > SCRIPT_SHARE * wordChars) scripts += 1;
  return scripts >= TOO_MANY_SCRIPTS;
};

/** Writes the family `degeneration`. */
export const putDegeneration = (into: WrittenFeatures, scan: TextScan): void => {
  const size = compressibility(scan.codes, scan.chars);
  const grams = repeatedGrams(scan);
  const types = typeTokenRatio(scan);
  const run = Math.max(longestWordRun(scan), scan.longestLetterRun);
  const loops =
    (size !== null && size < LOOPS.compressibility) ||
    run >= LOOPS.run ||
    (grams !== null && grams > LOOPS.grams) ||
    (types !== null && types < MIN_TYPE_TOKEN) ||
    (scan.wordCount >= MIN_WORDS && isScriptSoup(scan));
  into.longest_run = run;
  into.degenerate = Number(loops);
  if (size !== null) into.compressibility = size;
  if (grams !== null) into.repeated_4grams = grams;
  if (types !== null) into.type_token_ratio = types;
};
