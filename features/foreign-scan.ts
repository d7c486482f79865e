import { isBlank } from "./blank.ts";
import { NO_SCRIPT, SCRIPT_OF, SCRIPTS } from "./script-of-character.ts";

/** What one pass over the characters of a text beyond ASCII counts. */
export interface ForeignScan {
  /** Letters per script, in the order of SCRIPTS. */
  readonly letters: number[];
  /** Full stops that end a sentence. */
  readonly stops: number;
  readonly exclamations: number;
  readonly curlyApostrophes: number;
  readonly emDashes: number;
}

/** The Arabic question mark, the danda and the ellipsis end a sentence before a blank, as `.`, `!` and `?` do. */
const isStop = (code: number): boolean => code === 0x61f || code === 0x964 || code === 0x2026;

/** Full stops of scripts that put no blank behind them. */
const isWideStop = (code: number): boolean => code === 0x3002 || code === 0xff01 || code === 0xff1f;

/** Counts among the first `length` of `codes`. Linear. */
export const scanForeign = (codes: Uint16Array, length: number): ForeignScan => {
  const letters = new Array<number>(SCRIPTS.length).fill(0);
  let stops = 0;
  let exclamations = 0;
  let curlyApostrophes = 0;
  let emDashes = 0;
  for (let at = 0; at < length; at += 1) {
    const code = codes[at] ?? 0;
    if (code < 128) continue;
    const script = SCRIPT_OF[code] ?? NO_SCRIPT;
    if (script !== NO_SCRIPT) letters[script] = (letters[script] ?? 0) + 1;
    if (code === 0x2019) curlyApostrophes += 1;
    else if (code === 0x2014) emDashes += 1;
    else if (code === 0xff01) exclamations += 1;
    if (isWideStop(code) || (isStop(code) && (at + 1 === length || isBlank(codes[at + 1] ?? 0)))) stops += 1;
  }
  return { letters, stops, exclamations, curlyApostrophes, emDashes };
};
