import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { measureSenders, measureWindows, type SentCall } from "../../bench/drain/measure-calls.ts";
import { seededRandom } from "../../core/seeded-random.ts";
import { senderKey } from "../../core/sender-calls.ts";
import type { SpanRow } from "../../core/span-row.ts";
import { windowsOf } from "../../lifecycle/sender-window.ts";
import { aBatch, aSpan, T0 } from "./a-span.ts";
import { openTestStore, type TestStore } from "./test-store.ts";

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.end());

/** Whole milliseconds, as the store keeps them; some senders' clocks are wrong, and some of those calls were moved. */
const randomCalls = (random: () => number): readonly SentCall[] =>
  Array.from({ length: 400 }, () => {
    const instance = ["pod-0", "pod-1", "", "pod-3"][Math.floor(random() * 4)] ?? "";
    const skewMs = { "pod-0": 0, "pod-1": -540_000, "": 3_000 }[instance] ?? 86_400_000;
    const durationMs = Math.floor(random() * 3_000);
    const start = T0 + Math.floor(random() * 120_000);
    const received = start + durationMs + Math.floor(random() * 9_000);
    const cohort = random() < 0.3 && instance !== "pod-3" ? "canary" : "baseline";
    const user = random() < 0.5 ? { user: `user-${Math.floor(random() * 8)}` } : {};
    return { instance, cohort, ownStart: start + skewMs, durationMs, received, ...user };
  });

const rowOf = (call: SentCall, migration: string): SpanRow => {
  const { instance, cohort, ownStart, durationMs, received, user = "" } = call;
  const ownEnd = ownStart + durationMs;
  const clock_skew_ms = ownEnd > received + 1_000 ? ownEnd - received : 0;
  const [start_ms, end_ms] = [ownStart - clock_skew_ms, ownEnd - clock_skew_ms];
  const whose = ownStart % 2 === 0 ? { targeting_key_hash: user } : { conversation_id: user };
  const own = { ...whose, service: "app", instance, cohort, migration, duration_ms: durationMs, received_ms: received };
  return aSpan({ ...own, start_ms, end_ms, clock_skew_ms });
};

describe("how senders' calls came in", () => {
  it.each([1, 2, 3])("is measured as the simulations of the drain measure it (seed %i)", async (seed) => {
    const migration = `drain-${seed}`;
    const flippedAt = T0 + 60_000;
    const calls = randomCalls(seededRandom(seed));
    const rows = calls.map((call) => rowOf(call, migration));
    const [twice] = rows;
    await test.store().insertSpans(aBatch([...rows, ...(twice === undefined ? [] : [twice])]));

    const range = { migration, since: T0, until: T0 + 200_000 };
    const found = await test.store().senderCalls({ ...range, flippedAt });
    const senders = [...found].sort((a, b) => (senderKey(a) < senderKey(b) ? -1 : 1));
    expect(senders).toEqual(measureSenders(calls, flippedAt));
    const times = { flippedAt, now: T0 + 200_000, settleMs: 2_000, propagationMs: 0 };
    const windows = windowsOf(senders, times);
    expect(await test.store().windowCalls({ ...range, windows })).toEqual(measureWindows(calls, windows));
  });

  it("counts the calls of an account that both arms share as those of nobody", async () => {
    const calls = Array.from({ length: 200 }, (_, i) => ({
      ...{
        migration: "account",
        service: "app",
        targeting_key_hash: "service",
        conversation_id: "",
        instance: "pod-0",
      },
      ...{ cohort: i % 2 === 0 ? ("canary" as const) : ("baseline" as const), start_ms: T0 + i * 1000 },
      ...{ end_ms: T0 + i * 1000 + 500, received_ms: T0 + i * 1000 + 600 },
    }));
    await test.store().insertSpans(aBatch(calls.map((fields) => aSpan(fields))));
    const range = { migration: "account", since: T0, until: T0 + 300_000 };
    const [sender] = await test.store().senderCalls({ ...range, flippedAt: T0 + 300_000 });
    expect(sender?.canaryDraws).toBe(100);
  });

  it("is nothing where nothing came in, and only of the time that is asked for", async () => {
    const store = test.store();
    const range = { migration: "none", since: T0, until: T0 + 1_000 };
    expect(await store.senderCalls({ ...range, flippedAt: T0 })).toEqual([]);
    expect(await store.windowCalls({ ...range, windows: [] })).toEqual([]);
    await store.insertSpans(
      aBatch([
        aSpan({ migration: "range", cohort: "canary", received_ms: T0 - 1 }),
        aSpan({ migration: "range", cohort: "canary", received_ms: T0 + 1_000 }),
        aSpan({ migration: "range", cohort: "shadow", received_ms: T0 }),
      ]),
    );
    expect(await store.senderCalls({ ...range, migration: "range", flippedAt: T0 })).toEqual([]);
  });
});

describe("the canary calls that came in", () => {
  it("are each there once, with their own times, the last that started first", async () => {
    const store = test.store();
    const canary = (end_ms: number, fields: Partial<SpanRow>): SpanRow =>
      aSpan({ migration: "came", cohort: "canary", end_ms, received_ms: T0 + 50, ...fields });
    const twice = canary(T0, { instance: "pod-a" });
    await store.insertSpans(
      aBatch([
        twice,
        twice,
        canary(T0 - 10_000, { instance: "", clock_skew_ms: -600_000 }),
        canary(T0, { received_ms: T0 - 1 }),
        aSpan({ migration: "came", received_ms: T0 + 50 }),
      ]),
    );
    const range = { migration: "came", since: T0, until: T0 + 1_000 };
    const service = "support-api";
    expect(await store.canaryCalls({ ...range, limit: 10 })).toEqual([
      { service, instance: "pod-a", startedAt: T0 - 500, ownStart: T0 - 500, clockSkewMs: 0 },
      { service, instance: "", startedAt: T0 - 10_500, ownStart: T0 - 610_500, clockSkewMs: -600_000 },
    ]);
    expect(await store.canaryCalls({ ...range, limit: 1 })).toHaveLength(1);
  });
});
