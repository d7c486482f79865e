import { COMMON_WORDS } from "./common-words.ts";
import { createNumberTable, lookUp } from "./number-table.ts";
import type { Script } from "./script-of-character.ts";
import { addToHash, HASH_START, wordHash } from "./word-hash.ts";

/** Scripts that name their language well enough. */
const OF_SCRIPT: Readonly<Partial<Record<Script, string>>> = {
  greek: "el",
  hebrew: "he",
  arabic: "ar",
  devanagari: "hi",
  thai: "th",
  kana: "ja",
  han: "zh",
  hangul: "ko",
};

const CODES = Object.keys(COMMON_WORDS);

/** What a word says for each of its languages, by how many it has; one word alone is never enough. */
const WEIGHTS = [0, 5, 3, 2, 1, 1] as const;

/** A letter by itself may be a name, a list or an algebra; two letters are often a foreign word too. */
const weightOf = (word: string, languages: number): number => {
  if (word.length === 1) return languages === 1 ? 2 : 0;
  return Math.min(WEIGHTS[languages] ?? 0, 2 * word.length);
};

interface CommonWord {
  /** Places in CODES. */
  readonly languages: readonly number[];
  readonly weight: number;
}

const WORDS_BY_TEXT: ReadonlyMap<string, CommonWord> = (() => {
  const found = new Map<string, Set<number>>();
  CODES.forEach((code, index) => {
    for (const word of (COMMON_WORDS[code] ?? "").split(" ")) {
      // An apostrophe ends a word here.
      const text = word.split("'")[0] ?? "";
      found.set(text, (found.get(text) ?? new Set()).add(index));
    }
  });
  return new Map(
    [...found].map(([word, languages]) => [
      word,
      { languages: [...languages], weight: weightOf(word, languages.size) },
    ]),
  );
})();

const COMMON: readonly CommonWord[] = [...WORDS_BY_TEXT.values()];

/** The place of each word in COMMON, from 1, by the word's hash. */
const PLACE_OF_WORD = createNumberTable(new Map([...WORDS_BY_TEXT.keys()].map((word, at) => [wordHash(word), at + 1])));

/** Words looked at; a language shows in its first sentences. */
const WORDS = 120;

/** What has to be said for a language, how far ahead of the next, and in how large a share of all words. */
const MIN_SCORE = 6;
const MIN_LEAD = 3;
const MIN_SHARE = 0.1;

/** No common word is longer. */
const LONGEST = Math.max(...[...WORDS_BY_TEXT.keys()].map((word) => word.length));

/** A small letter of Latin script. */
const isLetter = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 0xdf && code <= 0x24f && code !== 0xf7) || (code >= 0x1e00 && code <= 0x1eff);

const NO_WORD: CommonWord = { languages: [], weight: 0 };

/** Scratch, filled anew for every text: what is said for each language, and the text each word was last seen in. */
const SCORES = new Int32Array(CODES.length);
const SEEN_IN = new Float64Array(COMMON.length);
let texts = 0;

interface Counted {
  readonly words: number;
  readonly common: number;
}

/** Adds up in SCORES what the common words among the first words say, each of them once. */
const scoreWords = (text: string): Counted => {
  SCORES.fill(0);
  texts += 1;
  const end = Math.min(text.length, WORDS * 10);
  let words = 0;
  let common = 0;
  for (let at = 0; at < end && words < WORDS; at += 1) {
    if (!isLetter(text.charCodeAt(at))) continue;
    const start = at;
    let hash = HASH_START;
    for (; at < end; at += 1) {
      const code = text.charCodeAt(at);
      if (!isLetter(code)) break;
      hash = addToHash(hash, code);
    }
    words += 1;
    const place = at - start <= LONGEST ? lookUp(PLACE_OF_WORD, hash) - 1 : -1;
    if (place < 0) continue;
    common += 1;
    if (SEEN_IN[place] === texts) continue;
    SEEN_IN[place] = texts;
    const { languages, weight } = COMMON[place] ?? NO_WORD;
    for (const language of languages) SCORES[language] = (SCORES[language] ?? 0) + weight;
  }
  return { words, common };
};

const latinLanguage = (plain: string): string | null => {
  const { words, common } = scoreWords(plain);
  let [leader, best, next] = [0, 0, 0];
  SCORES.forEach((score, language) => {
    if (score > best) [leader, best, next] = [language, score, best];
    else if (score > next) next = score;
  });
  return best >= MIN_SCORE && best - next >= MIN_LEAD && common >= MIN_SHARE * words ? (CODES[leader] ?? null) : null;
};

/**
 * The language an answer is in, ISO 639-1; null where it is not clear (short texts, code, names). `plain` is the
 * answer normalised: lower case, single blanks; `script` the one most of its letters belong to.
 */
export const languageOf = (plain: string, script: Script): string | null => {
  if (script === "cyrillic") return /[іїєґ]/.test(plain) ? "uk" : "ru";
  return script === "latin" ? latinLanguage(plain) : (OF_SCRIPT[script] ?? null);
};
