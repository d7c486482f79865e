import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seededRandom } from "../../../core/seeded-random.ts";
import type { SpanRow } from "../../../core/span-row.ts";
import { designEffect } from "../../../detectors/stats/cluster-effect.ts";
import { aBatch, aSpan, T0 } from "../a-span.ts";
import { anOutcome, anOutcomeBatch } from "../an-outcome.ts";
import { openTestStore, type TestStore } from "../test-store.ts";

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.end());

const CALLS = 8;
const TEN_MINUTES = 600_000;
/** A moment on the grid on which design effects are renewed. */
const GRID = Math.ceil((T0 + 1) / TEN_MINUTES) * TEN_MINUTES;

/** Conversations of eight baseline calls; `together`: all of a conversation's calls fail or none does. */
const conversations = (migration: string, together: boolean): readonly SpanRow[] => {
  const random = seededRandom(11);
  return Array.from({ length: 800 }, (_, i) => {
    const fails = random() < 0.2;
    return Array.from({ length: CALLS }, () =>
      aSpan({
        migration,
        cohort: "baseline",
        conversation_id: `c-${i}`,
        end_ms: GRID - 5_000,
        start_ms: GRID - 6_000,
        error: (together ? fails : random() < 0.2) ? 1 : 0,
      }),
    );
  }).flat();
};

const foldAcross = (migration: string, to = GRID + 1_000) =>
  test.store().foldTick({ migration, from: to - 2_000, to, stage: 0, share: 0.05, segments: [] });

