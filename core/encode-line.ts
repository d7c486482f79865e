/** How JSON.stringify writes a lone surrogate; it may also be the text of a backslash and what follows. */
const MAYBE_LONE = "\\ud";

/**
 * One line of JSONCompactEachRow, with its newline. Lone surrogates, which would make ClickHouse refuse the whole batch,
 * become U+FFFD.
 */
export const encodeLine = (cells: readonly unknown[]): string => {
  const line = JSON.stringify(cells);
  if (!line.includes(MAYBE_LONE)) return `${line}\n`;
  // a function that is asked for every cell takes three times as long, and hardly any row needs it
  return `${JSON.stringify(cells, (_key, value) => (typeof value === "string" ? value.toWellFormed() : value))}\n`;
};
