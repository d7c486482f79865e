/** True where two values would be written down alike: plain data, of which parts that are undefined are absent. */
export const isSameContent = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
