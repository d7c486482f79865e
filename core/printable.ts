/**
 * What a terminal obeys instead of showing it, or shows as nothing: control characters (C0, DEL, C1), invisible ones that
 * turn the direction of text, join it or hide in it, line and paragraph separators, lone surrogates. A few are of use in
 * some scripts and emoji; a name that cannot be told from another one is worse.
 */
export const UNPRINTABLE: RegExp = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** As JSON has it: `\u001b`, two of them where a character takes two. */
const escapeOne = (character: string): string =>
  SHORT[character] ??
  Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`,
  ).join("");

/**
 * `text` for a terminal: what it would obey or hide is written out as in JSON, and lines stay lines. In a JSON document
 * the escapes mean what they stand for, so that it holds the same values. Escaping twice changes nothing.
 */
export const printable = (text: string): string =>
  text.replace(UNPRINTABLE, (character) => (character === "\n" ? character : escapeOne(character)));

/** The same on one line: line breaks are written out, too. */
export const printableLine = (text: string): string => text.replace(UNPRINTABLE, escapeOne);
