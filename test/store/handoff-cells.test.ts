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

const MINUTE = 60_000;
const at = (minute: number) => ({ start_ms: T0 + minute * MINUTE, end_ms: T0 + minute * MINUTE + 100 });

const readingOf = async (rows: readonly Partial<SpanRow>[]) => {
  const migration = freshMigration();
  await test.store().insertSpans(aBatch(rows.map((row) => aSpan({ migration, cohort: "baseline", ...row }))));
  return test.store().handoffs({ migration, from: T0 - MINUTE, to: T0 + 100 * MINUTE });
};

it("sets first turns after a move beside later turns of conversations that never moved, of the same arm and time", async () => {
  const { arms, ...known } = await readingOf([
    { conversation_id: "a", ...at(0), cohort: "canary" },
    { conversation_id: "a", ...at(10), handoff: "canary", error: 1, error_type: "500", http_status: 500 },
    { conversation_id: "a", ...at(10), handoff: "canary" },
    // a later turn of a moved one is neither
    { conversation_id: "a", ...at(11), error: 1, error_type: "500", http_status: 500 },
    { conversation_id: "b", ...at(1), cohort: "canary" },
    { conversation_id: "b", ...at(12), handoff: "canary" },
    // its first turn has no history
    { conversation_id: "c", ...at(10), error: 1, error_type: "500", http_status: 500 },
    { conversation_id: "c", ...at(11), output_tokens: 40 },
    // before the first move, and after the last
    { conversation_id: "d", ...at(1) },
    { conversation_id: "d", ...at(2), error: 1, error_type: "500", http_status: 500 },
    { conversation_id: "d", ...at(20), error: 1, error_type: "500", http_status: 500 },
  ]);
  expect(known).toEqual({ calls: 11, named: 11, unmarked: 0 });
  expect(arms).toHaveLength(1);
  expect(arms[0]).toMatchObject({
    ...{ arm: "baseline", conversations: 2, calls: 3, nameless: 0 },
    ...{ first: T0 + 10 * MINUTE + 100, last: T0 + 12 * MINUTE + 100 },
    sums: {
      error: { moved: { n: 2, sum: 0.5, squares: 0.25 }, stayed: { n: 1, sum: 0, squares: 0 } },
      output_tokens: { stayed: { n: 1, sum: expect.closeTo(Math.log(40), 9) } },
    },
  });
});

it("counts a span that came twice once, a late one like any other, and nothing that names its own arm", async () => {
  const turn = aSpan({ conversation_id: "a", ...at(5), handoff: "canary" });
  const { trace_id, span_id } = turn;
  const { arms } = await readingOf([
    { conversation_id: "a", ...at(5), handoff: "canary", trace_id, span_id },
    { conversation_id: "a", ...at(5), handoff: "canary", trace_id, span_id, received_ms: T0 + 50 * MINUTE },
    { conversation_id: "b", ...at(6), handoff: "canary", received_ms: T0 + 90 * MINUTE },
    { conversation_id: "c", ...at(7), handoff: "baseline" },
    { conversation_id: "x", ...at(8), handoff: "canary", cohort: "canary" },
  ]);
  expect(arms).toMatchObject([{ arm: "baseline", conversations: 2, calls: 2, sums: { error: { moved: { n: 2 } } } }]);
});

it("says what names no conversation, and which conversations changed arms without a mark", async () => {
  const { arms, ...known } = await readingOf([
    { conversation_id: "", ...at(5), handoff: "canary" },
    { conversation_id: "a", ...at(1), cohort: "canary" },
    { conversation_id: "a", ...at(5) },
    { conversation_id: "b", ...at(5) },
  ]);
  expect(known).toEqual({ calls: 4, named: 3, unmarked: 1 });
  expect(arms).toMatchObject([{ arm: "baseline", conversations: 0, calls: 0, nameless: 1 }]);
  expect(await readingOf([{ conversation_id: "", ...at(1) }])).toEqual({ calls: 1, named: 0, unmarked: 0, arms: [] });
});

it("takes one conversation that makes all calls for one draw", async () => {
  const calls = Array.from({ length: 200 }, (_, i) => ({
    conversation_id: "a",
    ...at(i / 10),
    handoff: "canary" as const,
  }));
  const { arms } = await readingOf(calls);
  expect(arms).toMatchObject([
    { conversations: 1, calls: 200, sums: { error: { moved: { n: 1 }, stayed: { n: 0 } } } },
  ]);
});

it("knows of no move in an empty stage", async () => {
  expect(await test.store().handoffs({ migration: freshMigration(), from: T0, to: T0 + 1 })).toEqual({
    ...{ calls: 0, named: 0, unmarked: 0 },
    arms: [],
  });
});
