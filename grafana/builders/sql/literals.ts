/** SQL string literals, joined by commas. For words of the code alone: nothing but apostrophes is escaped. */
export const literals = (words: readonly string[]): string =>
  words.map((word) => `'${word.replaceAll("'", "''")}'`).join(", ");
