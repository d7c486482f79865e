import { isWord, type SqlToken, sqlTokens } from "./sql-tokens.ts";

/** An INSERT whose rows follow the statement, as text or bytes in some input format. */
export interface InsertHead {
  /** The statement without its FORMAT or VALUES clause; `before` goes first, `settings` behind the source of the rows. */
  readonly before: string;
  /** The SETTINGS clause, empty where there is none. */
  readonly settings: string;
  readonly format: string;
  /** Offset of the first byte of the rows. */
  readonly dataStart: number;
}

const dataStartOf = (sql: string, end: number): number => {
  const rest = /[ \t\r]*\n?/y;
  rest.lastIndex = end;
  rest.test(sql);
  return rest.lastIndex;
};

const cut = (sql: string, clause: SqlToken, settings: SqlToken | null, format: string, end: number): InsertHead => ({
  before: sql.slice(0, (settings ?? clause).start),
  settings: settings === null ? "" : sql.slice(settings.start, clause.start),
  format,
  dataStart: end,
});

const hasOwnRows = (token: SqlToken): boolean => ["SELECT", "WITH", "INFILE"].some((word) => isWord(token, word));

/**
 * Finds where an INSERT ends and its rows begin; null when `sql` is no INSERT or brings its rows by itself (SELECT,
 * INFILE). Nothing behind the start of the rows is read.
 */
export const insertHead = (sql: string): InsertHead | null => {
  let previous: SqlToken | null = null;
  let settings: SqlToken | null = null;
  let format: SqlToken | null = null;
  for (const token of sqlTokens(sql)) {
    if (previous === null && !isWord(token, "INSERT")) return null;
    previous = token;
    if (format !== null) return cut(sql, format, settings, token.text, dataStartOf(sql, token.end));
    if (token.depth > 0) continue;
    if (hasOwnRows(token)) return null;
    if (isWord(token, "VALUES")) return cut(sql, token, settings, "Values", token.end);
    if (isWord(token, "SETTINGS")) settings = token;
    if (isWord(token, "FORMAT")) format = token;
  }
  return null;
};
