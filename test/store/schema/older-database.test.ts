import { afterAll, beforeAll, expect, it } from "vitest";
import { aBatch, aSpan } from "../a-span.ts";
import { openTestStore, type TestStore } from "../test-store.ts";

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.end());

/** The embedded engine of tests lets its owner change anything; a change has no rows to read. */
const change = async (sql: string): Promise<void> => {
  await test.store().query(`${sql} SETTINGS mutations_sync = 2`);
};

it("a database of before the named features and the parameters gets them, and keeps its calls", async () => {
  const old = aSpan();
  await test.store().insertSpans(aBatch([old]));
  // What a database looks like that took the steps before.
  for (const column of ["features", "labels", "key_paths", "cache_write_tokens", "parameters"])
    await change(`ALTER TABLE llm_spans DROP COLUMN ${column}`);
  await change("ALTER TABLE schema_steps DELETE WHERE id IN (7, 8)");
  await test.reopen();
  const added = aSpan({ features: { words: 3 }, parameters: "temperature=1" });
  await test.store().insertSpans(aBatch([added]));
  const rows = await test
    .store()
    .query<{ span_id: string }>(
      "SELECT span_id, features, key_paths, cache_write_tokens, parameters FROM llm_spans ORDER BY span_id",
    );
  expect(rows).toEqual([
    { span_id: old.span_id, features: {}, key_paths: [], cache_write_tokens: null, parameters: "" },
    {
      span_id: added.span_id,
      features: { words: 3 },
      key_paths: [],
      cache_write_tokens: null,
      parameters: "temperature=1",
    },
  ]);
});
