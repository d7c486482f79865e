import { createNumberTable, lookUp, type NumberTable } from "./number-table.ts";

/** What some phrases begin with. */
export interface PhraseStarts {
  /** Bits of the phrases by a start of four characters, or by a word of at most three letters. */
  readonly phrases: NumberTable;
  /** 1 where some start has these first two characters: most words end here. */
  readonly pairs: Uint8Array;
}

const isLetter = (code: number): boolean => code >= 97 && code <= 122;

const keyOf = (first: number, second: number, third: number, fourth: number): number =>
  first | (second << 8) | (third << 16) | (fourth << 24);

const pairOf = (first: number, second: number): number => ((first & 31) << 7) | (second & 127);

/**
 * Puts together what phrases begin with: four characters, or a word of at most three letters. The phrases of each
 * place of `starts` have the bit of that place. All begin with a small letter of ASCII.
 */
export const createPhraseStarts = (starts: readonly (readonly string[])[]): PhraseStarts => {
  const bits = new Map<number, number>();
  const pairs = new Uint8Array(1 << 12);
  starts.forEach((some, place) => {
    for (const start of some) {
      const [first = 0, second = 0, third = 0, fourth = 0] = [...start].map((character) => character.charCodeAt(0));
      const key = keyOf(first, second, third, fourth);
      bits.set(key, (bits.get(key) ?? 0) | (1 << place));
      if (second === 0) pairs.fill(1, pairOf(first, 0), pairOf(first, 127) + 1);
      else pairs[pairOf(first, second)] = 1;
    }
  });
  return { phrases: createNumberTable(bits), pairs };
};

const phrasesAt = (text: string, at: number, phrases: NumberTable): number => {
  const codeAt = (place: number): number => (place < text.length ? text.charCodeAt(place) : 0);
  const first = codeAt(at);
  const second = codeAt(at + 1);
  const third = codeAt(at + 2);
  const fourth = codeAt(at + 3);
  const found = lookUp(phrases, keyOf(first, second, third, fourth));
  if (!isLetter(second)) return found | lookUp(phrases, first);
  if (!isLetter(third)) return found | lookUp(phrases, keyOf(first, second, 0, 0));
  return isLetter(fourth) ? found : found | lookUp(phrases, keyOf(first, second, third, 0));
};

/**
 * The bits of the phrases that may be in a text in lower case; those without their bit are not in it. One look at each
 * start of a word, so that patterns need not be run on texts that have nothing of them. Linear.
 */
export const startsIn = (text: string, { phrases, pairs }: PhraseStarts): number => {
  let found = 0;
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (isLetter(code)) {
      const next = at + 1 < text.length ? text.charCodeAt(at + 1) : 0;
      if (pairs[pairOf(code, next)] === 1) found |= phrasesAt(text, at, phrases);
      at += 1;
      while (at < text.length && isLetter(text.charCodeAt(at))) at += 1;
    }
    at += 1;
  }
  return found;
};
