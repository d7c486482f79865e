import { isWord, type SqlToken, sqlTokens } from "./sql-tokens.ts";

/** What the HTTP interface needs to know about a statement before the engine runs it. */
export interface Statement {
  /** First keyword, upper case; empty for an empty statement. */
  readonly verb: string;
  /** Format named by a FORMAT clause; null = the caller's default. */
  readonly format: string | null;
  /** True when a second statement follows a semicolon. */
  readonly several: boolean;
  readonly tokens: readonly SqlToken[];
}

const formatOf = (tokens: readonly SqlToken[]): string | null => {
  const at = tokens.findLastIndex((token) => token.depth === 0 && isWord(token, "FORMAT"));
  const name = tokens[at + 1];
  return at > 0 && name?.kind === "word" ? name.text : null;
};

/** Reads the outline of a statement that carries no rows. */
export const readStatement = (sql: string): Statement => {
  const tokens = [...sqlTokens(sql)];
  const end = tokens.findIndex((token) => token.text === ";" && token.kind === "symbol");
  const first = tokens.find((token) => token.text !== "(");
  return {
    verb: first?.kind === "word" ? first.text.toUpperCase() : "",
    format: formatOf(tokens),
    several: end >= 0 && tokens.slice(end).some((token) => token.text !== ";"),
    tokens,
  };
};