describe("the design effect of a signal", () => {
  it("is about the size of the conversations when their calls fail together, and about 1 when they do not", async () => {
    for (const [migration, together] of [
      ["together", true],
      ["apart", false],
    ] as const) {
      await test.store().insertSpans(aBatch(conversations(migration, together)));
      const error = (await foldAcross(migration)).designEffects?.error ?? Number.NaN;
      expect(error).toBeGreaterThan(together ? 0.7 * CALLS : 0.99);
      expect(error).toBeLessThan(together ? 1.6 * CALLS : 1.6);
    }
  });

  it("is known of the features that are counted together, too", async () => {
    const random = seededRandom(12);
    const rows = Array.from({ length: 400 }, (_, i) => {
      const hedges = random() < 0.3 ? 1 : 0;
      return Array.from({ length: CALLS }, () =>
        aSpan({
          ...{ migration: "packed", cohort: "baseline", conversation_id: `p-${i}` },
          ...{ start_ms: GRID - 6_000, end_ms: GRID - 5_000 },
          features: { hedging: hedges, apology: random() < 0.3 ? 1 : 0, bullet_items: hedges * 3, words: 100 },
        }),
      );
    }).flat();
    await test.store().insertSpans(aBatch(rows));
    const { designEffects } = await foldAcross("packed");
    expect(designEffects?.hedging).toBeGreaterThan(0.7 * CALLS);
    expect(designEffects?.bullet_items ?? 0).toBeGreaterThan(0.7 * CALLS);
    expect(designEffects?.apology).toBeLessThan(1.6);
    expect(designEffects).not.toHaveProperty("words");
  });

  it("is known of what becomes known after the calls: scores, evaluations and tickets", async () => {
    const random = seededRandom(14);
    const migration = "outcomes";
    const calls = Array.from({ length: 400 }, (_, i) => {
      const isUnhappy = random() < 0.3;
      return Array.from({ length: CALLS }, () => ({
        isUnhappy,
        span: aSpan({
          ...{ migration, cohort: "baseline", conversation_id: `o-${i}`, start_ms: GRID - 6_000, end_ms: GRID - 5_000 },
        }),
      }));
    }).flat();
    const told = calls.flatMap(({ isUnhappy, span: { trace_id, span_id } }) => {
      const of = { trace_id, span_id, received_ms: GRID - 4_000 };
      return [
        anOutcome({ ...of, name: "quality", value: isUnhappy ? 0.2 : 0.9 }),
        anOutcome({ ...of, name: "groundedness", value: random() < 0.3 ? 0.2 : 0.9 }),
        ...(isUnhappy ? [anOutcome({ ...of, name: "support_ticket", value: 1 })] : []),
      ];
    });
    await test.store().insertSpans(aBatch(calls.map(({ span }) => span)));
    await test.store().insertOutcomes(anOutcomeBatch(told));
    // What arrived becomes known of its call by the tick before the one that tells how alike the calls are.
    const request = { migration, stage: 0, share: 0.05, segments: [], evaluations: ["groundedness"] };
    await test.store().foldTick({ ...request, from: GRID - 3_000, to: GRID - 1_000 });
    const { designEffects = {} } = await test.store().foldTick({ ...request, from: GRID - 1_000, to: GRID + 1_000 });
    expect(designEffects.quality).toBeGreaterThan(0.7 * CALLS);
    expect(designEffects.support_tickets).toBeGreaterThan(0.7 * CALLS);
    expect(designEffects["evaluation.groundedness"]).toBeLessThan(1.6);
  });

  it("is not that of an account which both arms share, and is that of a user who went from one arm to the other", async () => {
    const random = seededRandom(13);
    const minutes = Array.from({ length: 20 }, (_, minute) => GRID - (20 - minute) * 60_000 + 10_000);
    const ofKey = (migration: string, key: string, armAt: (minute: number, i: number) => "baseline" | "canary") =>
      minutes.flatMap((end_ms, minute) =>
        Array.from({ length: 100 }, (_, i) =>
          aSpan({
            ...{ migration, end_ms, start_ms: end_ms - 500, cohort: armAt(minute, i), conversation_id: "" },
            ...{ targeting_key_hash: key, error: random() < 0.2 ? 1 : 0 },
          }),
        ),
      );
    await test.store().insertSpans(aBatch(ofKey("account", "service", (_, i) => (i < 30 ? "canary" : "baseline"))));
    expect((await foldAcross("account")).designEffects?.error).toBeLessThan(1.6);
    expect((await foldAcross("account")).lastingEffects?.error?.effect).toBeLessThan(1.6);
    const moved = ofKey("moved", "one", (minute, i) =>
      minute < 10 || (minute === 10 && i < 50) ? "baseline" : "canary",
    );
    await test.store().insertSpans(aBatch(moved));
    expect((await foldAcross("moved")).designEffects?.error).toBeGreaterThan(500);
  });

  it("is renewed on the first tick of every ten minutes only, and read back as it was folded", async () => {
    await test.store().insertSpans(aBatch(conversations("renewed", true)));
    const first = await foldAcross("renewed");
    const second = await foldAcross("renewed", GRID + 3_000);
    expect(first.designEffects).toBeDefined();
    expect(second.designEffects).toBeUndefined();
    const stored = [];
    for await (const tick of test.store().readTicks("renewed", 0)) stored.push(tick);
    expect(stored).toEqual([first, second]);
    expect(first.calls.every(({ segment }) => segment === "")).toBe(true);
  });

  it("is absent where too little is known", async () => {
    await test.store().insertSpans(aBatch(conversations("few", true).slice(0, 400)));
    expect((await foldAcross("few")).designEffects).toBeUndefined();
  });
});

describe("the formula", () => {
  const bucket = (n: number, sum: number) => ({ n, sum, squares: sum });

  it.each([
    ["no calls", [], true],
    ["a value that never varies", [bucket(600, 0), bucket(600, 0)], true],
    ["a handful of events", [bucket(600, 10), bucket(600, 8)], true],
  ])("says nothing of %s", (_name, buckets, isRate) => {
    expect(designEffect(buckets, isRate)).toBeNull();
  });

  it("is never below 1, however evenly the events are spread", () => {
    expect(
      designEffect(
        Array.from({ length: 256 }, () => bucket(10, 5)),
        true,
      ),
    ).toBe(1);
  });
});
