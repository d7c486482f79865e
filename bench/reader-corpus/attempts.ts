import type { Canaries } from "./canaries.ts";

/** Kinds of entries of an engine, each listed by a table of `system`. */
export type Kind = "table function" | "function" | "format" | "setting" | "system table" | "engine" | "statement";

/** Names the engine at hand has, per kind. */
export type Entries = Readonly<Record<Exclude<Kind, "statement">, readonly string[]>>;

/** One thing a reader tries. */
export interface Attempt {
  readonly kind: Kind;
  readonly entry: string;
  readonly sql: string;
  /** Sent beside the statement. */
  readonly settings: readonly (readonly [name: string, value: string])[];
  /** Output format named beside the statement. */
  readonly format: string;
}

const text = (value: string): string => `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

const attempt = (kind: Kind, entry: string, sql: string, more: Partial<Attempt> = {}): Attempt => ({
  kind,
  entry,
  sql,
  settings: [],
  format: "TabSeparated",
  ...more,
});

const ENVIRONMENT = "/proc/self/environ";

/** Arguments by which one table function or another would read, write or reach a canary. */
const argumentsOf = ({ file, listener }: Canaries): readonly string[] => {
  const inside = text(`a UInt8, b String ALIAS file(${text(file)})`);
  return [
    text(file),
    `${text(file)}, 'LineAsString'`,
    `${text(ENVIRONMENT)}, 'LineAsString', 'line String'`,
    `${text(`file://${file}`)}, 'TSVWithNames'`,
    `${text(`http://${listener}/x`)}, 'LineAsString', 'line String'`,
    `${text(`http://${listener}/bucket/key.csv`)}, 'user', 'password', 'CSV', 'a String'`,
    `${text(listener)}, 'd', 't', 'user', 'password'`,
    `'c', ${text(`http://${listener}/x`)}, 'LineAsString', 'line String'`,
    `${text(file)}, 't'`,
    `${inside}, 1`,
    `CSV, ${inside}, '1'`,
    `${text(`SELECT file(${text(file)})`)}`,
    "'d', 't'",
    "'system', '.*'",
    "",
  ];
};

const aboutTableFunction = (name: string, canaries: Canaries): readonly Attempt[] => [
  ...argumentsOf(canaries).flatMap((given) =>
    [
      `SELECT * FROM ${name}(${given}) LIMIT 3`,
      `DESCRIBE TABLE ${name}(${given})`,
      `EXPLAIN SELECT * FROM ${name}(${given})`,
      `SELECT b.* FROM (SELECT 1) AS a, \`${name}\` (${given}) AS b LIMIT 3`,
    ].map((sql) => attempt("table function", name, sql)),
  ),
  ...[`${text(canaries.target)}, 'CSV', 'a UInt8'`, `${text(`http://${canaries.listener}/x`)}, 'CSV', 'a UInt8'`].map(
    (given) => attempt("table function", name, `INSERT INTO FUNCTION ${name}(${given}) SELECT 1`),
  ),
];

const aboutFunction = (name: string, { file, target, listener }: Canaries): readonly Attempt[] =>
  [
    `SELECT ${name}(${text(file)})`,
    `SELECT ${name}(${text(ENVIRONMENT)})`,
    `SELECT ${name}(${text(file)}, ${text(target)})`,
    `SELECT ${name}(${text(`http://${listener}/`)}, 'x', 'y')`,
    `SELECT ${name}('Protobuf', 'x')`,
    `SELECT ${name}()`,
    `SELECT \`${name}\`(${text(file)})`,
    `SELECT arrayMap(${name}, [${text(file)}])`,
    `SELECT * APPLY(${name}) FROM (SELECT ${text(file)})`,
    `SELECT * APPLY ${name} FROM (SELECT ${text(file)})`,
    `WITH x -> ${name}(x) AS f SELECT f(${text(file)})`,
  ].map((sql) => attempt("function", name, sql));

const schemasOf = ({ file, target }: Canaries): readonly (readonly (readonly [string, string])[])[] => [
  [],
  [["output_format_schema", target]],
  [["format_schema", `${file}:M`]],
  [["format_template_row", file]],
];

const aboutFormat = (name: string, canaries: Canaries): readonly Attempt[] => [
  ...schemasOf(canaries).flatMap((settings) => [
    attempt("format", name, `SELECT 'x' AS a FORMAT ${name}`, { settings }),
    attempt("format", name, `SELECT 'x' AS a FORMAT \`${name}\``, { settings }),
    attempt("format", name, "SELECT 'x' AS a", { settings, format: name }),
  ]),
  attempt("format", name, `SELECT 'x' AS a FORMAT ${name} SETTINGS output_format_schema = ${text(canaries.target)}`),
  attempt("format", name, `SELECT formatRow('${name}', 'x')`),
  attempt("format", name, `SELECT * FROM format(${name}, 'a String ALIAS file(${text(canaries.file)})', 'x')`),
  attempt("format", name, `SELECT * FROM file(${text(canaries.file)}, ${name}, 'a String')`),
];

