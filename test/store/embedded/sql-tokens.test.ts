import { describe, expect, it } from "vitest";
import { sqlTokens } from "../../../store/embedded/sql-tokens.ts";

const texts = (sql: string): readonly string[] => [...sqlTokens(sql)].map(({ text }) => text);

describe("sqlTokens", () => {
  it.each([
    ["SELECT a1, `b c` FROM t", ["SELECT", "a1", ",", "`b c`", "FROM", "t"]],
    ["SELECT 'it''s ; \\' -- no comment'", ["SELECT", "'it''s ; \\' -- no comment'"]],
    ["SELECT 1 -- rest ; of it\n+ 2 /* ' */ # x ;\n", ["SELECT", "1", "+", "2"]],
    ["SELECT $$a ' b$$, $tag$ $$ $tag$", ["SELECT", "$$a ' b$$", ",", "$tag$ $$ $tag$"]],
    ['SELECT "a""b\\"c"', ["SELECT", '"a""b\\"c"']],
    ["SELECT 'never closed", ["SELECT", "'never closed"]],
    ["/* never closed", []],
    ["", []],
    ["SELECT größe", ["SELECT", "größe"]],
  ])("cuts %j", (sql, expected) => {
    expect(texts(sql)).toEqual(expected);
  });

  it("knows how deep a token is in brackets", () => {
    const depths = [...sqlTokens("f(a, [b])c")].map(({ text, depth }) => `${text}${depth}`);
    expect(depths).toEqual(["f0", "(0", "a1", ",1", "[1", "b2", "]1", ")0", "c0"]);
  });

  it("reads no further than it is asked to", () => {
    const tokens = sqlTokens("INSERT INTO t VALUES ('");
    expect([tokens.next().value?.text, tokens.next().value?.text]).toEqual(["INSERT", "INTO"]);
  });
});
