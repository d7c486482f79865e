/** Characters of the answer that are looked at; a refusal stands at the beginning. */
const LOOKED_AT = 2048;

const APOSTROPHES = /[\u2018\u2019\u02bc\uff07\u00b4`]/g;
const FENCED = /(?:```|~~~)[\s\S]*?(?:```|~~~|$)/g;
const QUOTED =
  /["\u201c\u201d\u201e\u00ab\u00bb\u300c-\u300f][^"\u201c\u201d\u201e\u00ab\u00bb\u300c-\u300f]{0,400}["\u201c\u201d\u201e\u00ab\u00bb\u300c-\u300f]/g;
/** Vowel marks that are written or not at will (Arabic, Hebrew), the tatweel, and what lower case leaves of a Turkish dotted I. */
const OPTIONAL_MARKS = /(?:[\u064b-\u0652\u0640\u0591-\u05bd\u05bf-\u05c7]|\u0307)/g;
const MARKUP = /[*_#>|~\u200b-\u200f\ufeff]+/g;

const plain = (text: string): string =>
  text
    .normalize("NFKC")
    .replace(APOSTROPHES, "'")
    .replace(MARKUP, " ")
    .replace(/\s+/g, " ")
    .trim()
    .toLowerCase()
    .replace(OPTIONAL_MARKS, "");

/**
 * The beginning of an answer in the one spelling the patterns know: NFKC, straight apostrophes, no code fences, no
 * quoted spans (unless the whole answer is one), no Markdown marks, single blanks, lower case. Looks at the first
 * 2048 characters; linear in them.
 */
export const normaliseText = (text: string): string => {
  const start = text.slice(0, LOOKED_AT).replace(FENCED, " ");
  return (
    plain(start.replace(QUOTED, " ")) || plain(start.replace(/["\u201c\u201d\u201e\u00ab\u00bb\u300c-\u300f]/g, " "))
  );
};
