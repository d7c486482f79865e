/**
 * Kinds of characters a text may hold, as bits. A text without a kind needs no search for the patterns built on it,
 * which spares plain prose nearly all of them.
 */
export const MARKS = {
  /** A blank that is no space, or two spaces in a row. */
  oddBlank: 1,
  /** `"` */
  quote: 2,
  backtick: 4,
  /** `*_#>|~` */
  markup: 8,
  /** `[` */
  bracket: 16,
  /** Anything beyond ASCII: whatever a pattern looks for, it may be there. */
  foreign: 32,
  /** `0` to `9`. From here on kinds that the scan counts: one comparison passes all others over. */
  digit: 64,
  /** `.!?` */
  stop: 128,
} as const;

/** Of a text nothing is known of. */
export const ALL_MARKS = 255;

/** The bits of each ASCII character. */
export const MARKS_OF: Uint8Array = (() => {
  const table = new Uint8Array(128);
  const add = (characters: string, mark: number): void => {
    for (const character of characters) table[character.charCodeAt(0)] = (table[character.charCodeAt(0)] ?? 0) | mark;
  };
  add("\t\n\v\f\r", MARKS.oddBlank);
  add('"', MARKS.quote);
  add("`", MARKS.backtick);
  add("*_#>|~", MARKS.markup);
  add("[", MARKS.bracket);
  add("0123456789", MARKS.digit);
  add(".!?", MARKS.stop);
  return table;
})();
