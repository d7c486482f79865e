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

/** What one pass over the characters of a text counts. */
export interface TextScan {
  readonly chars: number;
  readonly sentences: number;
  readonly digits: number;
  readonly nonAscii: number;
  readonly exclamations: number;
  readonly curlyApostrophes: number;
  readonly emDashes: number;
  /** Longest run of one letter or digit. */
  readonly longestLetterRun: number;
  /** Letters per script. */
  readonly scripts: ReadonlyMap<Script, number>;
  /** A number for every word in order, equal for equal words whatever their case (ASCII); at most 18 432. */
  readonly words: readonly number[];
  /** Characters that belong to words. */
  readonly wordChars: number;
}

const SCRIPTS: readonly Script[] = [
  ...(["latin", "cyrillic", "greek", "hebrew", "arabic", "devanagari", "thai", "kana", "han", "hangul"] as const),
  "other",
];

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

/** Per code unit: 0 for no letter, else one more than the place of its script in SCRIPTS. */
const SCRIPT_OF: Uint8Array = (() => {
  const table = new Uint8Array(0x10000);
  let from = 0;
  for (const [end, script] of RANGES) {
    table.fill(script === null ? 0 : SCRIPTS.indexOf(script) + 1, from, end + 1);
    from = end + 1;
  }
  return table;
})();

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** Lower case of an ASCII letter; 0 for every other code. */
const asciiLetter = (code: number): number => {
  const lower = code | 32;
  return lower >= 97 && lower <= 122 ? lower : 0;
};

const isBlank = (code: number): boolean => code === 32 || (code >= 9 && code <= 13) || code === 0xa0;

/** `.`, `!`, `?`, the Arabic question mark and the danda end a sentence before a blank. */
const isStop = (code: number): boolean =>
  code === 46 || code === 33 || code === 63 || code === 0x61f || code === 0x964 || code === 0x2026;

/** Full stops of scripts that put no blank behind them. */
const isWideStop = (code: number): boolean => code === 0x3002 || code === 0xff01 || code === 0xff1f;

/** A curly apostrophe, and a combining mark, stay inside their word. */
const staysInWord = (code: number): boolean => code === 0x2019 || code === 0x2bc || (code >= 0x300 && code <= 0x36f);

/** Each character of these is a word of its own: the scripts write no blanks. */
const UNSPACED: readonly boolean[] = [
  false,
  ...SCRIPTS.map((script) => script === "han" || script === "kana" || script === "thai"),
];

const FNV_START = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** Counts what can be counted character by character. Linear; one pass. */
export const scanText = (text: string): TextScan => {
  const letters = new Uint32Array(SCRIPTS.length + 1);
  const words: number[] = [];
  let [sentences, digits, nonAscii, exclamations, curlyApostrophes, emDashes, wordChars, latin] = [
    0, 0, 0, 0, 0, 0, 0, 0,
  ];
  let [hash, inWord, run, longest, previous] = [FNV_START, false, 0, 0, -1];
  const endWord = (): void => {
    if (inWord) words.push(hash | 0);
    hash = FNV_START;
    inWord = false;
  };
  const add = (code: number): void => {
    hash = Math.imul(hash ^ code, FNV_PRIME);
    inWord = true;
    wordChars += 1;
    run = code === previous ? run + 1 : 1;
    if (run > longest) longest = run;
  };
  const addForeign = (code: number): void => {
    nonAscii += 1;
    if (code === 0x2019) curlyApostrophes += 1;
    else if (code === 0x2014) emDashes += 1;
    const script = SCRIPT_OF[code] ?? 0;
    if (script === 0) {
      if (!staysInWord(code)) endWord();
      return;
    }
    letters[script] = (letters[script] ?? 0) + 1;
    const isWord = UNSPACED[script] === true;
    if (isWord) endWord();
    add(code);
    if (isWord) endWord();
  };
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const letter = asciiLetter(code);
    if (code < 128 && letter !== 0) {
      latin += 1;
      add(letter);
    } else if (isDigit(code)) {
      digits += 1;
      add(code);
    } else if (code >= 128) addForeign(code);
    else if (code !== 39) endWord();
    if (code === 33 || code === 0xff01) exclamations += 1;
    if (isWideStop(code) || (isStop(code) && (at + 1 === text.length || isBlank(text.charCodeAt(at + 1)))))
      sentences += 1;
    previous = letter || code;
  }
  endWord();
  letters[1] = (letters[1] ?? 0) + latin;
  const scripts = new Map(
    SCRIPTS.map((script, at) => [script, letters[at + 1] ?? 0] as const).filter(([, n]) => n > 0),
  );
  return {
    ...{ chars: text.length, digits, nonAscii, exclamations, curlyApostrophes, emDashes, scripts, words, wordChars },
    sentences: Math.max(sentences, words.length > 0 ? 1 : 0),
    longestLetterRun: longest,
  };
};
