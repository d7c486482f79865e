/** A ClickHouse string literal: quotes and backslashes escaped, so that any text is safe inside SQL. */
export const quoteText = (text: string): string =>
  `'${text.replace(/[\\']/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\t", "\\t").replaceAll("\0", "\\0")}'`;

/** SQL for "the column is one of these texts": part of the statement, because parameters travel in the URL, which is short. */
export const isOneOf = (column: string, values: readonly string[]): string =>
  values.length === 0 ? "0" : `${column} IN (${values.map(quoteText).join(", ")})`;

/** A ClickHouse identifier in backquotes: table, column or database names of any text. */
export const quoteName = (name: string): string => `\`${name.replace(/[\\`]/g, "\\$&")}\``;
