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

it("features without a signal of their own are counted together, each call once per name", async () => {
  const migration = "packed";
  await test.store().insertSpans(
    aBatch([
      aSpan({
        migration,
        features: { hedging: 1, bullet_items: 3, words: 400, headings: 1 },
        labels: { script: "latin" },
      }),
      aSpan({ migration, features: { hedging: 0, bullet_items: 3, words: 402 }, labels: { script: "latin" } }),
      aSpan({ migration, features: { hedging: 0, digit_share: 0.04 }, labels: { tools_offered: "8c4fbb0229f2" } }),
      aSpan({ migration, features: { hedging: 1 }, error: 1, error_type: "500" }),
      aSpan({ migration, output_chars: null }),
    ]),
  );
  const tick = await test
    .store()
    .foldTick({ migration, from: T0 - 5000, to: T0 + 5000, stage: 0, share: 0.5, segments: [] });
  const sample = tick.samples.find(({ signal, cohort }) => signal === "output_features" && cohort === "baseline");
  expect(sample).toMatchObject({ n: 3, sum: 0 });
  expect(sample?.bins).toEqual({
    ...{ "hedging=1": 1, "hedging=0": 2, "bullet_items=3": 2, "script=latin": 2 },
    [`words=b${Math.floor(bucketOf(400) / 10) * 10}`]: 2,
    [`digit_share=b${Math.floor(bucketOf(0.04) / 10) * 10}`]: 1,
  });
});

it("what calls were made with is counted per arm; key paths are counted by the answers that have them", async () => {
  const migration = "setup";
  const key_paths = ["kaaaaaaaaaaaa", "nbbbbbbbbbbbb"];
  const labels = { tools_offered: "8c4fbb0229f2" };
  await test
    .store()
    .insertSpans(
      aBatch([
        aSpan({ migration, prompt_name: "support", prompt_version: "41", parameters: "temperature=0.2", key_paths }),
        aSpan({ migration, key_paths: key_paths.slice(0, 1), labels }),
        aSpan({ migration, error: 1, error_type: "500", key_paths, response_model: "" }),
      ]),
    );
  const tick = await test
    .store()
    .foldTick({ migration, from: T0 - 5000, to: T0 + 5000, stage: 0, share: 0.5, segments: [] });
  const sample = (signal: string) => tick.samples.find((one) => one.signal === signal && one.cohort === "baseline");
  expect(sample("key_paths")).toMatchObject({ n: 2, bins: { kaaaaaaaaaaaa: 2, nbbbbbbbbbbbb: 1 } });
  expect(sample("call_setup")?.bins).toEqual({
    ...{ "requested_model=gpt-4o": 3, "model=gpt-4o-2024-08-06": 2, "prompt=support@41": 1 },
    ...{ "parameters=temperature=0.2": 1, "tools=8c4fbb0229f2": 1 },
  });
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
