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

/** The commonest short words of languages in Latin script; a word may belong to several. */
const COMMON: Readonly<Record<string, string>> = {
  en: "the and of to is in that it for you with this are be on as have not can your i",
  es: "el la los las de que y en un una es por con para no se su del al lo como más está puede",
  fr: "le la les des de et est un une que pour dans vous je ne pas ce qui sur avec au du nous il",
  de: "der die das und ist nicht ein eine zu den mit von für auf sie ich es dem im kann werden wie sich",
  it: "il la che di e è un una per non con del della sono gli si da i le in più come questo puoi",
  pt: "o a os que de e é um uma para não com da em na por você são mais seu sua como isso está",
  nl: "de het een en van is niet te dat op voor met zijn ik je aan u kan die er deze maar ook",
  pl: "i w nie na to że się jest z do jak o co tak ale po czy dla ten za są od może być",
  tr: "ve bir bu için de da ile ne çok değil olarak gibi daha ben sen var olan ama ya en kadar",
  id: "yang dan di ini itu untuk dengan tidak dari pada adalah saya anda ke akan bisa atau dalam ada",
  vi: "và là của có không cho một được các với tôi bạn này trong đã những để người khi như",
};

const CODES = Object.keys(COMMON);

/** The languages each word belongs to, as places in CODES. */
const LANGUAGES_OF_WORD: ReadonlyMap<string, readonly number[]> = (() => {
  const found = new Map<string, number[]>();
  CODES.forEach((code, index) => {
    for (const word of COMMON[code]?.split(" ") ?? []) found.set(word, [...(found.get(word) ?? []), index]);
  });
  return found;
})();

/** The same by a number: every list of languages once, and the place of each word's list, from 1, by the word's hash. */
const [LISTS, LIST_OF_WORD] = (() => {
  const lists = [...new Set([...LANGUAGES_OF_WORD.values()].map((list) => list.join()))];
  const places = new Map(
    [...LANGUAGES_OF_WORD].map(([word, list]) => [wordHash(word), lists.indexOf(list.join()) + 1]),
  );
  return [lists.map((list) => list.split(",").map(Number)), createNumberTable(places)] as const;
})();

/** Words looked at; a language shows in its first sentences. */
const WORDS = 120;

/** This many common words, and this share of all, before a text is said to be in a language. */
const MIN_HITS = 2;
const MIN_SHARE = 0.1;

/** No common word is longer. */
const LONGEST = Math.max(...[...LANGUAGES_OF_WORD.keys()].map((word) => word.length));

/** A small letter of Latin script. */
const isLetter = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 0xdf && code <= 0x24f && code !== 0xf7) || (code >= 0x1e00 && code <= 0x1eff);

/** Counts the common words among the first words for each language they belong to; returns how many words there were. */
const countCommon = (text: string, hits: number[]): number => {
  const end = Math.min(text.length, WORDS * 10);
  let words = 0;
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
    const list = at - start <= LONGEST ? lookUp(LIST_OF_WORD, hash) : 0;
    if (list > 0) for (const language of LISTS[list - 1] ?? []) hits[language] = (hits[language] ?? 0) + 1;
  }
  return words;
};

const latinLanguage = (plain: string): string | null => {
  const hits = new Array<number>(CODES.length).fill(0);
  const words = countCommon(plain, hits);
  const best = Math.max(...hits);
  const leader = hits.indexOf(best);
  const isAlone = leader === hits.lastIndexOf(best);
  return isAlone && best >= MIN_HITS && best >= MIN_SHARE * words ? (CODES[leader] ?? null) : null;
};

/**
 * The language an answer is in, ISO 639-1; null where it is not clear (short texts, code, names). `plain` is the
 * answer normalised: lower case, single blanks; `script` the one most of its letters belong to.
 */
export const languageOf = (plain: string, script: Script): string | null => {
  if (script === "cyrillic") return /[іїєґ]/.test(plain) ? "uk" : "ru";
  return script === "latin" ? latinLanguage(plain) : (OF_SCRIPT[script] ?? null);
};
