import type { Features } from "../core/features.ts";
import { compressibility } from "./compressibility.ts";
import type { TextScan } from "./text-scan.ts";

const GRAM = 4;

/** Words that are looked at for repeated sequences: about as many as 18 Ki characters of prose have. */
const GRAM_WORDS = 4096;
const MIN_WORDS = 20;
const TYPE_TOKEN_WORDS = 100;

const longestWordRun = (words: readonly number[]): number => {
  let [longest, run] = [0, 0];
  words.forEach((word, at) => {
    run = at > 0 && word === words[at - 1] ? run + 1 : 1;
    if (run > longest) longest = run;
  });
  return longest;
};

/** Share of the sequences of four words that stood earlier in the text; null for texts under 20 words. */
const repeatedGrams = (words: readonly number[]): number | null => {
  if (words.length < MIN_WORDS) return null;
  const seen = new Set<number>();
  const total = Math.min(words.length, GRAM_WORDS) - GRAM + 1;
  for (let at = 0; at < total; at += 1) {
    let gram = 0;
    for (let next = at; next < at + GRAM; next += 1) gram = Math.imul(gram, 31) + (words[next] ?? 0);
    seen.add(gram | 0);
  }
  return 1 - seen.size / total;
};

const typeTokenRatio = (words: readonly number[]): number | null => {
  const first = words.slice(0, TYPE_TOKEN_WORDS);
  return first.length < MIN_WORDS ? null : new Set(first).size / first.length;
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

const isScriptSoup = ({ scripts, wordChars }: TextScan): boolean =>
  [...scripts.values()].filter((letters) => letters > SCRIPT_SHARE * wordChars).length >= TOO_MANY_SCRIPTS;

/** The family `degeneration`. */
export const degenerationFeatures = (text: string, scan: TextScan): Features => {
  const { words, longestLetterRun } = scan;
  const size = compressibility(text);
  const grams = repeatedGrams(words);
  const types = typeTokenRatio(words);
  const run = Math.max(longestWordRun(words), longestLetterRun);
  const loops =
    (size !== null && size < LOOPS.compressibility) ||
    run >= LOOPS.run ||
    (grams !== null && grams > LOOPS.grams) ||
    (types !== null && types < MIN_TYPE_TOKEN) ||
    (words.length >= MIN_WORDS && isScriptSoup(scan));
  return {
    longest_run: run,
    degenerate: Number(loops),
    ...(size === null ? {} : { compressibility: size }),
    ...(grams === null ? {} : { repeated_4grams: grams }),
    ...(types === null ? {} : { type_token_ratio: types }),
  };
};
