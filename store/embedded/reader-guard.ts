import { type Exception, exceptionOf } from "./exception.ts";
import { isWord, type SqlToken } from "./sql-tokens.ts";
import type { Statement } from "./statement.ts";

const VERBS: readonly string[] = ["SELECT", "WITH", "SHOW", "DESCRIBE", "DESC", "EXPLAIN", "EXISTS", "FROM"];

/** Settings a reader may send: they shape or shorten an answer and can neither widen a limit nor reach outside. */
const SETTINGS =
  /^(output_format_|http_|(date_time_output_format|session_timezone|extremes|limit|offset|max_threads|max_block_size|log_comment|send_progress_in_http_headers)$)/;

/** Settings with a cap: a reader may ask for less. Clients such as clickhouse-go always send the first. */
const CAPPED: Readonly<Record<string, number>> = { max_execution_time: 30, max_result_rows: 1_000_000 };

const denied = (message: string): Exception => exceptionOf(164, "READONLY", message);

/** A call of a quoted name is refused whole, because a quoted name may spell any function with escapes. */
const callsOutside = (token: SqlToken, next: SqlToken | undefined): boolean =>
  next?.text === "(" && (token.kind === "name" || /^file$/i.test(token.text));

const isOddlyQuoted = ({ kind, text }: SqlToken): boolean =>
  text.startsWith("$") || text.includes("\0") || (kind !== "text" && /[‘’“”]/.test(text));

/**
 * What the read-only user may not do and the engine's own read-only mode would let through: `file()` reads any file
 * of the machine and INTO OUTFILE writes one, KILL QUERY passes too. Null = nothing to refuse.
 */
export const refuseToReader = ({ verb, tokens }: Statement): Exception | null => {
  if (!VERBS.includes(verb)) return denied(`reader: only SELECT, SHOW, DESCRIBE, EXPLAIN and EXISTS are allowed.`);
  for (const [i, token] of tokens.entries()) {
    if (isWord(token, "OUTFILE")) return denied("reader: INTO OUTFILE is not allowed.");
    if (callsOutside(token, tokens[i + 1])) return denied("reader: file() and calls of quoted names are not allowed.");
    // Typographic quotes and heredocs are rare; where this lexer and the engine's might differ, refuse.
    if (isOddlyQuoted(token)) return denied("reader: only plain quotes are allowed.");
  }
  return null;
};

/** The reader's settings as they are applied: unknown ones refused, capped ones lowered. */
export const readerSettings = (
  asked: readonly (readonly [string, string])[],
): readonly (readonly [string, string])[] | Exception => {
  const unknown = asked.find(([name]) => !SETTINGS.test(name) && CAPPED[name] === undefined);
  if (unknown !== undefined) return denied(`Cannot modify '${unknown[0]}' setting in readonly mode.`);
  return asked.map(([name, value]) => {
    const cap = CAPPED[name];
    const number = Number(value);
    return [name, cap === undefined || (number > 0 && number < cap) ? value : String(cap)];
  });
};