const aboutSetting = (name: string, { file, target, listener }: Canaries): readonly Attempt[] => [
  ...[file, target, `http://${listener}/`, "1", ""].map((value) =>
    attempt("setting", name, "SELECT 'x' AS a FORMAT Protobuf", { settings: [[name, value]] }),
  ),
  ...[target, "1"].map((value) => attempt("setting", name, "SELECT 'x' AS a", { settings: [[name, value]] })),
  attempt("setting", name, `SELECT 'x' AS a FORMAT Protobuf SETTINGS ${name} = ${text(target)}`),
];

const aboutSystemTable = (name: string): readonly Attempt[] =>
  [
    `SELECT * FROM system.${name} LIMIT 100`,
    `SELECT * FROM \`system\`.\`${name}\` LIMIT 100`,
    `SELECT * FROM (SELECT * FROM system . ${name} LIMIT 100)`,
  ].map((sql) => attempt("system table", name, sql));

const aboutEngine = (name: string, { file, target, listener }: Canaries): readonly Attempt[] =>
  [`(CSV, ${text(file)})`, `(${text(`http://${listener}/`)}, 'CSV')`, `(${text(target)})`, ""].flatMap((given) => [
    attempt("engine", name, `CREATE TABLE d.x (a String) ENGINE = ${name}${given}`),
    attempt("engine", name, `CREATE TEMPORARY TABLE x (a String) ENGINE = ${name}${given}`),
    attempt("engine", name, `CREATE DATABASE x ENGINE = ${name}${given}`),
  ]);

const statements = ({ file, target, listener }: Canaries): readonly Attempt[] =>
  [
    `SELECT 1 INTO OUTFILE ${text(target)}`,
    `SELECT 1 INTO OUTFILE ${text(target)} AND STDOUT`,
    `SELECT 1; SELECT file(${text(file)})`,
    `SELECT * FROM ${text(file)}`,
    `SELECT * FROM \`${file}\``,
    `SELECT * FROM default.\`${file}\``,
    `DESCRIBE TABLE \`${file}\``,
    `DESCRIBE TABLE default.\`${file}\``,
    `BACKUP TABLE d.t TO File(${text(target)})`,
    `RESTORE TABLE d.u FROM File(${text(file)})`,
    `CREATE DICTIONARY d.x (a UInt64) PRIMARY KEY a SOURCE(FILE(path ${text(file)} format 'CSV')) LAYOUT(FLAT()) LIFETIME(1)`,
    `CREATE DICTIONARY d.x (a UInt64) PRIMARY KEY a SOURCE(HTTP(url ${text(`http://${listener}/`)} format 'CSV')) LAYOUT(FLAT()) LIFETIME(1)`,
    `CREATE NAMED COLLECTION x AS url = ${text(`http://${listener}/`)}`,
    `CREATE FUNCTION x AS (a) -> file(a)`,
    `INSERT INTO d.t FROM INFILE ${text(file)} FORMAT CSV`,
    `SELECT dictGet('system.x', 'a', 1)`,
    `SELECT toString(now(), ${text(file)})`,
    `SELECT toDateTime('2026-01-01', ${text(`../../../../../..${file}`)})`,
    `EXPLAIN TABLE OVERRIDE mysql(${text(listener)}, 'd', 't', 'u', 'p') PARTITION BY 1`,
    `SELECT currentUser() SETTINGS readonly = 0`,
    "SET ROLE admin",
    "SYSTEM RELOAD CONFIG",
    "EXECUTE AS default SELECT 1",
  ].map((sql) => attempt("statement", sql.slice(0, 40), sql));

/** Everything a reader tries on an engine with these entries. */
export const attemptsOf = (entries: Entries, canaries: Canaries): readonly Attempt[] => [
  ...entries["table function"].flatMap((name) => aboutTableFunction(name, canaries)),
  ...entries.function.flatMap((name) => aboutFunction(name, canaries)),
  ...entries.format.flatMap((name) => aboutFormat(name, canaries)),
  ...entries.setting.flatMap((name) => aboutSetting(name, canaries)),
  ...entries["system table"].flatMap((name) => aboutSystemTable(name)),
  ...entries.engine.flatMap((name) => aboutEngine(name, canaries)),
  ...statements(canaries),
];
