import { describe, expect, it } from "vitest";
import { boundStatusStore, boundStore, type RunnerStore } from "../../agent/bounded-store.ts";
import type { Tick } from "../../core/sample.ts";
import { aFinding } from "../fixtures/a-finding.ts";
import { aMigration } from "../fixtures/a-migration.ts";

const never = <T>(): Promise<T> => new Promise(() => undefined);
const tick = (to: number): Tick => ({ migration: "m", from: to - 1, to, stage: 0, share: 0, calls: [], samples: [] });

const HANGING: RunnerStore = {
  foldTick: never,
  foldPast: never,
  senderCalls: never,
  windowCalls: never,
  canaryCalls: never,
  tickBeyond: never,
  ledgerSince: never,
  exampleSpans: never,
  freshness: never,
  readPairs: never,
  async *readTicks() {
    yield tick(1);
    await never();
  },
};
const REQUEST = { migration: "m", from: 0, to: 1, since: 0, until: 1, quantile: 0.5, stage: 0, share: 0, segments: [] };
const LATE = { code: "store-unavailable", message: "the store gave no answer within 20 ms" };

describe("a store that hangs", () => {
  const store = boundStore(HANGING, 20);
  it.each<[string, () => Promise<unknown>]>([
    ["foldTick", () => store.foldTick(REQUEST)],
    ["foldPast", () => store.foldPast({ migration: aMigration(), from: 0, to: 1 })],
    ["senderCalls", () => store.senderCalls({ ...REQUEST, flippedAt: 0 })],
    ["windowCalls", () => store.windowCalls({ ...REQUEST, windows: [] })],
    ["canaryCalls", () => store.canaryCalls({ ...REQUEST, limit: 1 })],
    ["tickBeyond", () => store.tickBeyond("m", 0)],
    ["ledgerSince", () => store.ledgerSince("m", 0)],
    ["freshness", () => store.freshness("m")],
    ["exampleSpans", () => store.exampleSpans({ ...REQUEST, finding: aFinding(), limit: 1 })],
  ])("is unavailable after the time is up: %s", async (_what, call) => {
    await expect(call()).rejects.toMatchObject(LATE);
  });

  it("is unavailable in the middle of the ticks, after those that came", async () => {
    const seen: number[] = [];
    const read = async (): Promise<void> => {
      for await (const { to } of store.readTicks("m", 0)) seen.push(to);
    };
    await expect(read()).rejects.toMatchObject(LATE);
    expect(seen).toEqual([1]);
  });
});

describe("a store that answers", () => {
  it("is passed through: answers, ends and errors", async () => {
    const store = boundStore(
      {
        ...HANGING,
        tickBeyond: async () => 7,
        ledgerSince: () => Promise.reject(new Error("no")),
        async *readTicks() {
          yield* [tick(1), tick(2)];
        },
      },
      1_000,
    );
    expect(await store.tickBeyond("m", 0)).toBe(7);
    await expect(store.ledgerSince("m", 0)).rejects.toThrow("no");
    const ends: number[] = [];
    for await (const { to } of store.readTicks("m", 0)) ends.push(to);
    expect(ends).toEqual([1, 2]);
  });
});

describe("the store for those who look", () => {
  it("says in time that it does not answer, while it hangs", async () => {
    const store = boundStatusStore({ ping: never, freshness: never }, 20);
    expect(await store.ping()).toBe(false);
    await expect(store.freshness("m")).rejects.toMatchObject(LATE);
  });

  it("passes answers on", async () => {
    const freshness = { newestEnd: 1, newestReceived: 2, calls: { canary: 3, baseline: 4 } };
    const store = boundStatusStore({ ping: async () => true, freshness: async () => freshness }, 20);
    expect(await store.ping()).toBe(true);
    expect(await store.freshness("m")).toBe(freshness);
  });
});
