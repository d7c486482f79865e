import { afterAll, beforeAll, expect, it } from "vitest";
import type { SpanRow } from "../../../core/span-row.ts";
import { aBatch, aSpan, T0 } from "../a-span.ts";
import { openTestStore, type TestStore } from "../test-store.ts";

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.end());

const FROM = Math.ceil(T0 / 60_000) * 60_000;

const call = (migration: string, fields: Partial<SpanRow>): SpanRow =>
  aSpan({ migration, cohort: "canary", start_ms: FROM + 1000, end_ms: FROM + 2000, ...fields });

const fold = (migration: string, to = FROM + 5000, from = FROM) =>
  test.store().foldTick({
    ...{ migration, from, to, stage: 0, share: 0.05, segments: ["input_type"], ruleSignals: ["error", "tokens_total"] },
  });

const times = (n: number, make: (i: number) => SpanRow): readonly SpanRow[] =>
  Array.from({ length: n }, (_, i) => make(i));

it("tells what a user adds who makes half of an arm's calls, per segment, and nobody else", async () => {
  await test
    .store()
    .insertSpans(
      aBatch([
        ...times(20, () => call("whale", { targeting_key_hash: "w", error: 1, segments: { input_type: "faq page" } })),
        ...times(20, (i) => call("whale", { targeting_key_hash: `u-${i}`, error: 0, segments: {} })),
      ]),
    );
  const { heavy = [], samples } = await fold("whale");
  const errors = heavy.filter(({ signal }) => signal === "error");
  expect(errors.map(({ cohort, segment, n, sum }) => [cohort, segment, n, sum])).toEqual([
    ["canary", "", 20, 20],
    ["canary", "input_type=faq page", 20, 20],
  ]);
  expect(new Set(heavy.map(({ cluster }) => cluster)).size).toBe(1);
  expect(heavy[0]?.cluster).toMatch(/^user:[0-9a-f]{16}$/);
  expect(samples.filter(({ signal, segment }) => signal === "error" && segment === "")).toMatchObject([{ n: 40 }]);
  const read = [];
  for await (const tick of test.store().readTicks("whale", 0)) read.push(tick);
  expect(read[0]?.heavy).toEqual(heavy);
});

it("tells whose are a tenth of the failures, though not of the calls", async () => {
  await test
    .store()
    .insertSpans(
      aBatch([
        ...times(4, () => call("failing", { targeting_key_hash: "w", error: 1 })),
        ...times(100, (i) => call("failing", { targeting_key_hash: `u-${i}`, error: i < 2 ? 1 : 0 })),
      ]),
    );
  const { heavy = [] } = await fold("failing");
  expect(heavy.filter(({ signal }) => signal === "error")).toMatchObject([{ n: 4, sum: 4 }]);
});

it("tells nobody of an account that both arms share, but a conversation of it", async () => {
  const minutes = [0, 1, 2, 3].map((minute) => FROM + minute * 60_000);
  const rows = minutes.flatMap((start) =>
    times(40, (i) => ({
      ...call("account", { targeting_key_hash: "service", error: i % 4 === 0 ? 1 : 0, conversation_id: `c-${i}` }),
      ...{ start_ms: start + 1000, end_ms: start + 2000, cohort: i < 20 ? "canary" : "baseline" },
    })),
  );
  const talk = times(20, () => ({
    ...call("account", { targeting_key_hash: "service", error: 1, conversation_id: "long" }),
    ...{ start_ms: FROM + 181_000, end_ms: FROM + 182_000 },
  }));
  await test.store().insertSpans(aBatch([...rows, ...talk]));
  const { heavy = [] } = await fold("account", FROM + 240_000);
  expect(new Set(heavy.map(({ cluster }) => cluster.split(":")[0]))).toEqual(new Set(["conversation"]));
  expect(heavy.find(({ signal, segment }) => signal === "error" && segment === "")).toMatchObject({ n: 20, sum: 20 });
});

it("takes a conversation where no user is known, and counts late calls once", async () => {
  const rows = times(10, () => call("talk", { targeting_key_hash: "", conversation_id: "c", error: 0 }));
  await test.store().insertSpans(aBatch(rows.slice(0, 6)));
  const first = await fold("talk");
  await test.store().insertSpans(aBatch(rows.slice(6)));
  const second = await fold("talk", FROM + 10_000, FROM + 5000);
  const counted = [first, second].map(({ heavy = [] }) => heavy.find(({ signal }) => signal === "error")?.n);
  expect(first.heavy?.[0]?.cluster).toMatch(/^conversation:/);
  expect(counted).toEqual([6, 4]);
});

it("tells nobody where calls have neither", async () => {
  await test
    .store()
    .insertSpans(aBatch(times(10, () => call("nobody", { targeting_key_hash: "", conversation_id: "", error: 1 }))));
  expect(await fold("nobody")).not.toHaveProperty("heavy");
});

it("tells how alike the calls of the others are", async () => {
  const grid = Math.ceil((T0 + 1) / 600_000) * 600_000;
  const at = { cohort: "baseline", start_ms: grid - 6000, end_ms: grid - 5000 } as const;
  await test
    .store()
    .insertSpans(
      aBatch([
        ...times(3000, (i) => call("alike", { ...at, targeting_key_hash: `u-${i}`, error: i % 20 === 0 ? 1 : 0 })),
        ...times(3000, () => call("alike", { ...at, targeting_key_hash: "w", error: 1 })),
      ]),
    );
  const { designEffects, lastingEffects, restEffects } = await fold("alike", grid + 1000, grid - 1000);
  expect(designEffects?.error).toBeGreaterThan(100);
  expect(lastingEffects?.error?.effect).toBeGreaterThan(100);
  expect(restEffects?.designEffects?.error).toBeLessThan(2);
  expect(restEffects?.lastingEffects?.error?.effect).toBeLessThan(2);
});

it("counts a signal once that two rules are about", async () => {
  const rows = times(10, () => call("twice", { targeting_key_hash: "w", error: 0 }));
  await test.store().insertSpans(aBatch(rows));
  const { heavy = [] } = await test.store().foldTick({
    ...{ migration: "twice", from: FROM, to: FROM + 5000, stage: 0, share: 0.05, segments: [] },
    ruleSignals: ["error", "latency_ms", "error", "latency_ms"],
  });
  expect(heavy.map(({ signal, n }) => [signal, n]).sort()).toEqual([
    ["error", 10],
    ["latency_ms", 10],
  ]);
});
