import { describe, expect, it } from "vitest";
import { type EngineWords, refuseFormat, refuseToReader } from "../../../../store/embedded/reader/refuse-to-reader.ts";
import { readStatement } from "../../../../store/embedded/statement.ts";

const WORDS: EngineWords = {
  functions: new Set(["file", "sleep", "format", "concat", "sum", "formatrow", "aigenerate", "dictget"]),
  formats: new Set(["protobuf", "json", "template"]),
};

const refusal = (sql: string): number | undefined => refuseToReader(readStatement(sql), WORDS)?.code;

describe("refuseToReader", () => {
  it.each([
    // functions, however they are spelled
    "SELECT file('/etc/passwd')",
    "SELECT File /* x */ ('/etc/passwd')",
    "SELECT file -- x\n ('/etc/passwd')",
    "SELECT file\u200b('/etc/passwd')",
    "SELECT file\u00a0('/etc/passwd')",
    "SELECT `file`('/etc/passwd')",
    "SELECT \"fi\\x6ce\"('/etc/passwd')",
    "SELECT “file”('/etc/passwd')",
    "SELECT arrayMap(x -> file(x), ['/etc/passwd'])",
    "SELECT arrayMap(file, ['/etc/passwd'])",
    "SELECT arrayMap(`file`, ['/etc/passwd'])",
    "SELECT arrayMap({f:Identifier}, ['/etc/passwd'])",
    "SELECT {f:Identifier}('/etc/passwd')",
    "SELECT {f : identifier} FROM t",
    "SELECT * APPLY file FROM (SELECT '/etc/passwd')",
    "SELECT * APPLY(file) FROM (SELECT '/etc/passwd')",
    "SELECT COLUMNS('a') APPLY(x -> file(x)) FROM t",
    "SELECT sleep(1)",
    "SELECT sleepEachRow(1)",
    "SELECT formatRow('Protobuf', 1)",
    "SELECT aiGenerate('x')",
    "SELECT dictGet('d', 'a', 1)",
    "SELECT groupFormat('Protobuf')(1)",
    "SELECT groupFormatIf('Protobuf')(1, 1)",
    "SELECT aFunctionOfTomorrow(1)",
    // table functions
    "SELECT * FROM file('/etc/passwd')",
    "DESCRIBE TABLE url('file:///proc/self/environ', 'TSVWithNames')",
    "DESC url('http://127.0.0.1:1/')",
    "EXPLAIN SELECT * FROM s3('http://127.0.0.1:1/')",
    "SELECT * FROM values('a UInt8, b String ALIAS file(\\'/etc/passwd\\')', 1)",
    "SELECT * FROM VALUES('a String ALIAS file(\\'/etc/passwd\\')', 1)",
    "SELECT * FROM generateRandom('a String ALIAS file(\\'/etc/passwd\\')')",
    "SELECT * FROM merge('system', 'processes')",
    "SELECT * FROM a, remote('127.0.0.1', d, t)",
    // files by other ways
    "WITH 1 AS a SELECT 1 INTO OUTFILE '/tmp/x'",
    "SELECT 1 INTO /* */ outfile '/tmp/x'",
    "SELECT 1 FORMAT Protobuf",
    "SELECT 1 FORMAT `Protobuf`",
    "SELECT 1 FORMAT Template;",
    "EXPLAIN SELECT 1 FORMAT Protobuf",
    "SELECT 1 FORMAT Protobuf SETTINGS a = 1",
    "SELECT 1 FORMAT FormatOfTomorrow",
    "SELECT 1 SETTINGS output_format_schema = '/tmp/x'",
    "SELECT 1 SETTINGS max_threads = 1",
    "SELECT 1 settings `max_threads` = 1",
    "SELECT * FROM (SELECT 1 SETTINGS max_threads = 1)",
    // what others do, and the insides
    "SELECT * FROM system.processes",
    "SELECT * FROM `system`.`query_log`",
    'SELECT * FROM "system" . "server_settings"',
    "SELECT * FROM `sys\\x74em`.processes",
    "SHOW TABLES FROM system",
    "SHOW PROCESSLIST",
    "SHOW GRANTS",
    "SHOW USERS",
    "SHOW SETTINGS LIKE '%'",
    // odd quotes
    "SELECT $$x$$",
    "SELECT 'a",
    "SELECT 1 \\G",
    // other statements
    "INSERT INTO t VALUES (1)",
    "KILL QUERY WHERE 1",
    "SET ROLE admin",
    "SET readonly = 0",
    "EXECUTE AS leeway SELECT 1",
    "USE other",
    "SYSTEM SHUTDOWN",
    "BACKUP TABLE t TO File('x')",
    "(file('/etc/passwd'))",
    "",
  ])("refuses %j", (sql) => {
    expect(refusal(sql)).toBe(164);
  });

  it.each([
    "SELECT t.file, `file`.name, outfile_name FROM t",
    "SELECT 'file(', 'INTO OUTFILE', 'it’s “quoted” $$', 'größer', '\\' sleep(1)'",
    "SELECT a AS `größe` FROM t",
    "SELECT count(*) FROM `leeway`.`llm_spans` WHERE a IN (1) AND NOT (b = 2) OR (c)",
    "(SELECT 1) UNION ALL (SELECT 2)",
    "WITH (SELECT 1) AS x, t AS (SELECT 2) SELECT x, * FROM t",
    "FROM llm_spans SELECT count()",
    "SELECT CAST(a AS Nullable(DateTime64(3, 'UTC'))), a::Array(String), {x:Array(UInt8)} FROM t",
    "SELECT sumIf(a, b), quantileExactWeightedIf(0.5)(a, n, c), countIf(x), argMaxIf(a, b, c), uniqExactIfMerge(s) FROM t",
    "SELECT row_number() OVER (PARTITION BY a ORDER BY b) FROM t",
    "SELECT arrayMap((x, y) -> x + y, [1], [2]), a ? 1 : 2, -(1), 1e3 FROM numbers(10)",
    "SELECT EXTRACT(YEAR FROM now()), DATE_ADD(DAY, 1, now()), INTERVAL 1 DAY, trim(BOTH ' ' FROM a) FROM t",
    "SELECT DISTINCT ON (a) * EXCEPT (b) REPLACE (1 AS c) FROM t",
    "SELECT 1 FROM t GROUP BY GROUPING SETS ((a), (b)) WITH TOTALS",
    "SELECT name FROM system.tables WHERE database = 'system'",
    "SELECT settings, format FROM t",
    "SELECT concat(a, b) FORMAT JSON",
    "SELECT 1 FORMAT JSONEachRow;",
    "SHOW TABLES",
    "SHOW FULL COLUMNS FROM t",
    "SHOW CREATE TABLE t",
    "DESCRIBE TABLE llm_spans",
    "DESCRIBE (SELECT 1)",
    "EXPLAIN SELECT 1",
    "EXPLAIN indexes = 1 SELECT 1",
    "EXISTS TABLE t",
  ])("lets %j pass", (sql) => {
    expect(refuseToReader(readStatement(sql), WORDS)).toBeNull();
  });

  it("says what is not allowed, and what to write instead", () => {
    expect(refuseToReader(readStatement("SELECT arrayMap(file, a) FROM t"), WORDS)?.text).toContain(
      "file is the name of a function that is not allowed; write table.file for a column.",
    );
  });
});

describe("refuseFormat", () => {
  it.each(["JSON", "TabSeparated", "Native", "CSVWithNames", "PrettyCompact"])("lets %s pass", (format) => {
    expect(refuseFormat(format)).toBeNull();
  });

  it.each(["Protobuf", "protobuf", "CapnProto", "Template", "Avro", "PostgreSQLWire", "", "constructor"])(
    "refuses %j",
    (format) => {
      expect(refuseFormat(format)).toMatchObject({ code: 164 });
    },
  );
});
