import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeSpanRow } from "../../core/span-row.ts";
import { aBatch, aSpan, T0 } from "./a-span.ts";
import { openTestStore, type TestStore } from "./test-store.ts";

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.end());

const counts = async (): Promise<{ spans: number; rollup: number }> => {
  const [row] = await test
    .store()
    .query<{ spans: number; rollup: number }>(
      "SELECT (SELECT count() FROM llm_spans) AS spans, (SELECT sum(calls) FROM llm_1m) AS rollup",
    );
  return row ?? { spans: -1, rollup: -1 };
};

describe("insertSpans", () => {
  it("adds nothing for a token it has seen, in the table and in the rollup, also after a restart", async () => {
    const batch = aBatch([aSpan(), aSpan(), aSpan({ cohort: "canary" })], "segment-1");
    await test.store().insertSpans(batch);
    await test.store().insertSpans(batch);
    expect(await counts()).toEqual({ spans: 3, rollup: 3 });
    await test.reopen();
    await test.store().insertSpans(batch);
    expect(await counts()).toEqual({ spans: 3, rollup: 3 });
  });

  it("takes rows that an older version wrote with fewer columns: what they lack is unknown, what they say stays", async () => {
    const span = aSpan({ response_id: "from-before", features: { words: 3 }, output_chars: 12, received_ms: T0 + 7 });
    const lines = `${JSON.stringify(JSON.parse(encodeSpanRow(span)).slice(0, 44))}\n`;
    await test.store().insertSpans({ token: "older", lines, rows: 1, columns: 44 });
    const rows = await test.store().query(
      `SELECT output_chars, toUnixTimestamp64Milli(received_ms) AS received, features, labels, key_paths, cache_write_tokens
         FROM llm_spans WHERE response_id = 'from-before'`,
    );
    const unknown = { features: {}, labels: {}, key_paths: [], cache_write_tokens: null };
    expect(rows).toEqual([{ output_chars: 12, received: T0 + 7, ...unknown }]);
  });

  it("adds the same rows again under another token, and a token never leaks into the next insert", async () => {
    const before = await counts();
    const batch = aBatch([aSpan()], "segment-2");
    await test.store().insertSpans(batch);
    await test.store().insertSpans({ ...batch, token: "segment-3" });
    await test.store().insertSpans({ ...batch, lines: Buffer.from(batch.lines), token: "segment-4" });
    expect(await counts()).toEqual({ spans: before.spans + 3, rollup: before.rollup + 3 });
  });

  it("takes spans of more days than ClickHouse allows an insert by default", async () => {
    const before = await counts();
    const days = Array.from({ length: 130 }, (_, day) => aSpan({ end_ms: T0 + day * 86_400_000 }));
    await test.store().insertSpans(aBatch(days));
    expect((await counts()).spans).toBe(before.spans + 130);
  });

  it("takes an empty batch", async () => {
    const before = await counts();
    await test.store().insertSpans({ token: "empty", lines: "", rows: 0 });
    expect(await counts()).toEqual(before);
  });

  it("refuses a batch that holds another number of lines than it says", async () => {
    await expect(test.store().insertSpans({ ...aBatch([aSpan()]), rows: 2 })).rejects.toMatchObject({
      code: "store-query",
      message: expect.stringContaining("2 rows holds 1 lines"),
    });
  });

  const bad = (): string => `${encodeSpanRow(aSpan()).slice(0, -2)},"my secret prompt"]\n`;
  const text = (lines: readonly Uint8Array[]): string => Buffer.concat(lines).toString();

  it("hands back the rows of a batch that are refused for what they say, and stores all others once", async () => {
    const before = await counts();
    const [first, second] = [bad(), bad()];
    const good = Array.from({ length: 40 }, () => encodeSpanRow(aSpan()));
    const lines = [...good.slice(0, 7), first, ...good.slice(7, 30), second, ...good.slice(30)].join("");
    for (let repeat = 0; repeat < 3; repeat += 1) {
      const { refused } = await test.store().insertSpans({ token: "bad", lines, rows: 42 });
      expect(text(refused)).toBe(first + second);
      expect(await counts()).toEqual({ spans: before.spans + 40, rollup: before.rollup + 40 });
    }
  });

  it("stores nothing of a batch of bad rows alone, and says so", async () => {
    const before = await counts();
    const lines = [bad(), bad(), bad()].join("");
    const { refused } = await test.store().insertSpans({ token: "all-bad", lines, rows: 3 });
    expect([text(refused), await counts()]).toEqual([lines, before]);
  });

  it("stores rows of ninety days once, however often they are repeated", async () => {
    const before = await counts();
    const rows = Array.from({ length: 270 }, (_, index) => aSpan({ end_ms: T0 - (index % 90) * 86_400_000 }));
    const batch = aBatch(rows, "many-days");
    await test.store().insertSpans(batch);
    await test.reopen();
    await test.store().insertSpans(batch);
    expect(await counts()).toEqual({ spans: before.spans + 270, rollup: before.rollup + 270 });
  });
});

describe("llm_1m", () => {
  it("says the same as the raw spans", async () => {
    await test
      .store()
      .insertSpans(
        aBatch([
          aSpan({ migration: "r", duration_ms: 100, ttft_ms: 10, cost_usd: 0.5 }),
          aSpan({ migration: "r", duration_ms: 100, input_tokens: null, json_valid: 0, end_ms: T0 + 59_999 }),
          aSpan({ migration: "r", duration_ms: 9_000, error: 1, refusal_class: "", truncated: null }),
          aSpan({ migration: "r", refusal_class: "hard", duration_ms: 200, end_ms: T0 + 60_000 }),
        ]),
      );
    const rollup = await test.store().query(
      `SELECT toUnixTimestamp(minute) * 1000 AS at, sum(calls) AS calls, sum(error_sum) AS errors,
         sum(refusal_known) AS refusal_known, sum(refusal_sum) AS refusals, sum(input_tokens_known) AS input_known,
         sum(input_tokens_sum) AS input_sum, sum(tokens_total_known) AS total_known, sum(cost_usd_sum) AS cost,
         sum(json_valid_known) AS json_known, sum(truncated_known) AS truncated_known, sum(latency_ms_known) AS latency_known,
         sum(latency_ms_sum) AS latency_sum, sumMap(latency_ms_bins) AS latency_bins, sumMap(ttft_ms_bins) AS ttft_bins
       FROM llm_1m WHERE migration = 'r' GROUP BY minute ORDER BY minute`,
    );
    expect(rollup).toEqual([
      {
        at: T0,
        calls: 3,
        errors: 1,
        refusal_known: 2,
        refusals: 0,
        input_known: 2,
        input_sum: 200,
        total_known: 2,
        cost: 0.502,
        json_known: 1,
        truncated_known: 2,
        latency_known: 2,
        latency_sum: 200,
        latency_bins: { "462": 2 },
        ttft_bins: { "231": 1 },
      },
      {
        at: T0 + 60_000,
        calls: 1,
        errors: 0,
        refusal_known: 1,
        refusals: 1,
        input_known: 1,
        input_sum: 100,
        total_known: 1,
        cost: 0.001,
        json_known: 0,
        truncated_known: 1,
        latency_known: 1,
        latency_sum: 200,
        latency_bins: { "532": 1 },
        ttft_bins: {},
      },
    ]);
  });
});
