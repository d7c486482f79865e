import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Arm } from "../../../core/cohort.ts";
import { bucketOf } from "../../../core/histogram.ts";
import type { Sample, Tick } from "../../../core/sample.ts";
import type { SpanRow } from "../../../core/span-row.ts";
import type { FoldRequest } from "../../../store/store.ts";
import { aBatch, aSpan, T0 } from "../a-span.ts";
import { freshMigration } from "../fresh-migration.ts";
import { openTestStore, type TestStore } from "../test-store.ts";

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.end());

const insert = (rows: readonly SpanRow[]): Promise<unknown> => test.store().insertSpans(aBatch(rows));

/** The tick of five seconds that ends `seconds` after T0. */
const request = (migration: string, seconds: number, segments: readonly string[] = []): FoldRequest => ({
  migration,
  from: T0 + (seconds - 5) * 1000,
  to: T0 + seconds * 1000,
  stage: 1,
  share: 0.25,
  segments,
});

const callsOf = (tick: Tick, cohort: Arm, segment = ""): number | undefined =>
  tick.calls.find((count) => count.cohort === cohort && count.segment === segment)?.calls;

const sampleOf = (tick: Tick, signal: string, cohort: Arm = "baseline", segment = ""): Sample | undefined =>
  tick.samples.find((s) => s.signal === signal && s.cohort === cohort && s.segment === segment);

const many = (count: number, fields: Partial<SpanRow>): readonly SpanRow[] =>
  Array.from({ length: count }, () => aSpan(fields));

