import { afterAll, beforeAll, expect, it } from "vitest";
import { LEEWAY } from "../../core/attributes.ts";
import { aMigration } from "../fixtures/a-migration.ts";
import { aBatch, aSpan } from "./a-span.ts";
import { openTestStore, type TestStore } from "./test-store.ts";

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.end());

const end_ms = Date.now() - 10_000;
const used = (input_tokens: number | null, output_tokens: number | null, more: object = {}) =>
  aSpan({ end_ms, request_model: "old", provider: "openai", input_tokens, output_tokens, ...more });

it("has the mean tokens of a baseline's calls, each once, whatever migration they are of", async () => {
  const twice = used(100, 50, { cached_tokens: 40, cache_write_tokens: 0 });
  await test.store().insertSpans(
    aBatch([
      ...[twice, twice, used(300, 10, { cached_tokens: null, cache_write_tokens: 20, migration: "another" })],
      // Of these something is unknown: they are calls, and in no mean.
      ...[used(null, 9), used(9, null)],
      // These are none of the baseline's calls in that time.
      used(9, 9, { request_model: "new", response_model: "old" }),
      used(9, 9, { provider: "azure" }),
      used(9, 9, { scope: LEEWAY.sentinelScope }),
      used(9, 9, { end_ms: end_ms - 60_000 }),
    ]),
  );
  const reader = await test.openReader();
  const range = { from: end_ms - 1_000, to: end_ms + 1 };
  const baseline = { model: "old", provider: "openai", prompt: null };
  const usage = await reader.baselineUsage(aMigration({ baseline }), range);
  const none = await reader.baselineUsage(aMigration({ baseline: { ...baseline, model: "unseen" } }), range);
  await reader.close();
  expect(usage).toEqual({
    ...{ calls: 4, counted: 2, inputTokens: 200, cachedTokens: 20, writtenTokens: 10, outputTokens: 30 },
  });
  expect(none).toMatchObject({ calls: 0, counted: 0 });
});
