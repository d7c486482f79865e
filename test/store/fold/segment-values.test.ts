import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Arm } from "../../../core/cohort.ts";
import type { SegmentOptionsByName } from "../../../core/migration.ts";
import type { Tick } from "../../../core/sample.ts";
import type { SpanRow } from "../../../core/span-row.ts";
import type { FoldRequest } from "../../../store/store.ts";
import { aBatch, aSpan, T0 } from "../a-span.ts";
import { anOutcome, anOutcomeBatch } from "../an-outcome.ts";
import { freshMigration } from "../fresh-migration.ts";
import { openTestStore, type TestStore } from "../test-store.ts";

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.end());

const insert = (rows: readonly SpanRow[]): Promise<unknown> => test.store().insertSpans(aBatch(rows));

/** Folds the tick of five seconds that ends `seconds` after T0. */
const fold = (migration: string, seconds: number, more: Partial<FoldRequest> = {}): Promise<Tick> =>
  test.store().foldTick({
    ...{ migration, from: T0 + (seconds - 5) * 1000, to: T0 + seconds * 1000, stage: 0, share: 0.2 },
    segments: ["tenant"],
    ...more,
  });

/** So many calls of each tenant, that ended `seconds` after T0. */
const calls = (migration: string, tenants: Readonly<Record<string, number>>, seconds = 1): readonly SpanRow[] =>
  Object.entries(tenants).flatMap(([tenant, n]) =>
    Array.from({ length: n }, () => aSpan({ migration, segments: { tenant }, end_ms: T0 + seconds * 1000 })),
  );

const many = (count: number, first = 0): Readonly<Record<string, number>> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`t${first + i}`, 1]));

const segmentsOf = ({ calls: counts }: Tick): readonly string[] => [...new Set(counts.map(({ segment }) => segment))];

const callsIn = (tick: Tick, segment: string, cohort: Arm = "baseline"): number =>
  tick.calls.find((count) => count.cohort === cohort && count.segment === segment)?.calls ?? 0;

const total = (tick: Tick): number =>
  tick.calls.filter(({ segment }) => segment.startsWith("tenant=")).reduce((sum, each) => sum + each.calls, 0);

describe("a name with more values than are folded by themselves", () => {
  it("has 200 of them, the commonest, and the others together", async () => {
    const migration = freshMigration();
    await insert(calls(migration, { ...many(3000), big: 40, small: 2 }));
    const tick = await fold(migration, 5);
    expect(segmentsOf(tick)).toHaveLength(202);
    expect(callsIn(tick, "tenant=big")).toBe(40);
    expect(callsIn(tick, "tenant=small")).toBe(2);
    expect(callsIn(tick, "tenant=*other*")).toBe(3000 - 198);
    expect(total(tick)).toBe(3042);
    const others = tick.samples.find((each) => each.signal === "latency_ms" && each.segment === "tenant=*other*");
    expect(others).toMatchObject({ n: 2802, sum: 2802 * 500 });
  });

  it("keeps every value that has half a percent of the calls, and names with few values as they are", async () => {
    const migration = freshMigration();
    const common = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`c${i}`, 10]));
    const rows = calls(migration, { ...many(900), ...common }).map((row, i) => ({
      ...row,
      segments: { ...row.segments, tier: `tier-${i % 3}` },
    }));
    await insert(rows);
    const tick = await fold(migration, 5, { segments: ["tenant", "tier", "none"] });
    for (const value of Object.keys(common)) expect(callsIn(tick, `tenant=${value}`)).toBe(10);
    expect(segmentsOf(tick).filter((each) => each.startsWith("tier="))).toHaveLength(3);
    expect(segmentsOf(tick)).not.toContain("tier=*other*");
  });

  it("counts no call twice and none never, whichever tick of a minute a value becomes common in", async () => {
    const migration = freshMigration();
    const ticks: Tick[] = [];
    const parts = [many(50), many(150), many(2000, 100), { ...many(300, 50), t2050: 90 }, { new: 500, t3: 5 }, {}];
    let inserted = 0;
    for (const [i, part] of parts.entries()) {
      const rows = calls(migration, part, i * 5 + 1);
      inserted += rows.length;
      await insert(rows);
      ticks.push(await fold(migration, (i + 1) * 5));
    }
    expect(ticks.reduce((sum, tick) => sum + total(tick), 0)).toBe(inserted);
    // Had by itself before there were too many: so it stays.
    expect(ticks.reduce((sum, tick) => sum + callsIn(tick, "tenant=t3"), 0)).toBe(1 + 1 + 5);
    for (const tick of ticks) expect(segmentsOf(tick).length).toBeLessThanOrEqual(402);
    // First heard of in the middle of the minute: among the others until the next one.
    expect(callsIn(ticks[4] as Tick, "tenant=new")).toBe(0);
    await insert(calls(migration, { new: 50 }, 61));
    expect(callsIn(await fold(migration, 65), "tenant=new")).toBe(50);
  });

  it("takes late calls of an earlier minute as that minute took the others", async () => {
    const migration = freshMigration();
    await insert(calls(migration, { ...many(1000), big: 30 }, 1));
    const first = await fold(migration, 5);
    await insert(calls(migration, { late: 400 }, 62));
    await fold(migration, 65);
    await insert([...calls(migration, { late: 7, big: 2 }, 2), ...calls(migration, { late: 3 }, 63)]);
    const tick = await fold(migration, 70);
    expect([callsIn(tick, "tenant=*other*"), callsIn(tick, "tenant=big"), callsIn(tick, "tenant=late")]).toEqual([
      7, 2, 3,
    ]);
    expect(total(first)).toBe(1030);
  });

  it("is stored so: a tick is read back as it was, and says nothing of how values were chosen", async () => {
    const migration = freshMigration();
    await insert(calls(migration, many(500)));
    const tick = await fold(migration, 5);
    const read: Tick[] = [];
    for await (const each of test.store().readTicks(migration, T0)) read.push(each);
    expect(read).toEqual([tick]);
    expect(await fold(migration, 5)).toEqual(tick);
  });

  it("is bounded in the past, and in the halves of a backtest", async () => {
    const migration = freshMigration();
    await insert(calls(migration, { ...many(1000), big: 9 }));
    const past = await test.store().foldPast({
      migration: {
        ...{ name: "other", match: { service: null, operation: null }, segments: ["tenant"] },
        baseline: { model: "gpt-4o", provider: null, prompt: null },
      },
      ...{ from: T0, to: T0 + 5000 },
    });
    expect(segmentsOf(past)).toHaveLength(202);
    const reader = await test.openReader();
    const request = { migration, from: T0, to: T0 + 5000, everyMs: 5000, share: 0.5, seed: "s", segments: ["tenant"] };
    const halves = reader.halves({ ...request, signals: ["error"], injected: [], designEffects: [] }, 1009);
    for await (const tick of halves) expect(segmentsOf(tick)).toHaveLength(202);
    await reader.close();
  });
});

