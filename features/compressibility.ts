/** Window of characters that is looked up; a repeat shorter than this is not worth a reference. */
const MATCH = 4;
const TABLE_BITS = 12;

/** What a reference to an earlier place costs, in characters: DEFLATE pays about this for length and distance. */
const REFERENCE_COST = 3;

/** What a character costs that was not there before: DEFLATE codes plain prose in about five bits of eight. */
const LITERAL_COST = 0.62;

/** Texts shorter than this have nothing to repeat. */
export const MIN_COMPRESSIBLE_CHARS = 200;

/** Where each window was last seen. Scratch, filled anew for every text: a new one each time would cost more than the walk. */
const LAST_SEEN = new Int32Array(1 << TABLE_BITS);

const windowAt = (text: string, at: number): number =>
  Math.imul(
    text.charCodeAt(at) ^
      (text.charCodeAt(at + 1) << 7) ^
      (text.charCodeAt(at + 2) << 14) ^
      (text.charCodeAt(at + 3) << 21),
    0x9e3779b1,
  ) >>>
  (32 - TABLE_BITS);

const matchLength = (text: string, from: number, at: number): number => {
  let length = 0;
  while (at + length < text.length && text.charCodeAt(from + length) === text.charCodeAt(at + length)) length += 1;
  return length;
};

/**
 * Estimated size of a text after compression per character, about 0.02 (one thing repeated) to 0.65; null for texts
 * under 200 characters. It walks the text once as LZ4 does (greedy matches, one candidate per hash) with DEFLATE's
 * costs: zlib itself would take several times as long, and cannot be called here. Ranks texts as zlib does.
 */
export const compressibility = (text: string): number | null => {
  if (text.length < MIN_COMPRESSIBLE_CHARS) return null;
  const last = LAST_SEEN.fill(-1);
  let cost = 0;
  let at = 0;
  while (at + MATCH <= text.length) {
    const slot = windowAt(text, at);
    const from = last[slot] ?? -1;
    last[slot] = at;
    const length = from < 0 ? 0 : matchLength(text, from, at);
    cost += length >= MATCH ? REFERENCE_COST : LITERAL_COST;
    at += length >= MATCH ? length : 1;
  }
  return (cost + (text.length - at) * LITERAL_COST) / text.length;
};
