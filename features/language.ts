import { dominantScript } from "./script.ts";
import type { Script, TextScan } from "./text-scan.ts";

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

const LANGUAGES_OF_WORD: ReadonlyMap<string, readonly number[]> = (() => {
  const found = new Map<string, number[]>();
  CODES.forEach((code, index) => {
    for (const word of COMMON[code]?.split(" ") ?? []) found.set(word, [...(found.get(word) ?? []), index]);
  });
  return found;
})();

/** Words looked at; a language shows in its first sentences. */
const WORDS = 120;

/** This many common words, and this share of all, before a text is said to be in a language. */
const MIN_HITS = 2;
const MIN_SHARE = 0.1;

/** What is no small letter of Latin script, spelled out: asking for any letter at all takes four times as long. */
const BETWEEN_WORDS = /[^a-z\u00df-\u00f6\u00f8-\u024f\u1e00-\u1eff]+/;

const latinLanguage = (plain: string): string | null => {
  const words = plain.slice(0, WORDS * 10).split(BETWEEN_WORDS, WORDS);
  const hits = CODES.map(() => 0);
  for (const word of words) for (const at of LANGUAGES_OF_WORD.get(word) ?? []) hits[at] = (hits[at] ?? 0) + 1;
  const best = Math.max(...hits);
  const leaders = CODES.filter((_code, at) => hits[at] === best);
  return best >= MIN_HITS && best >= MIN_SHARE * words.length
    ? leaders.length === 1
      ? (leaders[0] ?? null)
      : null
    : null;
};

/**
 * The language an answer is in, ISO 639-1; null where it is not clear (short texts, code, names). `plain` is the
 * answer normalised: lower case, single blanks.
 */
export const languageOf = (plain: string, scan: TextScan): string | null => {
  const script = dominantScript(scan);
  if (script === null) return null;
  if (script === "cyrillic") return /[іїєґ]/.test(plain) ? "uk" : "ru";
  return script === "latin" ? latinLanguage(plain) : (OF_SCRIPT[script] ?? null);
};
