/**
 * Kinds of characters a text may hold, as bits. A text without a kind needs no search for the patterns built on it,
 * which spares plain prose nearly all of them.
 */
export const MARKS = {
  /** A blank that is no space, or two spaces in a row. */
  oddBlank: 1,
  apostrophe: 2,
  /** `"` */
  quote: 4,
  backtick: 8,
  /** `*_#>|~` */
  markup: 16,
  /** `[` */
  bracket: 32,
  /** Anything beyond ASCII: whatever a pattern looks for, it may be there. */
  foreign: 64,
  /** `0` to `9` */
  digit: 128,
  /** `.!?` */
  stop: 256,
} as const;

/** Of a text nothing is known of. */
export const ALL_MARKS = 511;

/** The bits of each ASCII character. */
export const MARKS_OF: Uint16Array = (() => {
  const table = new Uint16Array(128);
  const add = (characters: string, mark: number): void => {
    for (const character of characters) table[character.charCodeAt(0)] = (table[character.charCodeAt(0)] ?? 0) | mark;
  };
  add("\t\n\v\f\r", MARKS.oddBlank);
  add("'", MARKS.apostrophe);
  add('"', MARKS.quote);
  add("`", MARKS.backtick);
  add("*_#>|~", MARKS.markup);
  add("[", MARKS.bracket);
  add("0123456789", MARKS.digit);
  add(".!?", MARKS.stop);
  return table;
})();
