import { type Exception, exceptionOf } from "../exception.ts";
import { isWord, type SqlToken } from "../sql-tokens.ts";
import type { Statement } from "../statement.ts";
import { FORMATS } from "./reader-formats.ts";
import { AGGREGATES, FUNCTIONS } from "./reader-functions.ts";
import { SYSTEM_TABLES } from "./reader-tables.ts";
import { BRACKET_WORDS, COMBINATORS, SPECIAL_CALLS, TABLE_FUNCTIONS, TYPES } from "./reader-words.ts";

/** What the engine at hand can do; lower case. */
export interface EngineWords {
  readonly functions: ReadonlySet<string>;
  readonly formats: ReadonlySet<string>;
}

const VERBS: readonly string[] = ["SELECT", "WITH", "SHOW", "DESCRIBE", "DESC", "EXPLAIN", "EXISTS", "FROM"];

const SHOWN: readonly string[] = ["TABLES", "FULL", "DATABASES", "COLUMNS", "FIELDS", "CREATE"];

const denied = (message: string): Exception => exceptionOf(164, "READONLY", `reader: ${message}`);

/** Name of a bare word or a quoted identifier; null for other tokens. */
const nameOf = ({ kind, text }: SqlToken): string | null => {
  if (kind === "word") return text;
  return kind === "name" ? text.slice(1, -1) : null;
};

const isAggregate = (name: string): boolean => {
  if (AGGREGATES.has(name)) return true;
  const suffix = COMBINATORS.find((each) => name.endsWith(each) && name.length > each.length);
  return suffix !== undefined && isAggregate(name.slice(0, -suffix.length));
};

const isFunction = (name: string): boolean => FUNCTIONS.has(name) || SPECIAL_CALLS.has(name) || isAggregate(name);

const mayStandBeforeBracket = (name: string): boolean =>
  isFunction(name) || TABLE_FUNCTIONS.has(name) || TYPES.has(name) || BRACKET_WORDS.has(name);

/** Where this lexer and the engine's might differ, refuse: odd quotes, escapes in names, letters beyond ASCII. */
const isOdd = ({ kind, text }: SqlToken): boolean => {
  if (kind === "text") return text.startsWith("$") || text.length < 2 || !text.endsWith("'");
  if (kind === "name") return /\\|``|""/.test(text) || text.length < 2 || text.at(-1) !== text[0];
  return /[^ -~]|[\\$@]/.test(text);
};

type Look = (tokens: readonly SqlToken[], i: number, words: EngineWords) => string | null;

const isSymbol = (token: SqlToken | undefined, symbol: string): boolean =>
  token?.kind === "symbol" && token.text === symbol;

const aboutCalls: Look = (tokens, i) => {
  const token = tokens[i];
  if (token === undefined || !isSymbol(tokens[i + 1], "(")) return null;
  if (token.kind === "name") return "calls of quoted names are not allowed.";
  if (isSymbol(token, "}")) return "a parameter cannot be called.";
  if (token.kind !== "word" || /^\d/.test(token.text)) return null;
  return mayStandBeforeBracket(token.text.toLowerCase()) ? null : `${token.text}() is not allowed.`;
};

/** `arrayMap(file, …)` and `* APPLY file` call a function without a bracket behind its name. */
const aboutNames: Look = (tokens, i, words) => {
  const token = tokens[i];
  const name = token === undefined ? null : nameOf(token)?.toLowerCase();
  if (name === null || name === undefined) return null;
  if (isWord(token, "APPLY")) return "APPLY is not allowed; write the calls out.";
  const isColumn = isSymbol(tokens[i - 1], ".") || isSymbol(tokens[i + 1], ".");
  if (isColumn || !words.functions.has(name) || isFunction(name) || TYPES.has(name)) return null;
  // The clause is looked at by itself.
  const next = tokens[i + 1];
  if (name === "format" && next !== undefined && nameOf(next) !== null) return null;
  return `${name} is the name of a function that is not allowed; write table.${name} for a column.`;
};

const aboutSystem: Look = (tokens, i) => {
  const token = tokens[i];
  const name = token === undefined ? null : nameOf(token);
  if (name?.toLowerCase() !== "system" || isSymbol(tokens[i - 1], ".")) return null;
  const table = tokens[i + 2];
  const asked = table === undefined ? null : nameOf(table);
  if (isSymbol(tokens[i + 1], ".") && asked !== null && SYSTEM_TABLES.includes(asked)) return null;
  return `of the database system only these tables may be read: ${SYSTEM_TABLES.join(", ")}.`;
};

const aboutClauses: Look = (tokens, i, words) => {
  const token = tokens[i];
  const [next, afterNext] = [tokens[i + 1], tokens[i + 2]];
  if (isWord(token, "OUTFILE") || isWord(token, "INFILE")) return "INTO OUTFILE is not allowed.";
  if (isWord(token, "SETTINGS") && next !== undefined && nameOf(next) !== null && isSymbol(afterNext, "=")) {
    return "a SETTINGS clause is not allowed; send settings beside the statement.";
  }
  if (isWord(token, "IDENTIFIER") && isSymbol(tokens[i - 1], ":")) return "a parameter cannot be a name.";
  if (!isWord(token, "FORMAT") || next === undefined) return null;
  const format = nameOf(next) ?? (next.kind === "text" ? next.text.slice(1, -1) : null);
  const isClause = afterNext === undefined || isSymbol(afterNext, ";");
  if (format === null || FORMATS.has(format) || !(isClause || words.formats.has(format.toLowerCase()))) return null;
  return `the format ${format} is not allowed.`;
};

const LOOKS: readonly Look[] = [aboutClauses, aboutCalls, aboutNames, aboutSystem];

const refuseVerb = ({ verb, tokens }: Statement): string | null => {
  if (!VERBS.includes(verb)) return "only SELECT, SHOW, DESCRIBE, EXPLAIN and EXISTS are allowed.";
  if (verb !== "SHOW") return null;
  const what = tokens[tokens.findIndex((token) => isWord(token, "SHOW")) + 1];
  const isShown = what !== undefined && SHOWN.some((word) => isWord(what, word));
  return isShown ? null : `SHOW is allowed for ${SHOWN.filter((word) => word !== "FULL").join(", ")}.`;
};

/**
 * What a reader may not do, looked for in the words of the statement; null = nothing to refuse. The engine refuses most
 * of it once more, by what the reader's role is granted (engine-config.ts). By itself it would let `file()` read any
 * file, INTO OUTFILE write one, and a second statement take another role.
 */
export const refuseToReader = (statement: Statement, words: EngineWords): Exception | null => {
  const { tokens } = statement;
  const verb = refuseVerb(statement);
  if (verb !== null) return denied(verb);
  if (tokens.some(isOdd)) return denied("only plain quotes, and letters beyond ASCII only within quotes, are allowed.");
  for (const i of tokens.keys()) {
    for (const look of LOOKS) {
      const why = look(tokens, i, words);
      if (why !== null) return denied(why);
    }
  }
  return null;
};

/** Why a reader is not answered in `format`, the one named beside the statement; null = it may be. */
export const refuseFormat = (format: string): Exception | null =>
  FORMATS.has(format) ? null : denied(`the format ${format.slice(0, 100)} is not allowed.`);
