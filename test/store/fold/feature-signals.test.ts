import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bucketOf } from "../../../core/histogram.ts";
import { OUTPUT_SHAPE_SIGNALS, SIGNALS } from "../../../core/signals.ts";
import { SIGNAL_COLUMNS } from "../../../store/signal-columns.ts";
import { aBatch, aSpan, T0 } from "../a-span.ts";
import { openTestStore, type TestStore } from "../test-store.ts";

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.end());

it("signals of the named features count the calls that carry the name, and no failed ones", async () => {
  const flags = { headings: 1, preamble: 0, degenerate: 0, schema_valid: 1 };
  await test.store().insertSpans(
    aBatch([
      aSpan({
        features: { ...flags, token_nll: 0.5, self_confidence: 0.8 },
        labels: { language: "en", json_shape: "s07" },
      }),
      aSpan({ features: { ...flags, headings: 0, tool_called: 1, tool_calls: 2 }, labels: { language: "de" } }),
      aSpan({ features: flags, labels: { language: "en" }, error: 1, error_type: "500" }),
      aSpan({ features: {}, output_chars: null, output_tokens: null }),
    ]),
  );
  const tick = await test
    .store()
    .foldTick({ migration: "m", from: T0 - 5000, to: T0 + 5000, stage: 0, share: 0.5, segments: [] });
  const sample = (signal: string) => tick.samples.find((one) => one.signal === signal && one.cohort === "baseline");
  expect(sample("headings")).toMatchObject({ n: 2, sum: 1, bins: {} });
  expect(sample("preamble")).toMatchObject({ n: 2, sum: 0 });
  expect(sample("tool_called")).toMatchObject({ n: 1, sum: 1 });
  expect(sample("tool_call_missing")).toBeUndefined();
  expect(sample("language")).toMatchObject({ n: 2, bins: { en: 1, de: 1 } });
  expect(sample("json_shape")).toMatchObject({ n: 1, bins: { s07: 1 } });
  expect(sample("token_nll")).toMatchObject({ n: 1, sum: 0.5, bins: { [bucketOf(0.5)]: 1 } });
  expect(sample("self_confidence")).toMatchObject({ n: 1, bins: { 80: 1 } });
});

it("signals made of two measures are known where both are, and where they mean something", async () => {
  const migration = "derived";
  await test
    .store()
    .insertSpans(
      aBatch([
        aSpan({ migration, output_tokens: 50, reasoning_tokens: 30, output_chars: 80, duration_ms: 500 }),
        aSpan({ migration, output_tokens: 20, output_chars: 80, features: { tool_calls: 1 }, duration_ms: 500 }),
        aSpan({ migration, output_tokens: 2, output_chars: 8, duration_ms: 400 }),
        aSpan({ migration, output_tokens: null }),
        aSpan({ migration, output_tokens: 20, output_chars: 0, duration_ms: 500 }),
      ]),
    );
  const tick = await test
    .store()
    .foldTick({ migration, from: T0 - 5000, to: T0 + 5000, stage: 0, share: 0.5, segments: [] });
  const sample = (signal: string) => tick.samples.find((one) => one.signal === signal && one.cohort === "baseline");
  expect(sample("tokens_per_char")).toMatchObject({ n: 2, sum: 0.5 });
  expect(sample("ms_per_token")).toMatchObject({ n: 3, sum: 10 + 25 + 25 });
  expect(sample("reasoning_tokens")).toMatchObject({ n: 1, sum: 30 });
});

it("every feature that output_shape judges is a signal that calls carry, and can be binned", () => {
  const odd = OUTPUT_SHAPE_SIGNALS.filter(
    (name) => SIGNAL_COLUMNS[name] === undefined || SIGNALS[name].kind === "score",
  );
  expect(odd).toEqual([]);
});

it("the key paths of both arms can be compared, as docs/features.md shows", async () => {
  const migration = "keys";
  const row = (cohort: "baseline" | "canary", key_paths: readonly string[]) => aSpan({ migration, cohort, key_paths });
  await test
    .store()
    .insertSpans(
      aBatch([
        ...[row("baseline", ["kaaaaaaaaaaaa", "kbbbbbbbbbbbb"]), row("baseline", ["kaaaaaaaaaaaa", "kbbbbbbbbbbbb"])],
        ...[row("canary", ["kaaaaaaaaaaaa"]), row("canary", ["kaaaaaaaaaaaa", "kcccccccccccc"])],
      ]),
    );
  const text = readFileSync(new URL("../../../docs/features.md", import.meta.url), "utf8");
  const sql = /```sql\n([\s\S]*?)```/.exec(text)?.[1] ?? "";
  const rows = await test.store().query(sql.replaceAll("support-bot", migration));
  expect(rows).toEqual([
    { key_path: "kbbbbbbbbbbbb", baseline: 1, canary: 0 },
    { key_path: "kcccccccccccc", baseline: 0, canary: 0.5 },
  ]);
});
