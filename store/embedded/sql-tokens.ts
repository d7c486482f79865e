/** One lexical element of a ClickHouse statement; comments and white space are no tokens. */
export interface SqlToken {
  /** `name` is a quoted identifier, `word` a bare one or a keyword, `text` a string literal. */
  readonly kind: "word" | "name" | "text" | "symbol";
  readonly text: string;
  /** Offsets in the statement, [start, end). */
  readonly start: number;
  readonly end: number;
  /** Brackets open around the token. */
  readonly depth: number;
}

const BLANK = /(?:\s|--[^\n]*|#[ !][^\n]*|\/\*[\s\S]*?(?:\*\/|$))+/y;
const WORD = /[A-Za-z_0-9\u0080-\uffff][A-Za-z_0-9$\u0080-\uffff]*/y;
const HEREDOC = /\$(\w*)\$[\s\S]*?(?:\$\1\$|$)/y;

const matchEnd = (pattern: RegExp, sql: string, at: number): number => {
  pattern.lastIndex = at;
  return pattern.test(sql) ? pattern.lastIndex : at;
};

const quotedEnd = (sql: string, at: number): number => {
  const quote = sql[at];
  for (let i = at + 1; i < sql.length; i += 1) {
    if (sql[i] === "\\") i += 1;
    else if (sql[i] === quote) {
      if (sql[i + 1] !== quote) return i + 1;
      i += 1;
    }
  }
  return sql.length;
};

const nextToken = (sql: string, start: number): { readonly kind: SqlToken["kind"]; readonly end: number } => {
  const first = sql[start];
  if (first === "'") return { kind: "text", end: quotedEnd(sql, start) };
  if (first === "`" || first === '"') return { kind: "name", end: quotedEnd(sql, start) };
  const heredoc = first === "$" ? matchEnd(HEREDOC, sql, start) : start;
  if (heredoc > start) return { kind: "text", end: heredoc };
  const word = matchEnd(WORD, sql, start);
  return word > start ? { kind: "word", end: word } : { kind: "symbol", end: start + 1 };
};

const depthAfter = (symbol: string, depth: number): number => {
  if (symbol === "(" || symbol === "[" || symbol === "{") return depth + 1;
  return symbol === ")" || symbol === "]" || symbol === "}" ? depth - 1 : depth;
};

/**
 * Cuts a statement into tokens, lazily: whoever stops reading early never scans the data behind an INSERT. It is no
 * parser; it knows just enough to find keywords outside of strings, names and comments.
 */
export function* sqlTokens(sql: string): Generator<SqlToken, void, void> {
  let depth = 0;
  let start = matchEnd(BLANK, sql, 0);
  while (start < sql.length) {
    const { kind, end } = nextToken(sql, start);
    const text = sql.slice(start, end);
    const after = kind === "symbol" ? depthAfter(text, depth) : depth;
    yield { kind, text, start, end, depth: Math.min(depth, after) };
    depth = after;
    start = matchEnd(BLANK, sql, end);
  }
}

/** True when `token` is the bare word `word` (upper case). */
export const isWord = (token: SqlToken | undefined, word: string): boolean =>
  token?.kind === "word" && token.text.toUpperCase() === word;
