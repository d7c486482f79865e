import { expect, test } from "vitest";
import { LeewayError } from "../../core/errors.ts";
import { encodeSpanRow } from "../../core/span-row.ts";
import type { Database, RowsToInsert } from "../../store/database.ts";
import { insertSpans } from "../../store/insert-spans.ts";
import { aBatch, aSpan, T0 } from "./a-span.ts";

const DAY_MS = 86_400_000;

/**
 * A table that takes a token once, refuses rows whose service is `bad`, and is gone for the inserts of `downAt` (counted
 * from 1), of which every second has stored its rows all the same.
 */
const createTable = (downAt: readonly number[] = []) => {
  const stored: string[] = [];
  const tokens: string[] = [];
  const inserts: RowsToInsert[] = [];
  const insert: Database["insert"] = async (rows) => {
    inserts.push(rows);
    const lines = Buffer.from(rows.lines).toString().split("\n").slice(0, -1);
    const isDown = downAt.includes(inserts.length);
    if (isDown && inserts.length % 2 === 1) throw new LeewayError("store-unavailable", "down");
    if (lines.some((line) => line.includes('"bad"'))) throw new LeewayError("rows-refused", "code 27");
    if (!tokens.includes(rows.token)) {
      tokens.push(rows.token);
      stored.push(...lines);
    }
    if (isDown) throw new LeewayError("store-unavailable", "no answer");
  };
  const unused = () => Promise.reject(new Error("not asked for"));
  const database: Database = { insert, command: unused, query: unused, ping: unused, close: unused };
  return { database, stored, inserts };
};

const daysOf = ({ lines }: RowsToInsert): Set<number> =>
  new Set(
    Buffer.from(lines)
      .toString()
      .split("\n")
      .slice(0, -1)
      .map((line) => Math.floor(JSON.parse(line)[4] / DAY_MS)),
  );

const rowsOfDays = (days: number, each: number) =>
  Array.from({ length: days * each }, (_, index) => aSpan({ end_ms: T0 - (index % days) * DAY_MS }));

test("rows of a few days are one insert under the token of their batch", async () => {
  const { database, inserts } = createTable();
  const batch = aBatch(rowsOfDays(20, 2), "segment-7");
  expect(await insertSpans(database, batch)).toEqual({ refused: [] });
  expect(inserts).toMatchObject([{ token: "segment-7", rows: 40, lines: Buffer.from(batch.lines) }]);
});

test("rows of many days are inserted twenty days at a time, the oldest first", async () => {
  const { database, inserts, stored } = createTable();
  await insertSpans(database, aBatch(rowsOfDays(90, 3)));
  expect(inserts.map((insert) => [daysOf(insert).size, insert.rows])).toEqual([
    ...Array.from({ length: 4 }, () => [20, 60]),
    [10, 30],
  ]);
  const newest = inserts.map((insert) => Math.max(...daysOf(insert)));
  expect(newest).toEqual([...newest].sort((a, b) => a - b));
  expect(new Set(stored).size).toBe(270);
});

const rows = rowsOfDays(70, 3).map((row, index) => (index % 40 === 5 ? { ...row, service: "bad" } : row));

test.each([[[1]], [[2]], [[3]], [[2, 4, 6]], [[9, 10, 11, 12]], [[5, 8, 21, 22, 40]]])(
  "every row is stored once or handed back when inserts %j fail and the batch is repeated",
  async (downAt) => {
    const { database, stored } = createTable(downAt);
    const batch = aBatch(rows, "segment-8");
    let refused: readonly Uint8Array[] | null = null;
    for (let tries = 0; refused === null; tries += 1) {
      expect(tries).toBeLessThanOrEqual(downAt.length);
      refused = await insertSpans(database, batch).then(
        (inserted) => inserted.refused,
        () => null,
      );
    }
    const all = [...stored.map((line) => `${line}\n`), ...refused.map((line) => Buffer.from(line).toString())];
    expect(all.sort()).toEqual(rows.map(encodeSpanRow).sort());
    expect(refused).toHaveLength(rows.filter(({ service }) => service === "bad").length);
  },
);

test("a batch of nothing but refused rows takes a bounded number of tries", async () => {
  const { database, inserts, stored } = createTable();
  const bad = Array.from({ length: 5000 }, () => aSpan({ service: "bad" }));
  const { refused } = await insertSpans(database, aBatch(bad));
  expect(Buffer.concat(refused).toString()).toBe(bad.map(encodeSpanRow).join(""));
  expect(stored).toEqual([]);
  expect(inserts.length).toBeLessThan(300);
});

test("an error that is not about the rows is not searched for among them", async () => {
  const { database, inserts } = createTable([1]);
  await expect(insertSpans(database, aBatch(rowsOfDays(1, 8)))).rejects.toMatchObject({ code: "store-unavailable" });
  expect(inserts).toHaveLength(1);
});
