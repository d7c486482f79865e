import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PairRow } from "../../../core/pair-row.ts";
import type { SpanRow } from "../../../core/span-row.ts";
import { aPair, aPairBatch } from "../a-pair.ts";
import { aBatch, aSpan, T0 } from "../a-span.ts";
import { freshMigration } from "../fresh-migration.ts";
import { openTestStore, type TestStore } from "../test-store.ts";

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.end());

const START = { receivedMs: 0, id: "" };

const insert = (...rows: readonly PairRow[]): Promise<unknown> => test.store().insertPairs(aPairBatch(rows));

const byArrival = (rows: readonly PairRow[]): readonly PairRow[] =>
  rows.toSorted((a, b) => a.received_ms - b.received_ms || (a.id < b.id ? -1 : 1));

describe("pairs in the store", () => {
  it("come back as they went in, whatever their texts hold", async () => {
    const migration = freshMigration();
    const row = aPair({
      migration,
      at_ms: T0 - 7,
      segments: { "input type": "naïve 'quote' \\ 税" },
      numbers: { length_ratio: 1.25, similarity_tokens: 0.1 + 0.2 },
      labels: { judge: "tie" },
      changed: ["text", "tool-lost:a'b"],
      served_values: ["finish:stop", "key:k0123456789ab"],
    });
    await insert(row);
    expect(await test.store().readPairs({ migration, after: START, limit: 10 })).toEqual([row]);
  });

  it("are read in the order in which they came in, page by page, each id once", async () => {
    const migration = freshMigration();
    const rows = [0, 0, 0, 1, 2].map((later) => aPair({ migration, received_ms: T0 + later }));
    await insert(...rows, ...rows.slice(0, 2));
    const read: PairRow[] = [];
    for (let after = START; ; ) {
      const page = await test.store().readPairs({ migration, after, limit: 2 });
      read.push(...page);
      const last = page.at(-1);
      if (last === undefined) break;
      after = { receivedMs: last.received_ms, id: last.id };
    }
    expect(read).toEqual(byArrival(rows));
  });

  it("are those of one migration, and a batch under one token is stored once", async () => {
    const migration = freshMigration();
    const batch = aPairBatch([aPair({ migration }), aPair({ migration: freshMigration() })]);
    await test.store().insertPairs(batch);
    await test.store().insertPairs(batch);
    const rows = await test
      .store()
      .query<{ n: number }>("SELECT toFloat64(count()) AS n FROM llm_pairs WHERE migration = {migration:String}", {
        migration,
      });
    expect(rows).toEqual([{ n: 1 }]);
  });

  it("tell which served calls the candidate was asked, of those that are named", async () => {
    const migration = freshMigration();
    const rows = [aPair({ migration }), aPair({ migration, outcome: "failed" }), aPair({ migration, kind: "rerun" })];
    const elsewhere = aPair({ migration: freshMigration() });
    await insert(...rows, ...rows.slice(0, 1), elsewhere);
    const named = [...rows, elsewhere, aPair({ migration })].map(({ trace_id, span_id }) => ({
      ...{ traceId: trace_id, spanId: span_id },
    }));
    const asked = await test.store().pairedCalls(migration, named);
    const bySpan = (a: { spanId: string }, b: { spanId: string }): number => (a.spanId < b.spanId ? -1 : 1);
    expect(asked.toSorted(bySpan)).toEqual(named.slice(0, 2).sort(bySpan));
    expect(await test.store().pairedCalls(migration, [])).toEqual([]);
  });

  it("are known by their ids, the newest first", async () => {
    const [first, second] = [0, 1].map((later) => aPair({ received_ms: T0 + 3_600_000 + later }));
    await insert(...[first, second].flatMap((row) => row ?? []));
    expect(await test.store().recentPairKeys(T0 + 3_600_000, 10)).toEqual([second?.id, first?.id]);
    expect(await test.store().recentPairKeys(T0 + 3_600_000, 1)).toEqual([second?.id]);
  });
});

describe("what second calls took", () => {
  it("is counted once a call, with what is not known apart", async () => {
    const migration = freshMigration();
    const shadow = (fields: Partial<SpanRow>) =>
      aSpan({ migration, cohort: "shadow", input_tokens: 100, output_tokens: 20, cost_usd: 0.5, ...fields });
    const [known, late] = [shadow({}), shadow({ end_ms: T0 - 3_600_000 })];
    const rows = [known, known, shadow({ cost_usd: null }), shadow({ error: 1, cost_usd: null, output_tokens: null })];
    await test.store().insertSpans(aBatch([...rows, late, aSpan({ migration })]));
    const spend = await test.store().shadowSpend(migration, T0 - 60_000);
    expect(spend).toEqual({ calls: 3, tokens: 340, usd: 0.5, unpriced: 1 });
    expect(await test.store().shadowSpend(freshMigration(), 0)).toEqual({ calls: 0, tokens: 0, usd: 0, unpriced: 0 });
  });
});
