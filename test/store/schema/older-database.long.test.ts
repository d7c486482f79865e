// @module-tag soak
import { afterAll, beforeAll, expect, it } from "vitest";
import { createMinutesView } from "../../../store/schema/llm-1m.ts";
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

it("a database of before the kinds of failures gets them, and its failures are of none", async () => {
  const old = aSpan({ migration: "kinds", error: 1, error_type: "429" });
  await test.store().insertSpans(aBatch([old]));
  for (const column of ["error_kind", "error_fault", "error_parameter"])
    await change(`ALTER TABLE llm_spans DROP COLUMN ${column}`);
  await change("ALTER TABLE schema_steps DELETE WHERE id = 13");
  await test.reopen();
  await test.store().insertSpans(aBatch([aSpan({ migration: "kinds", error: 1, error_kind: "overload" })]));
  expect(
    await test.store().query("SELECT error_kind FROM llm_spans WHERE migration = 'kinds' ORDER BY error_kind"),
  ).toEqual([{ error_kind: "" }, { error_kind: "overload" }]);
});

it("a database of before the pairs' ids gets them, and its calls are of no pair", async () => {
  const [old, added] = [aSpan({ migration: "paired" }), aSpan({ migration: "paired", pair_id: "a".repeat(32) })];
  await test.store().insertSpans(aBatch([old]));
  await change("ALTER TABLE llm_spans DROP COLUMN pair_id");
  await change("ALTER TABLE schema_steps DELETE WHERE id = 18");
  await test.reopen();
  await test.store().insertSpans(aBatch([added]));
  expect(await test.store().query("SELECT pair_id FROM llm_spans WHERE migration = 'paired' ORDER BY pair_id")).toEqual(
    [{ pair_id: "" }, { pair_id: added.pair_id }],
  );
});

/** Everything the rollup says of a service. */
const rollupOf = (service: string): Promise<readonly object[]> =>
  test.store().query(
    `SELECT minute, cohort, sum(calls) AS calls, sum(error_sum) AS errors, sum(latency_ms_known) AS timed,
       sum(latency_ms_sum) AS ms, sum(ttft_ms_known) AS streamed, sum(ttft_ms_sum) AS first_ms,
       sum(input_tokens_known) AS counted, sum(tokens_total_sum) AS tokens, sum(cost_usd_sum) AS usd,
       sumMap(latency_ms_bins) AS bins
     FROM llm_1m WHERE service = '${service}' GROUP BY minute, cohort ORDER BY minute, cohort`,
  );

/** What a database looks like that took the steps before durations could be unknown. */
const beforeUnknownDurations = async (): Promise<void> => {
  const [, query = ""] = createMinutesView({ database: "leeway", cluster: null }).split("TO `leeway`.`llm_1m` AS");
  const before = query.replaceAll("error = 0 AND duration_ms IS NOT NULL", "error = 0");
  expect(before).not.toBe(query);
  // a view whose query was changed in place would count a repeated batch twice by itself
  await test.store().query("DROP VIEW llm_1m_fill SYNC");
  await test.store().query(`CREATE MATERIALIZED VIEW llm_1m_fill TO llm_1m AS ${before}`);
  await change("ALTER TABLE llm_spans MODIFY COLUMN duration_ms Float64 DEFAULT 0");
  await change("ALTER TABLE schema_steps DELETE WHERE id = 12");
};

it("a database of before durations could be unknown keeps its own, and counts no unknown one as zero", async () => {
  await beforeUnknownDurations();
  const old = aSpan({ duration_ms: 700, service: "timed" });
  await test.store().insertSpans(aBatch([old]));
  await test.reopen();
  await test.store().insertSpans(aBatch([aSpan({ duration_ms: null, service: "timed" })]));
  const rows = await test
    .store()
    .query<{ duration_ms: number | null }>(
      "SELECT duration_ms FROM llm_spans WHERE service = 'timed' ORDER BY span_id",
    );
  expect(rows.map(({ duration_ms }) => duration_ms)).toEqual([700, null]);
  const [minutes] = await test
    .store()
    .query(
      "SELECT sum(calls) AS calls, sum(latency_ms_known) AS known, sum(latency_ms_sum) AS ms FROM llm_1m WHERE service = 'timed'",
    );
  expect(minutes).toEqual({ calls: 2, known: 1, ms: 700 });
});

it("the rollup of before durations could be unknown says the same afterwards, also when a batch comes once more", async () => {
  await beforeUnknownDurations();
  const { start_ms: start } = aSpan();
  const minute = (n: number) => ({ start_ms: start + n * 60_000, end_ms: start + n * 60_000 + 900 });
  const batch = aBatch([
    aSpan({ service: "rolled", duration_ms: 900, ttft_ms: 80, cohort: "canary", ...minute(0) }),
    aSpan({ service: "rolled", duration_ms: 0, error: 1, error_type: "500", cohort: "canary", ...minute(0) }),
    aSpan({ service: "rolled", duration_ms: 1200, ttft_ms: null, input_tokens: null, cost_usd: null, ...minute(1) }),
  ]);
  await test.store().insertSpans(batch);
  const before = await rollupOf("rolled");
  expect(before).toHaveLength(2);
  await test.reopen();
  expect(await rollupOf("rolled")).toEqual(before);
  // the agent ended after the batch was stored and before it knew: it comes again under its token, through the new view
  await test.store().insertSpans(batch);
  expect(await test.store().query("SELECT span_id FROM llm_spans WHERE service = 'rolled'")).toHaveLength(3);
  expect(await rollupOf("rolled")).toEqual(before);
});
