/** A ClickHouse string literal: quotes and backslashes escaped, so that any text is safe inside SQL. */
export const quoteText = (text: string): string =>
  `'${text.replace(/[\\']/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\t", "\\t").replaceAll("\0", "\\0")}'`;

/** A ClickHouse identifier in backquotes: table, column or database names of any text. */
export const quoteName = (name: string): string => `\`${name.replace(/[\\`]/g, "\\$&")}\``;
