/** Longer texts are not parsed: beyond this the work would be felt in the app. */
export const MAX_JSON_CHARS: number = 128 * 1024;

/** A parsed value in an object of its own, so that a parsed `null` differs from "does not parse". */
export interface Parsed {
  readonly value: unknown;
}

/** Parses JSON of at most 128 Ki characters; null when it does not parse. Linear. */
export const parseJson = (text: string): Parsed | null => {
  if (text.length > MAX_JSON_CHARS) return null;
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
};
