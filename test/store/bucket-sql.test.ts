import { afterAll, beforeAll, expect, it } from "vitest";
import { bucketOf } from "../../core/histogram.ts";
import { bucketSql } from "../../store/bucket-sql.ts";
import { quoteName, quoteText } from "../../store/quote.ts";
import { openTestStore, type TestStore } from "./test-store.ts";

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.end());

it("the bucket of a number is the same in SQL and in core", async () => {
  const sql = `SELECT x, ${bucketSql("x")} AS bucket FROM (
    SELECT arrayJoin([toFloat64(0), -1, 1e-9, 0.5, 1, 1.01]) AS x UNION ALL SELECT toFloat64(number) FROM numbers(20000)
    UNION ALL SELECT exp(rand64(number) / 18446744073709551615 * 30 - 12) FROM numbers(20000))`;
  const rows = await test.store().query<{ x: number; bucket: number }>(sql);
  expect(rows).toHaveLength(40_006);
  expect(rows.filter(({ x, bucket }) => bucketOf(x) !== bucket)).toEqual([]);
});

it.each(["plain", "it's", "back\\slash", "`tick`", 'a"b', "tab\tline\nnull\0", "'; DROP TABLE t; --", "日本"])(
  "quoting keeps %j one literal and one name",
  async (text) => {
    const [row] = await test.store().query<Record<string, string>>(`SELECT ${quoteText(text)} AS ${quoteName(text)}`);
    expect(row).toEqual({ [text]: text });
  },
);
