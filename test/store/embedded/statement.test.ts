import { describe, expect, it } from "vitest";
import { readStatement } from "../../../store/embedded/statement.ts";

describe("readStatement", () => {
  it.each([
    ["select 1", "SELECT", null, false],
    ["SELECT 1 FORMAT JSON;", "SELECT", "JSON", false],
    ["SELECT ';', 1 ;; ", "SELECT", null, false],
    ["SELECT 1; DROP TABLE t", "SELECT", null, true],
    ["SELECT (SELECT 1 AS format) AS a /* FORMAT CSV */", "SELECT", null, false],
    ["((SELECT 1)) UNION ALL SELECT 2 format TSV", "SELECT", "TSV", false],
    ["WITH x AS (SELECT 1) SELECT * FROM x", "WITH", null, false],
    ["-- nothing", "", null, false],
    ["'text'", "", null, false],
  ])("reads %j", (sql, verb, format, several) => {
    expect(readStatement(sql)).toMatchObject({ verb, format, several });
  });
});
