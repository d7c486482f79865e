/** What Grafana knows when it sends a query. Times are epoch ms; a variable set to `$__all` means every value. */
export interface QueryScope {
  readonly from: number;
  readonly to: number;
  readonly intervalMs: number;
  readonly variables: Readonly<Record<string, string | readonly string[]>>;
}

type Macro = (args: readonly string[], scope: QueryScope) => string;

const seconds = (at: number): string => `toDateTime(${Math.floor(at / 1000)})`;
const millis = (at: number): string => `fromUnixTimestamp64Milli(${at})`;
const day = (at: number): string => `toDate('${new Date(at).toISOString().slice(0, 10)}')`;
const between =
  (write: (at: number) => string): Macro =>
  ([column = ""], { from, to }) =>
    `${column} >= ${write(from)} AND ${column} <= ${write(to)}`;
const intervalSeconds = ({ intervalMs }: QueryScope): number => Math.floor(Math.max(intervalMs / 1000, 1));

const isAll = (value: string | readonly string[] | undefined): boolean =>
  value === undefined || value.length === 0 || [value].flat().includes("$__all");

/** The macros of Grafana's ClickHouse datasource 4 that a dashboard may use, with their number of arguments. */
const MACROS: Readonly<Record<string, readonly [arity: number, expand: Macro]>> = {
  fromTime: [0, (_args, { from }) => seconds(from)],
  toTime: [0, (_args, { to }) => seconds(to)],
  fromTime_ms: [0, (_args, { from }) => millis(from)],
  toTime_ms: [0, (_args, { to }) => millis(to)],
  interval_s: [0, (_args, scope) => String(intervalSeconds(scope))],
  timeFilter: [1, between(seconds)],
  timeFilter_ms: [1, between(millis)],
  dateFilter: [1, between(day)],
  timeInterval: [
    1,
    ([column], scope) => `toStartOfInterval(toDateTime(${column}), INTERVAL ${intervalSeconds(scope)} second)`,
  ],
  timeInterval_ms: [
    1,
    ([column], { intervalMs }) =>
      `toStartOfInterval(toDateTime64(${column}, 3), INTERVAL ${Math.floor(Math.max(intervalMs, 1))} millisecond)`,
  ],
  conditionalAll: [
    2,
    ([condition = "", variable = ""], { variables }) => {
      if (!/^\$\w+$/.test(variable)) throw new Error(`$__conditionalAll wants a plain $variable, got ${variable}`);
      return isAll(variables[variable.slice(1)]) ? "1=1" : condition;
    },
  ],
};

/** Splits what stands between the parentheses that open at `open`; commas inside nested parentheses do not count. */
const readArguments = (sql: string, open: number): { args: string[]; end: number } => {
  const args: string[] = [];
  let depth = 0;
  let start = open + 1;
  for (let index = open; index < sql.length; index++) {
    const char = sql[index];
    if (char === "(") depth++;
    if (char === ")") depth--;
    if ((char === "," && depth === 1) || depth === 0) {
      args.push(sql.slice(start, index).trim());
      start = index + 1;
    }
    if (depth === 0) return { args, end: index + 1 };
  }
  throw new Error(`unbalanced parentheses after ${sql.slice(open - 20, open)}`);
};

const expandFirst = (sql: string, scope: QueryScope): string | null => {
  const found = /\$__(\w+)/.exec(sql);
  if (found === null) return null;
  const [text, name = ""] = found;
  const [arity, expand] = MACROS[name] ?? [];
  if (arity === undefined || expand === undefined) throw new Error(`unknown macro ${text}`);
  const open = found.index + text.length;
  const { args, end } = arity === 0 ? { args: [], end: open } : readArguments(sql, open);
  if (args.length !== arity) throw new Error(`${text} takes ${arity} arguments, got ${args.length}`);
  return sql.slice(0, found.index) + expand(args, scope) + sql.slice(end);
};

const singleQuote = (value: string): string => `'${value.replaceAll("'", "\\'")}'`;

const expandVariables = (sql: string, { variables }: QueryScope): string =>
  sql.replace(/\$\{(\w+)(?::(\w+))?\}|\$(\w+)/g, (text, braced, format, plain) => {
    const value = variables[braced ?? plain];
    if (value === undefined) throw new Error(`undeclared variable ${text}`);
    const values = [value].flat();
    return (format === "singlequote" ? values.map(singleQuote) : values).join(",");
  });

/** The SQL that the database gets: macros first, as the plugin does with `$__conditionalAll`, then variables. */
export const expandMacros = (sql: string, scope: QueryScope): string => {
  let expanded = sql;
  for (let next = expandFirst(expanded, scope); next !== null; next = expandFirst(expanded, scope)) expanded = next;
  return expandVariables(expanded, scope);
};
