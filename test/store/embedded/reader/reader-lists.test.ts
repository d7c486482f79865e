import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FORMATS } from "../../../../store/embedded/reader/reader-formats.ts";
import { AGGREGATES, FUNCTIONS } from "../../../../store/embedded/reader/reader-functions.ts";
import { HIDDEN_TABLES, SYSTEM_TABLES } from "../../../../store/embedded/reader/reader-tables.ts";
import { TABLE_FUNCTIONS } from "../../../../store/embedded/reader/reader-words.ts";
import { openTestStore, type TestStore } from "../../test-store.ts";

/* The lists beside what the engine at hand has: an engine of another version meets these first. */

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.end());

const namesOf = async (source: string): Promise<ReadonlySet<string>> => {
  const rows = await test.store().query<{ name: string }>(`SELECT name FROM system.${source}`);
  return new Set(rows.map(({ name }) => name));
};

const lower = (names: Iterable<string>): ReadonlySet<string> => new Set([...names].map((name) => name.toLowerCase()));

describe("the lists of what a reader may use", () => {
  it("name functions the engine has, scalar ones and aggregates apart", async () => {
    const scalar = lower(await namesOf("functions WHERE NOT is_aggregate"));
    const aggregate = lower(await namesOf("functions WHERE is_aggregate"));
    expect([...FUNCTIONS].filter((name) => !scalar.has(name))).toEqual([]);
    expect([...AGGREGATES].filter((name) => !aggregate.has(name))).toEqual([]);
  });

  it("name no function that is a table function as well: its argument may be a text that is code", async () => {
    const tables = lower(await namesOf("table_functions"));
    const both = [...FUNCTIONS, ...AGGREGATES].filter((name) => tables.has(name) && !TABLE_FUNCTIONS.has(name));
    expect(both).toEqual([]);
  });

  it("name formats the engine has", async () => {
    const formats = await namesOf("formats WHERE is_output");
    expect([...FORMATS].filter((name) => !formats.has(name))).toEqual([]);
  });

  it("leave no table of system out: it may be read, or its rows are nobody's but the admin's", async () => {
    const known = new Set([...SYSTEM_TABLES, ...HIDDEN_TABLES]);
    const tables = await namesOf("tables WHERE database = 'system'");
    expect([...tables].filter((name) => !known.has(name))).toEqual([]);
    expect(SYSTEM_TABLES.filter((name) => HIDDEN_TABLES.includes(name))).toEqual([]);
  });

  it("get in the way of no column of the store", async () => {
    const { url, database, reader } = test.store().endpoint;
    const columns = await test
      .store()
      .query<{ table: string; name: string }>(
        `SELECT table, name FROM system.columns WHERE database = '${database}' AND NOT startsWith(table, '.')`,
      );
    expect(columns.length).toBeGreaterThan(100);
    const refused: string[] = [];
    for (const [table, all] of Map.groupBy(columns, ({ table: of }) => of)) {
      const answer = await fetch(url, {
        method: "POST",
        headers: { "x-clickhouse-user": reader?.user ?? "", "x-clickhouse-key": reader?.password ?? "" },
        body: `SELECT ${all.map(({ name }) => name).join(", ")} FROM ${table} LIMIT 0`,
      });
      if (!answer.ok) refused.push(await answer.text());
    }
    expect(refused).toEqual([]);
  });
});
