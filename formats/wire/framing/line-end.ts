export const LF = 10;
export const CR = 13;

/** True where a line of a stream ends at `at`: with CR, LF or both. What comes after the bytes is no end. */
export const isLineEnd = (bytes: Uint8Array, at: number): boolean => bytes[at] === LF || bytes[at] === CR;
