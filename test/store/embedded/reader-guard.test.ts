import { describe, expect, it } from "vitest";
import { readerSettings, refuseToReader } from "../../../store/embedded/reader-guard.ts";
import { readStatement } from "../../../store/embedded/statement.ts";

const refusal = (sql: string): number | undefined => refuseToReader(readStatement(sql))?.code;

describe("refuseToReader", () => {
  it.each([
    "SELECT file('/etc/passwd')",
    "SELECT File /* x */ ('/etc/passwd')",
    "SELECT `file`('/etc/passwd')",
    "SELECT \"fi\\x6ce\"('/etc/passwd')",
    "SELECT “file”('/etc/passwd')",
    "SELECT arrayMap(x -> file(x), ['/etc/passwd'])",
    "WITH 1 AS a SELECT 1 INTO OUTFILE '/tmp/x'",
    "SELECT 1 INTO /* */ outfile '/tmp/x'",
    "SELECT $$x$$",
    "INSERT INTO t VALUES (1)",
    "KILL QUERY WHERE 1",
    "SET readonly = 0",
    "USE other",
    "SYSTEM SHUTDOWN",
    "BACKUP TABLE t TO File('x')",
    "",
  ])("refuses %j", (sql) => {
    expect(refusal(sql)).toBe(164);
  });

  it.each([
    "SELECT file, outfile_name FROM t",
    "SELECT 'file(', 'INTO OUTFILE', 'it’s “quoted” $$'",
    "SELECT count(*) FROM `leeway`.`llm_spans` WHERE a IN (1)",
    "(SELECT 1) UNION ALL (SELECT 2)",
    "FROM llm_spans SELECT count()",
    "SHOW TABLES",
    "DESCRIBE TABLE llm_spans",
    "EXPLAIN SELECT 1",
    "EXISTS TABLE t",
  ])("lets %j pass", (sql) => {
    expect(refusal(sql)).toBeUndefined();
  });
});

describe("readerSettings", () => {
  it("passes what shapes an answer, lowers what limits it, and refuses the rest", () => {
    expect(readerSettings([["output_format_json_quote_64bit_integers", "0"]])).toEqual([
      ["output_format_json_quote_64bit_integers", "0"],
    ]);
    expect(readerSettings([["max_execution_time", "7"]])).toEqual([["max_execution_time", "7"]]);
    expect(readerSettings([["max_execution_time", "0"]])).toEqual([["max_execution_time", "30"]]);
    expect(readerSettings([["max_execution_time", "3600"]])).toEqual([["max_execution_time", "30"]]);
    expect(readerSettings([["max_memory_usage", "0"]])).toMatchObject({ code: 164 });
    expect(readerSettings([["readonly", "0"]])).toMatchObject({ code: 164 });
    expect(readerSettings([["format_schema", "/etc/passwd"]])).toMatchObject({ code: 164 });
  });
});
