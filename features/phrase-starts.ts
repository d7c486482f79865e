import { createNumberTable, lookUp, type NumberTable } from "./number-table.ts";

const isLetter = (code: number): boolean => code >= 97 && code <= 122;

const keyOf = (first: number, second: number, third: number, fourth: number): number =>
  first | (second << 8) | (third << 16) | (fourth << 24);

/**
 * Puts together what phrases begin with: four characters, or a word of at most three letters. The phrases of each
 * place of `starts` have the bit of that place. All begin with a small letter of ASCII.
 */
export const createPhraseStarts = (starts: readonly (readonly string[])[]): NumberTable => {
  const bits = new Map<number, number>();
  starts.forEach((some, place) => {
    for (const start of some) {
      const [first = 0, second = 0, third = 0, fourth = 0] = [...start].map((character) => character.charCodeAt(0));
      const key = keyOf(first, second, third, fourth);
      bits.set(key, (bits.get(key) ?? 0) | (1 << place));
    }
  });
  return createNumberTable(bits);
};

/**
 * The bits of the phrases that may be in a text in lower case; those without their bit are not in it. One look at each
 * start of a word, so that patterns need not be run on texts that have nothing of them. Linear.
 */
export const startsIn = (text: string, starts: NumberTable): number => {
  let found = 0;
  let wasLetter = false;
  for (let at = 0; at < text.length; at += 1) {
    const first = text.charCodeAt(at);
    const isFirst = isLetter(first) && !wasLetter;
    wasLetter = isLetter(first);
    if (!isFirst) continue;
    const left = text.length - at;
    const second = left > 1 ? text.charCodeAt(at + 1) : 0;
    const third = left > 2 ? text.charCodeAt(at + 2) : 0;
    const fourth = left > 3 ? text.charCodeAt(at + 3) : 0;
    found |= lookUp(starts, keyOf(first, second, third, fourth));
    if (!isLetter(second)) found |= lookUp(starts, first);
    else if (!isLetter(third)) found |= lookUp(starts, keyOf(first, second, 0, 0));
    else if (!isLetter(fourth)) found |= lookUp(starts, keyOf(first, second, third, 0));
  }
  return found;
};
