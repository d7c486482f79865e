// @module-tag soak
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { assignCall } from "../../agent/assign-call.ts";
import { DEFAULT_COLLECTOR_SETTINGS } from "../../collector/collector-settings.ts";
import { type Collector, createCollector } from "../../collector/create-collector.ts";
import { type FakeProvider, startFakeProvider } from "../../demo/fake-provider.ts";
import { aMigration } from "../fixtures/a-migration.ts";
import { runApp } from "../instrumentation/run-app.ts";
import { recordingLog } from "../store/recording-log.ts";
import { openTestStore, type TestStore } from "../store/test-store.ts";

/* An app that says how its calls turned out, to the sample that rules are judged on: real processes, real engine. */

const migration = aMigration({
  match: { service: null, operation: null },
  route: { flag: "support-model", target: "builtin" },
});

let provider: FakeProvider;
let test: TestStore;
let collector: Collector;

beforeEach(async () => {
  provider = await startFakeProvider({ seed: 1, models: { good: { latencyMs: { median: 5, sigma: 0 } } } });
  test = await openTestStore();
  const store = test.store();
  collector = await createCollector(
    {
      ...DEFAULT_COLLECTOR_SETTINGS,
      listen: { host: "127.0.0.1", port: 0 },
      spool: { dir: join(test.dir, "spool"), maxBytes: 10_000_000 },
    },
    {
      insert: store.insertSpans,
      insertOutcomes: store.insertOutcomes,
      insertPairs: store.insertPairs,
      insertContent: null,
      recentContentKeys: async () => [],
      recentSpanKeys: store.recentSpanKeys,
      recentCalls: store.recentCalls,
      recentOutcomeKeys: store.recentOutcomeKeys,
      recentPairKeys: store.recentPairKeys,
      assign: (call) => assignCall([migration], call),
      price: () => null,
      now: Date.now,
      elapsed: () => performance.now(),
      random: Math.random,
      log: recordingLog().log,
    },
  );
});
afterEach(async () => {
  await provider.close();
  await collector.close();
  await test.end();
});

it("counts every outcome for the arm that served its call, in the tick in which it arrived", async () => {
  const from = Date.now();
  const app = runApp(["--require", "leeway/instrumentation"], "outcomes.mjs", {
    OPENAI_BASE_URL: provider.url,
    LEEWAY_ENDPOINT: collector.url,
  });
  expect([await app.ended, app.errors()]).toEqual([0, ""]);
  await collector.flush();
  const tick = await test.store().foldTick({
    ...{ migration: migration.name, from, to: Date.now() + 1, stage: 0, share: 0.05, segments: [] },
  });
  const told = tick.samples.filter(({ signal }) => ["quality", "thumbs_up", "task_completed"].includes(signal));
  const signals = told.map(({ signal, cohort, n, sum }) => ({ signal, cohort, n, sum }));
  expect(tick.calls).toContainEqual({ cohort: "canary", segment: "", calls: 1 });
  expect(signals.toSorted((a, b) => (a.signal < b.signal ? -1 : 1))).toEqual([
    { signal: "quality", cohort: "canary", n: 1, sum: 0.75 },
    { signal: "task_completed", cohort: "canary", n: 1, sum: 1 },
    { signal: "thumbs_up", cohort: "canary", n: 1, sum: 1 },
  ]);
});
