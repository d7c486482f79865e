import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SPAN_COLUMNS } from "../../../core/span-row.ts";
import { SCHEMA_STEPS } from "../../../store/schema/steps.ts";
import { aBatch, aSpan, T0 } from "../a-span.ts";
import { openTestStore, type TestStore } from "../test-store.ts";

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.end());

describe("llm_spans", () => {
  it("has exactly the columns of a span row, in its order", async () => {
    const columns = await test.store().query<{ name: string }>(
      `SELECT name FROM system.columns WHERE database = 'leeway' AND table = 'llm_spans'
         AND default_kind != 'EPHEMERAL' ORDER BY position`,
    );
    expect(columns.map(({ name }) => name)).toEqual([...SPAN_COLUMNS]);
  });

  it("gives back what a row held, times cut to the millisecond", async () => {
    const span = aSpan({
      start_ms: T0 - 1234.75,
      end_ms: T0 + 0.999,
      ttft_ms: 12.5,
      segments: { "input type": "faq; --'x\\", language: "日本" },
      conversation_id: "\ud800broken",
      cost_usd: null,
      json_valid: 1,
      features: { words: 12, digit_share: 0.25, readability: -3.5 },
      labels: { language: "en" },
      key_paths: ["k0123456789ab", "n0123456789ab"],
      cache_write_tokens: 7,
    });
    await test.store().insertSpans(aBatch([span]));
    const [row] = await test.store().query<Record<string, unknown>>(
      `SELECT * REPLACE (toUnixTimestamp64Milli(start_ms) AS start_ms, toUnixTimestamp64Milli(end_ms) AS end_ms,
         toUnixTimestamp64Milli(received_ms) AS received_ms) FROM llm_spans WHERE span_id = {id:String}`,
      { id: span.span_id },
    );
    expect(row).toEqual({
      ...span,
      start_ms: T0 - 1235,
      end_ms: T0,
      received_ms: T0 + 50,
      conversation_id: "\ufffdbroken",
    });
  });

  it("keeps null as null in every column that may be unknown", async () => {
    const nulls = Object.fromEntries(
      Object.entries(aSpan())
        .filter(([name]) =>
          /tokens|cost_usd|duration_ms|ttft_ms|http_status|output_chars|code_fence|valid|truncated/.test(name),
        )
        .map(([name]) => [name, null]),
    );
    const span = aSpan(nulls);
    await test.store().insertSpans(aBatch([span]));
    const [row] = await test
      .store()
      .query<Record<string, unknown>>("SELECT * FROM llm_spans WHERE span_id = {id:String}", { id: span.span_id });
    expect(Object.keys(nulls)).toHaveLength(14);
    expect(row).toMatchObject(nulls);
  });
});

describe("the schema steps", () => {
  it("are numbered from 1 without gaps and recorded once taken", async () => {
    const taken = await test.store().query<{ id: number }>("SELECT id FROM schema_steps ORDER BY id");
    expect(SCHEMA_STEPS.map(({ id }) => id)).toEqual(SCHEMA_STEPS.map((_, i) => i + 1));
    expect(taken.map(({ id }) => id)).toEqual(SCHEMA_STEPS.map(({ id }) => id));
  });

  it("are not taken again when the store is opened again, and lose nothing", async () => {
    const count = "SELECT (SELECT count() FROM schema_steps) AS steps, (SELECT count() FROM llm_spans) AS spans";
    const before = await test.store().query(count);
    await test.reopen();
    expect(await test.store().query(count)).toEqual(before);
  });

  it.each(SCHEMA_STEPS)("step $id can be written for a cluster and for one server", ({ sql }) => {
    const clustered = sql({ database: "d", cluster: "prod" }, null).join("\n");
    const plain = sql({ database: "d", cluster: null }, null).join("\n");
    expect(clustered).toContain("ON CLUSTER `prod`");
    expect(clustered).not.toMatch(/ENGINE = (Aggregating)?MergeTree|non_replicated/);
    expect(plain).not.toMatch(/ON CLUSTER|Replicated|[^_]replicated_/);
  });
});
