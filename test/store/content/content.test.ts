import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ContentRow } from "../../../core/content-row.ts";
import { aContent, aContentBatch } from "../a-content.ts";
import { T0 } from "../a-span.ts";
import { freshMigration } from "../fresh-migration.ts";
import { openTestStore, type TestStore } from "../test-store.ts";

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.end());

const DAY = 86_400_000;
const START = { receivedMs: 0, traceId: "", spanId: "" };

const insert = (...rows: readonly ContentRow[]) => test.store().insertContent(aContentBatch(rows));
const idOf = ({ trace_id: traceId, span_id: spanId }: ContentRow) => ({ traceId, spanId });
const KEEP = 90 * DAY;

describe("content in the store", () => {
  it("has no place before somebody asks for one", async () => {
    const found = await test.store().query("SELECT 1 FROM system.databases WHERE name = 'leeway_content'");
    expect(found).toEqual([]);
    await expect(insert(aContent())).rejects.toMatchObject({ message: expect.not.stringContaining("order") });
    await test.store().keepContent(KEEP);
    await test.store().keepContent(KEEP);
  });

  it("comes back as it went in, whatever its texts hold", async () => {
    const row = aContent({
      migration: freshMigration(),
      segments: { "input type": "naïve 'quote' \\ 税" },
      messages: JSON.stringify([
        { role: "user", parts: [{ type: "text", content: "a\u0000b\ud800 \u001b[2J<script>" }] },
      ]),
      output: `["${"x".repeat(2_000_000)}"]`,
      truncated: ["messages"],
      duration_ms: null,
    });
    await insert(row);
    const read = await test.store().contentOfCalls({ migration: row.migration, calls: [idOf(row)], sinceMs: 0 });
    expect(read).toEqual([row]);
  });

  it("is read in the order in which it came in, page by page, each call once, of one arm alone", async () => {
    const migration = freshMigration();
    const rows = [0, 0, 0, 1, 2].map((later) => aContent({ migration, received_ms: T0 + later }));
    await insert(...rows, ...rows.slice(0, 2), aContent({ migration, cohort: "shadow" }), aContent());
    const read: ContentRow[] = [];
    for (let after = START; ; ) {
      const page = await test.store().contentAfter({ migration, cohort: "baseline", after, sinceMs: 0, limit: 2 });
      read.push(...page);
      const last = page.at(-1);
      if (last === undefined) break;
      after = { receivedMs: last.received_ms, ...idOf(last) };
    }
    expect(read.map(({ received_ms }) => received_ms)).toEqual([0, 0, 0, 1, 2].map((later) => T0 + later));
    expect(new Set(read.map(({ span_id }) => span_id))).toEqual(new Set(rows.map(({ span_id }) => span_id)));
  });

  it("is over when its time is up, whether or not the disk has it yet", async () => {
    const migration = freshMigration();
    const [old, young] = [aContent({ migration }), aContent({ migration, received_ms: T0 + 10 })];
    await insert(old, young);
    const within = { migration, sinceMs: T0 };
    expect(await test.store().contentOfCalls({ ...within, calls: [old, young].map(idOf) })).toEqual([young]);
    const page = { ...within, cohort: "baseline", after: START, limit: 10 } as const;
    expect(await test.store().contentAfter(page)).toEqual([young]);
  });

  it("is dropped by the database itself when its time is up", async () => {
    const migration = freshMigration();
    const row = aContent({ migration, received_ms: Date.now() - 3 * DAY });
    await insert(row);
    await test.store().keepContent(DAY);
    await test.store().query("SELECT 1");
    const [table] = await test
      .store()
      .query<{ sql: string }>(
        "SELECT create_table_query AS sql FROM system.tables WHERE database = 'leeway_content' AND name = 'llm_content'",
      );
    expect(table?.sql).toMatch(/TTL toDateTime\(received_ms\) \+ (toIntervalSecond\(86400\)|INTERVAL 86400 SECOND)/);
    await test.store().keepContent(KEEP);
  });

  it("of a call that is not kept, or of none, is nothing", async () => {
    const calls = [
      { traceId: "a".repeat(32), spanId: "b".repeat(16) },
      { traceId: "", spanId: "" },
    ];
    expect(await test.store().contentOfCalls({ migration: "m", calls, sinceMs: 0 })).toEqual([]);
  });

  it("is known by its calls, the newest first", async () => {
    const rows = [0, 1].map((later) => aContent({ received_ms: T0 + 3_600_000 + later }));
    await insert(...rows);
    const keys = rows.map(({ trace_id, span_id }) => trace_id + span_id).toReversed();
    expect(await test.store().recentContentKeys(T0 + 3_600_000, 10)).toEqual(keys);
  });

  it("is not to be read by whom Grafana asks as", async () => {
    await insert(aContent());
    const { url, reader } = test.store().endpoint;
    const ask = async (sql: string): Promise<string> => {
      const headers = { "x-clickhouse-user": reader?.user ?? "", "x-clickhouse-key": reader?.password ?? "" };
      return (await fetch(url, { method: "POST", body: sql, headers })).text();
    };
    expect(await ask("SELECT count() >= 0 FROM leeway.llm_pairs")).toContain("1");
    expect(await ask("SELECT output FROM leeway_content.llm_content")).toMatch(
      /ACCESS_DENIED|not allowed|may be read/i,
    );
    expect(await ask("SHOW TABLES FROM leeway_content")).not.toContain("llm_content");
  });
});