describe("values", () => {
  const foldOne = async (values: readonly string[], segmentOptions?: SegmentOptionsByName): Promise<Tick> => {
    const migration = freshMigration();
    await insert(values.map((tenant) => aSpan({ migration, segments: { tenant }, end_ms: T0 + 1000 })));
    return fold(migration, 5, segmentOptions === undefined ? {} : { segmentOptions });
  };

  it("are told apart as they are, where nothing is said", async () => {
    expect(segmentsOf(await foldOne(["FAQ ", "faq", ""]))).toEqual(["", "tenant=", "tenant=FAQ ", "tenant=faq"]);
  });

  it("are one without the blanks around them and in lower case, where it is asked for", async () => {
    const blanks = ["faq", "FAQ ", "\tFaq", "\u00a0fAq\u3000", "\ufefffaq\v\n"];
    expect(segmentsOf(await foldOne(blanks, { tenant: { normalise: ["trim"], values: 50 } }))).toHaveLength(5);
    const tick = await foldOne([...blanks, "É t", "é t"], { tenant: { normalise: ["trim", "lower"], values: 50 } });
    expect([callsIn(tick, "tenant=faq"), callsIn(tick, "tenant=é t")]).toEqual([5, 2]);
    expect(segmentsOf(tick)).toHaveLength(3);
  });

  it("never are what rare values are called, whatever an app calls its own", async () => {
    const tick = await foldOne(["*other*", "**other*", "*OTHER* ", "other"], {
      tenant: { normalise: ["trim", "lower"], values: 50 },
    });
    expect(segmentsOf(tick)).toEqual(["", "tenant=***other*", "tenant=**other*", "tenant=other"]);
    expect(callsIn(tick, "tenant=**other*")).toBe(2);
  });

  it("of outcomes and tickets are those of their calls, and as many at most", async () => {
    const migration = freshMigration();
    const rows = calls(migration, many(600), -5);
    await insert(rows);
    await fold(migration, 0, { from: T0 - 10_000 });
    const score = rows.map(({ trace_id, span_id }) => anOutcome({ trace_id, span_id, received_ms: T0 + 1000 }));
    await test.store().insertOutcomes(anOutcomeBatch(score));
    const tick = await fold(migration, 5);
    const scored = tick.samples.filter(({ segment, signal }) => segment !== "" && signal === "quality");
    expect(scored.length).toBeGreaterThan(1);
    expect(scored.length).toBeLessThanOrEqual(201);
    expect(scored.reduce((sum, { n }) => sum + n, 0)).toBe(600);
  });
});