describe("what a tick holds", () => {
  it("is the known values of each signal, and only those", async () => {
    const migration = freshMigration();
    await insert([
      aSpan({ migration, duration_ms: 100, ttft_ms: 40, json_valid: 1, refusal_class: "soft" }),
      aSpan({
        migration,
        duration_ms: 250.5,
        output_tokens: null,
        cost_usd: null,
        json_valid: 0,
        finish_reason: "length",
      }),
      aSpan({ migration, error: 1, duration_ms: 9_999, refusal_class: "hard", json_valid: 0, output_chars: 1 }),
      aSpan({ migration, refusal_class: "partial", duration_ms: 0, input_tokens: 0 }),
    ]);
    const tick = await test.store().foldTick(request(migration, 5));
    const rate = (n: number, sum: number): object => ({ n, sum, bins: {} });
    expect(sampleOf(tick, "error")).toMatchObject(rate(4, 1));
    expect(sampleOf(tick, "refusal")).toMatchObject(rate(3, 1));
    expect(sampleOf(tick, "json_valid")).toMatchObject(rate(2, 1));
    expect(sampleOf(tick, "tool_call_valid")).toBeUndefined();
    expect(sampleOf(tick, "latency_ms")).toMatchObject({
      n: 3,
      sum: 350.5,
      bins: { [bucketOf(100)]: 1, [bucketOf(250.5)]: 1, [bucketOf(0)]: 1 },
    });
    expect(sampleOf(tick, "ttft_ms")).toMatchObject({ n: 1, sum: 40, bins: { [bucketOf(40)]: 1 } });
    expect(sampleOf(tick, "output_tokens")).toMatchObject({ n: 3, sum: 60 });
    expect(sampleOf(tick, "tokens_total")).toMatchObject({
      n: 3,
      sum: 260,
      bins: { [bucketOf(120)]: 2, [bucketOf(20)]: 1 },
    });
    expect(sampleOf(tick, "cost_usd")).toMatchObject({ n: 3 });
    expect(sampleOf(tick, "refusal_class")).toMatchObject({ n: 3, sum: 0, bins: { none: 1, soft: 1, partial: 1 } });
    expect(sampleOf(tick, "finish_reason")).toMatchObject({ n: 3, bins: { stop: 2, length: 1 } });
    expect(sampleOf(tick, "output_chars")).toMatchObject({ n: 3, sum: 240 });
  });

  it("counts a call that was given up before any answer as failed: a provider that hangs looks like that", async () => {
    const migration = freshMigration();
    await insert([aSpan({ migration, error: 1, error_type: "aborted", http_status: null }), aSpan({ migration })]);
    expect(sampleOf(await test.store().foldTick(request(migration, 5)), "error")).toMatchObject({ n: 2, sum: 1 });
  });

  it("leaves an answer that the app broke off itself out of the error rate, and in the count of calls", async () => {
    const migration = freshMigration();
    await insert([
      aSpan({ migration, error: 1, error_type: "aborted", http_status: 200 }),
      aSpan({ migration, error: 1, error_type: "500" }),
      aSpan({ migration }),
    ]);
    const tick = await test.store().foldTick(request(migration, 5));
    expect(sampleOf(tick, "error")).toMatchObject({ n: 2, sum: 1 });
    expect(callsOf(tick, "baseline")).toBe(3);
  });

  it("is split by arm and by each asked segment, and leaves other cohorts and migrations out", async () => {
    const migration = freshMigration();
    await insert([
      aSpan({ migration, segments: { lang: "en", tier: "gold" } }),
      aSpan({ migration, segments: { lang: "en" }, error: 1 }),
      aSpan({ migration, cohort: "canary", segments: { lang: "de" } }),
      aSpan({ migration, cohort: "canary", segments: { other: "x" } }),
      aSpan({ migration, cohort: "shadow" }),
      aSpan({ migration, cohort: "" }),
      aSpan({ migration: "another" }),
    ]);
    const tick = await test.store().foldTick(request(migration, 5, ["lang", "absent"]));
    expect(tick.calls).toEqual([
      { cohort: "baseline", segment: "", calls: 2 },
      { cohort: "canary", segment: "", calls: 2 },
      { cohort: "canary", segment: "lang=de", calls: 1 },
      { cohort: "baseline", segment: "lang=en", calls: 2 },
    ]);
    expect(sampleOf(tick, "error", "baseline", "lang=en")).toMatchObject({ n: 2, sum: 1 });
  });

  it("is calls of zero when there were none, so that the tick counts as judged", async () => {
    const migration = freshMigration();
    const tick = await test.store().foldTick(request(migration, 5));
    expect(tick).toEqual({
      migration,
      from: T0,
      to: T0 + 5_000,
      stage: 1,
      share: 0.25,
      calls: [
        { cohort: "baseline", segment: "", calls: 0 },
        { cohort: "canary", segment: "", calls: 0 },
      ],
      samples: [],
    });
    expect(await test.store().lastTick(migration)).toBe(T0 + 5_000);
  });

  it("takes a call at `from` and leaves the one at `to` to the next tick", async () => {
    const migration = freshMigration();
    await insert([aSpan({ migration, end_ms: T0 }), aSpan({ migration, end_ms: T0 + 5_000 })]);
    expect(callsOf(await test.store().foldTick(request(migration, 5)), "baseline")).toBe(1);
    expect(callsOf(await test.store().foldTick(request(migration, 10)), "baseline")).toBe(1);
  });

  it("survives labels that are names of what every object has", async () => {
    const migration = freshMigration();
    const labels = ["constructor", "__proto__", "toString"];
    const spans = labels.map((finish_reason) => aSpan({ migration, finish_reason }));
    await insert(spans);
    await test.store().foldTick(request(migration, 5));
    await insert(labels.map((finish_reason) => aSpan({ migration, finish_reason })));
    const tick = await test.store().foldTick(request(migration, 10));
    const bins = Object.entries(sampleOf(tick, "finish_reason")?.bins ?? {});
    expect(bins.toSorted()).toEqual(labels.map((label) => [label, 1]).toSorted());
  });
});

