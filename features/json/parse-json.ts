/** Longer texts are not parsed: beyond this the work would be felt in the app. */
export const MAX_JSON_CHARS: number = 128 * 1024;

/** A parsed value in an object of its own, so that a parsed `null` differs from "does not parse". */
export interface Parsed {
  readonly value: unknown;
}

/**
 * What JSON may begin with. An answer like `[Yes]` is told by it: the exception of a text that does not parse costs 10
 * us, more than all else that is measured of a short answer.
 */
const BEGINNING = /^\s*(?:["\d-]|true|false|null|\[\s*(?:["[{\]\d-]|true|false|null)|\{\s*["}])/;

/** What it may end with: a cut answer mostly ends with something else. */
const ENDING = /[\]}"\del]$/;

/** Parses JSON of at most 128 Ki characters; null when it does not parse. Linear. */
export const parseJson = (text: string): Parsed | null => {
  if (text.length > MAX_JSON_CHARS) return null;
  if (!BEGINNING.test(text) || !ENDING.test(text.trimEnd().slice(-1))) return null;
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
};
