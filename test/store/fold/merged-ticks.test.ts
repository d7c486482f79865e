import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sample, Tick } from "../../../core/sample.ts";
import { SIGNALS, type SignalName } from "../../../core/signals.ts";
import type { StoreReader } from "../../../store/open-reader.ts";
import { aBatch, aSpan, T0 } from "../a-span.ts";
import { openTestStore, type TestStore } from "../test-store.ts";

const TICK = 5_000;
const TICKS = 24;
/** Where the stage changes: inside a merged tick of a minute. */
const RAMP = 15;
const ALL = Object.keys(SIGNALS) as SignalName[];

let database: TestStore;
let reader: StoreReader;
let folded: Tick[];

beforeAll(async () => {
  database = await openTestStore();
  const spans = Array.from({ length: TICKS * 10 }, (_, i) =>
    aSpan({
      end_ms: T0 + i * 500,
      cohort: i % 4 === 0 ? "canary" : "baseline",
      error: i % 7 === 0 ? 1 : 0,
      duration_ms: 100 + i,
      segments: { input_type: i % 3 === 0 ? "faq" : "billing" },
    }),
  );
  await database.store().insertSpans(aBatch(spans));
  folded = [];
  for (let i = 0; i < TICKS; i++) {
    const [from, to] = [T0 + i * TICK, T0 + (i + 1) * TICK];
    const stage = i < RAMP ? 0 : 1;
    folded.push(
      await database.store().foldTick({ migration: "m", from, to, stage, share: 0.25, segments: ["input_type"] }),
    );
  }
  reader = await database.openReader();
});
afterAll(async () => {
  await reader?.close();
  await database.end();
});

const read = async (everyMs: number | null, signals: readonly SignalName[] = ALL, until = T0 + TICKS * TICK) => {
  const ticks: Tick[] = [];
  for await (const tick of reader.mergedTicks({ migration: "m", origin: T0, until, everyMs, signals }))
    ticks.push(tick);
  return ticks;
};

const totals = (ticks: readonly Tick[]): Readonly<Record<string, readonly number[]>> => {
  const sums = new Map<string, number[]>();
  for (const { signal, cohort, segment, n, sum, bins } of ticks.flatMap(({ samples }): readonly Sample[] => samples)) {
    const key = `${signal} ${cohort} ${segment}`;
    const [a = 0, b = 0, c = 0] = sums.get(key) ?? [];
    const counted = Object.values(bins).reduce((all, count) => all + count, 0);
    sums.set(key, [a + n, b + sum, c + counted]);
  }
  // Sums of fractions differ in their last digit with the order of adding.
  const rounded = [...sums].map(([key, of]) => [key, of.map((x) => Number(x.toPrecision(9)))] as const);
  return Object.fromEntries(rounded.sort(([a], [b]) => (a < b ? -1 : 1)));
};

describe("stored ticks, read back", () => {
  it("are what was judged, to the last bit", async () => {
    expect(await read(null)).toEqual(folded);
  });

  it("hold the same sums when merged, and a change of the stage cuts them", async () => {
    const merged = await read(60_000);
    expect(merged.map(({ from, to, stage }) => [(from - T0) / TICK, (to - T0) / TICK, stage])).toEqual([
      [0, 12, 0],
      [12, RAMP, 0],
      [RAMP, TICKS, 1],
    ]);
    expect(totals(merged)).toEqual(totals(folded));
    const calls = (ticks: readonly Tick[]): number =>
      ticks.flatMap((tick) => tick.calls).reduce((sum, each) => sum + each.calls, 0);
    expect(calls(merged)).toBe(calls(folded));
  });

  it("can be read for some signals only; calls are always in them", async () => {
    const [some] = await read(60_000, ["error"]);
    expect(new Set(some?.samples.map(({ signal }) => signal))).toEqual(new Set(["error"]));
    expect(some?.calls.length).toBeGreaterThan(0);
  });

  it("end where they are asked to", async () => {
    const ticks = await read(null, ALL, T0 + 3 * TICK);
    expect(ticks).toEqual(folded.slice(0, 3));
    expect(await reader.tickSpan({ migration: "m", origin: T0 + TICK, until: T0 + 9 * TICK })).toEqual({
      ticks: 8,
      first: T0 + 2 * TICK,
      last: T0 + 9 * TICK,
    });
    expect(await reader.tickSpan({ migration: "none", origin: T0, until: T0 + TICK })).toBeNull();
  });
});
