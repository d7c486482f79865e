/** Scripts that are told apart; `other` are letters of any other one. */
export type Script =
  | "latin"
  | "cyrillic"
  | "greek"
  | "hebrew"
  | "arabic"
  | "devanagari"
  | "thai"
  | "kana"
  | "han"
  | "hangul"
  | "other";

/** Every script; elsewhere a script is its place here. */
export const SCRIPTS: readonly Script[] = [
  ...(["latin", "cyrillic", "greek", "hebrew", "arabic", "devanagari", "thai", "kana", "han", "hangul"] as const),
  "other",
];

/** Its place: the first, as that of nearly all letters of nearly all texts. */
export const LATIN = 0;

/** Last code unit of each range, in order; null = no letter. */
const RANGES: readonly (readonly [end: number, script: Script | null])[] = [
  [0xbf, null],
  [0x24f, "latin"],
  [0x2ff, "other"],
  [0x36f, null],
  [0x3ff, "greek"],
  [0x52f, "cyrillic"],
  [0x58f, "other"],
  [0x5ff, "hebrew"],
  [0x77f, "arabic"],
  [0x8ff, "other"],
  [0x97f, "devanagari"],
  [0xdff, "other"],
  [0xe7f, "thai"],
  [0x10ff, "other"],
  [0x11ff, "hangul"],
  [0x1dff, "other"],
  [0x1eff, "latin"],
  [0x1fff, "greek"],
  [0x303f, null],
  [0x30ff, "kana"],
  [0x312f, "han"],
  [0x318f, "hangul"],
  [0x33ff, null],
  [0x9fff, "han"],
  [0xabff, "other"],
  [0xd7a3, "hangul"],
  [0xf8ff, null],
  [0xfaff, "han"],
  [0xfdff, "arabic"],
  [0xfe6f, null],
  [0xfeff, "arabic"],
  [0xff5f, null],
  [0xff9f, "kana"],
  [0xffff, null],
];

/** No letter, in SCRIPT_OF. */
export const NO_SCRIPT: number = SCRIPTS.length;

/** Per code unit the place of its script in SCRIPTS, or NO_SCRIPT. ASCII letters are left to the scan. */
export const SCRIPT_OF: Uint8Array = (() => {
  const table = new Uint8Array(0x10000);
  let from = 0;
  for (const [end, script] of RANGES) {
    table.fill(script === null ? NO_SCRIPT : SCRIPTS.indexOf(script), from, end + 1);
    from = end + 1;
  }
  return table;
})();
