export const LF = 10;
export const CR = 13;

/** True where a line of a stream ends at `at`: with CR, LF or both. What comes after the bytes is no end. */
export const isLineEnd = (bytes: Uint8Array, at: number): boolean => bytes[at] === LF || bytes[at] === CR;

/** Where the next line begins after one that ends at `end`. */
export const afterLineEnd = (bytes: Uint8Array, end: number): number =>
  end + (bytes[end] === CR && bytes[end + 1] === LF ? 2 : 1);

/** Where the line at `at` ends; -1 where it has no end yet. */
export const lineEndFrom = (bytes: Uint8Array, at: number): number => {
  for (let end = at; end < bytes.length; end += 1) if (isLineEnd(bytes, end)) return end;
  return -1;
};
