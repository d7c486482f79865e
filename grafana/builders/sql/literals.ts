/** SQL string literals, joined by commas. For words of the code alone: nothing but apostrophes is escaped. */
export const literals = (words: readonly string[]): string =>
  words.map((word) => `'${word.replaceAll("'", "''")}'`).join(", ");

/** SQL: `column` as the words that a table of the code has for it. */
export const words = (column: string, keys: readonly string[], texts: readonly string[]): string =>
  `transform(${column}, [${literals(keys)}], [${literals(texts)}], ${column})`;
