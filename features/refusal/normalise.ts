import { ALL_MARKS, MARKS } from "../marks.ts";

/** Characters of the answer that are looked at; a refusal stands at the beginning. */
const LOOKED_AT = 2048;

const APOSTROPHES = /[\u2018\u2019\u02bc\uff07\u00b4`]/g;
const FENCED = /(?:```|~~~)[\s\S]*?(?:```|~~~|$)/g;
const QUOTED =
  /["\u201c\u201d\u201e\u00ab\u00bb\u300c-\u300f][^"\u201c\u201d\u201e\u00ab\u00bb\u300c-\u300f]{0,400}["\u201c\u201d\u201e\u00ab\u00bb\u300c-\u300f]/g;
/** Vowel marks that are written or not at will (Arabic, Hebrew), the tatweel, and what lower case leaves of a Turkish dotted I. */
const OPTIONAL_MARKS = /(?:[\u064b-\u0652\u0640\u0591-\u05bd\u05bf-\u05c7]|\u0307)/g;

/** Markdown marks and blanks, which become one space. A single space may stay; it is by far the commonest. */
const BLANKS = /[\s*_#>|~\u200b-\u200f\ufeff]{2,}|[^\S ]|[*_#>|~\u200b-\u200f\ufeff]/g;

const QUOTES = /["\u201c\u201d\u201e\u00ab\u00bb\u300c-\u300f]/g;

const spelledOut = (text: string): string =>
  text
    .normalize("NFKC")
    .replace(APOSTROPHES, "'")
    .replace(BLANKS, " ")
    .trim()
    .toLowerCase()
    .replace(OPTIONAL_MARKS, "");

/** ASCII text without these has single spaces only, also once fences and quoted spans are taken out. */
const MANY_BLANKS = MARKS.oddBlank | MARKS.markup | MARKS.quote | MARKS.backtick;

/** The same for ASCII: only what is known to be there is looked for. */
const asciiSpelledOut = (text: string, marks: number): string => {
  const straight = marks & MARKS.backtick ? text.replaceAll("`", "'") : text;
  return (marks & MANY_BLANKS ? straight.replace(BLANKS, " ") : straight).trim().toLowerCase();
};

const plainOf = (text: string, marks: number): string =>
  marks & MARKS.foreign ? spelledOut(text) : asciiSpelledOut(text, marks);

/**
 * The beginning of an answer in the one spelling the patterns know: NFKC, straight apostrophes, no code fences, no
 * quoted spans (unless the whole answer is one), no Markdown marks, single blanks, lower case. Looks at the first
 * 2048 characters; linear in them. `marks` are the kinds of characters the text may hold.
 */
export const normaliseText = (text: string, marks: number = ALL_MARKS): string => {
  let start = text.slice(0, LOOKED_AT);
  if (marks & (MARKS.backtick | MARKS.markup)) start = start.replace(FENCED, " ");
  if (!(marks & (MARKS.quote | MARKS.foreign))) return plainOf(start, marks);
  return plainOf(start.replace(QUOTED, " "), marks) || plainOf(start.replace(QUOTES, " "), marks);
};