describe("late and repeated calls", () => {
  it("late calls land in the next tick, across minutes, and none is counted twice", async () => {
    const migration = freshMigration();
    await insert(many(3, { migration, end_ms: T0 + 1_000 }));
    const first = await test.store().foldTick(request(migration, 5));
    await insert(many(2, { migration, end_ms: T0 + 1_000, duration_ms: 700, cohort: "canary" }));
    await insert(many(4, { migration, end_ms: T0 + 1_500, error: 1 }));
    await insert(many(5, { migration, end_ms: T0 + 61_000 }));
    const second = await test.store().foldTick(request(migration, 65));
    const third = await test.store().foldTick(request(migration, 70));
    expect([first, second, third].map((tick) => callsOf(tick, "baseline"))).toEqual([3, 9, 0]);
    expect([first, second, third].map((tick) => callsOf(tick, "canary"))).toEqual([0, 2, 0]);
    expect(sampleOf(second, "error")).toMatchObject({ n: 9, sum: 4 });
    expect(sampleOf(second, "latency_ms", "canary")).toMatchObject({ n: 2, sum: 1400, bins: { [bucketOf(700)]: 2 } });
  });

  it("counts a call once, however often and under however many tokens it was sent", async () => {
    const migration = freshMigration();
    const span = aSpan({ migration, duration_ms: 300 });
    await insert([span, span]);
    await insert([span]);
    const first = await test.store().foldTick(request(migration, 5));
    await insert([{ ...span, received_ms: span.received_ms + 900 }]);
    const second = await test.store().foldTick(request(migration, 10));
    expect(sampleOf(first, "latency_ms")).toMatchObject({ n: 1, sum: 300 });
    expect([callsOf(first, "baseline"), callsOf(second, "baseline")]).toEqual([1, 0]);
  });

  it("leaves out a call that arrives more than ten minutes after its minute", async () => {
    const migration = freshMigration();
    await insert([aSpan({ migration, end_ms: T0 }), aSpan({ migration, end_ms: T0 + 120_000 })]);
    expect(callsOf(await test.store().foldTick(request(migration, 665)), "baseline")).toBe(1);
  });

  it("covers a tick that is longer than that, as after a night without an agent", async () => {
    const migration = freshMigration();
    await insert([aSpan({ migration, end_ms: T0 - 5_400_000 }), aSpan({ migration, end_ms: T0 - 3_600_000 })]);
    const tick = await test.store().foldTick({ ...request(migration, 5), from: T0 - 3_600_000 });
    const next = await test.store().foldTick(request(migration, 10));
    expect([callsOf(tick, "baseline"), callsOf(next, "baseline")]).toEqual([1, 0]);
  });

  it("adds up to every call exactly once when batches and ticks interleave", async () => {
    const migration = freshMigration();
    let folded = 0;
    let errors = 0;
    for (let step = 1; step <= 12; step += 1) {
      const late = step % 3 === 0 ? 40_000 : 0;
      await insert(many(7, { migration, end_ms: T0 + step * 10_000 - 1_000 - late, error: step % 2 ? 1 : 0 }));
      const tick = await test.store().foldTick(request(migration, step * 10));
      folded += callsOf(tick, "baseline") ?? 0;
      errors += sampleOf(tick, "error")?.sum ?? 0;
    }
    expect([folded, errors]).toEqual([84, 42]);
  });
});

describe("folding again", () => {
  it("returns the stored tick, whatever arrived since and whatever is asked", async () => {
    const migration = freshMigration();
    await insert(many(2, { migration, cost_usd: 0.1 }));
    const first = await test.store().foldTick(request(migration, 5));
    await insert([aSpan({ migration })]);
    const again = await test.store().foldTick({ ...request(migration, 5, ["lang"]), stage: 7, share: 1 });
    expect(again).toEqual(first);
    expect(callsOf(await test.store().foldTick(request(migration, 10)), "baseline")).toBe(1);
  });
});

describe("readTicks", () => {
  it("gives the folded ticks in order, equal to the last bit, over several pages", async () => {
    const migration = freshMigration();
    const folded: Tick[] = [];
    for (let step = 1; step <= 70; step += 1) {
      if (step % 15 === 0) {
        const fields = { migration, end_ms: T0 + step * 1_000 - 700, cost_usd: 0.1 * step, duration_ms: step / 7 };
        await insert([
          ...many(3, fields),
          ...many(2, { ...fields, cohort: "canary", end_ms: T0 + step * 1_000 - 45_000 }),
        ]);
      }
      folded.push(await test.store().foldTick({ ...request(migration, step), from: T0 + (step - 1) * 1_000 }));
    }
    const read: Tick[] = [];
    for await (const tick of test.store().readTicks(migration, 0)) read.push(tick);
    expect(JSON.stringify(read)).toBe(JSON.stringify(folded));
    const since: number[] = [];
    for await (const tick of test.store().readTicks(migration, T0 + 69_000)) since.push(tick.to);
    expect(since).toEqual([T0 + 69_000, T0 + 70_000]);
    expect(await test.store().lastTick(migration)).toBe(T0 + 70_000);
  });

  it("gives nothing, and no last tick, for a migration without ticks", async () => {
    const read: Tick[] = [];
    for await (const tick of test.store().readTicks("nobody", 0)) read.push(tick);
    expect(read).toEqual([]);
    expect(await test.store().lastTick("nobody")).toBeNull();
  });
});
