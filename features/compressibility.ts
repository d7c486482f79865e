import { slotOf } from "./slot-of.ts";

/** Window of characters that is looked up; a repeat shorter than this is not worth a reference. */
const MATCH = 4;
const TABLE_BITS = 12;

/** What a reference to an earlier place costs, in characters: DEFLATE pays about this for length and distance. */
const REFERENCE_COST = 3;

/** What a character costs that was not there before: DEFLATE codes plain prose in about five bits of eight. */
const LITERAL_COST = 0.62;

/** Texts shorter than this have nothing to repeat. */
export const MIN_COMPRESSIBLE_CHARS = 200;

/**
 * One more than the place where each window was last seen; 0 = nowhere. Scratch, filled anew for every text: a new one
 * each time would cost more than the walk.
 */
const LAST_SEEN = new Uint16Array(1 << TABLE_BITS);

const windowAt = (codes: Uint16Array, at: number): number =>
  slotOf(
    (codes[at] ?? 0) ^ ((codes[at + 1] ?? 0) << 7) ^ ((codes[at + 2] ?? 0) << 14) ^ ((codes[at + 3] ?? 0) << 21),
    32 - TABLE_BITS,
  );

/**
 * Estimated size of a text after compression per character, about 0.02 (one thing repeated) to 0.65; null for texts
 * under 200 characters. `codes` begins with the `chars` code units of the text, fewer than 65 535. It walks the text
 * once as LZ4 does (greedy matches, one candidate per hash) with DEFLATE's costs: zlib itself would take several times
 * as long, and cannot be called here. Ranks texts as zlib does.
 */
export const compressibility = (codes: Uint16Array, chars: number): number | null => {
  if (chars < MIN_COMPRESSIBLE_CHARS) return null;
  LAST_SEEN.fill(0);
  let cost = 0;
  let at = 0;
  while (at + MATCH <= chars) {
    const slot = windowAt(codes, at);
    const from = (LAST_SEEN[slot] ?? 0) - 1;
    LAST_SEEN[slot] = at + 1;
    let length = 0;
    if (from >= 0) while (at + length < chars && codes[from + length] === codes[at + length]) length += 1;
    cost += length >= MATCH ? REFERENCE_COST : LITERAL_COST;
    at += length >= MATCH ? length : 1;
  }
  return (cost + (chars - at) * LITERAL_COST) / chars;
};
