import { afterAll, beforeAll, expect, it } from "vitest";
import type { SpanRow } from "../../core/span-row.ts";
import { aBatch, aSpan, T0 } from "./a-span.ts";
import { freshMigration } from "./fresh-migration.ts";
import { openTestStore, type TestStore } from "./test-store.ts";

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.end());

const cellsOf = async (rows: readonly Partial<SpanRow>[], segments: readonly string[] = []) => {
  const migration = freshMigration();
  await test.store().insertSpans(aBatch(rows.map((row) => aSpan({ migration, ...row }))));
  return test.store().costCells({ migration, from: T0 - 60_000, to: T0 + 1, segments });
};

it("sums what is priced, by arm and model, and counts what is not", async () => {
  const reasoning = { cached_tokens: 40, cache_write_tokens: 10, reasoning_tokens: 5 };
  const cells = await cellsOf([
    {},
    reasoning,
    { features: { tool_calls: 1 }, output_tokens: 7 },
    { cost_usd: null },
    { cost_usd: null, input_tokens: null, error: 1 },
    { cohort: "canary", response_model: "", request_model: "gpt-5" },
    { end_ms: T0 - 60_001 },
    { cohort: "shadow" },
  ]);
  expect(cells).toEqual([
    {
      ...{ arm: "baseline", segment: "", model: "gpt-4o-2024-08-06", askedModel: "gpt-4o" },
      ...{ calls: 5, withoutUsage: 1, withoutPrice: 1, priced: 3, costUsd: expect.closeTo(0.003, 9) },
      ...{ inputTokens: 300, cachedTokens: 40, writtenTokens: 10, outputTokens: 47, reasoningTokens: 5 },
      ...{ textTokens: 35, textChars: 160 },
    },
    expect.objectContaining({ arm: "canary", model: "", askedModel: "gpt-5", calls: 1, textTokens: 20, textChars: 80 }),
  ]);
});

it("a call that is there twice counts once, a cost without tokens is of no model", async () => {
  const twice = aSpan();
  const { trace_id, span_id } = twice;
  const cells = await cellsOf([
    { trace_id, span_id },
    { trace_id, span_id, received_ms: T0 + 900 },
    { input_tokens: null, output_tokens: null, cost_usd: 0.5 },
  ]);
  expect(cells.map(({ model, calls, costUsd }) => [model, calls, costUsd])).toEqual([
    ["", 1, 0.5],
    ["gpt-4o-2024-08-06", 1, 0.001],
  ]);
});

it("tells combinations of segments apart, and takes the rarest together", async () => {
  const rare = Array.from({ length: 60 }, (_, i) => ({ segments: { tier: `t${i}`, "o'dd\n": "x" } }));
  const cells = await cellsOf([...rare, ...rare.slice(0, 10), { segments: {} }], ["tier", "o'dd\n"]);
  expect(cells).toHaveLength(51);
  expect(cells.reduce((sum, { calls }) => sum + calls, 0)).toBe(71);
  expect(cells.find(({ segment }) => segment === "*other*")?.calls).toBe(11);
});
