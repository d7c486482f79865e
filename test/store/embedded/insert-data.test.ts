import { describe, expect, it } from "vitest";
import { insertHead } from "../../../store/embedded/insert-data.ts";

const parts = (sql: string): readonly string[] | null => {
  const head = insertHead(sql);
  return head && [head.before.trim(), head.settings.trim(), head.format, sql.slice(head.dataStart)];
};

describe("insertHead", () => {
  it.each([
    ["INSERT INTO t FORMAT JSONEachRow\n{}", ["INSERT INTO t", "", "JSONEachRow", "{}"]],
    ["insert into t (a, format) Format CSV 1,2", ["insert into t (a, format)", "", "CSV", "1,2"]],
    [
      "INSERT INTO t SETTINGS a = 'FORMAT x' FORMAT TSV\n\t1",
      ["INSERT INTO t", "SETTINGS a = 'FORMAT x'", "TSV", "\t1"],
    ],
    ["INSERT INTO t VALUES (1, 'SELECT')", ["INSERT INTO t", "", "Values", " (1, 'SELECT')"]],
    ["/* c */ INSERT INTO db.`VALUES` FORMAT Native", ["/* c */ INSERT INTO db.`VALUES`", "", "Native", ""]],
    ["INSERT INTO t FORMAT RowBinary\n\nx", ["INSERT INTO t", "", "RowBinary", "\nx"]],
    ["INSERT INTO t SELECT 1 FORMAT CSV", null],
    ["INSERT INTO t WITH 1 AS x SELECT x", null],
    ["INSERT INTO t FROM INFILE 'f' FORMAT CSV", null],
    ["SELECT 1 FORMAT CSV", null],
    ["EXPLAIN INSERT INTO t VALUES (1)", null],
    ["", null],
  ])("finds the rows of %j", (sql, expected) => {
    expect(parts(sql)).toEqual(expected);
  });
});
