import { describe, expect, it } from "vitest";
import { bucketOf } from "../../../core/histogram.ts";
import type { MonitorEvent, SeriesSample, WatchedSignal } from "../../../core/monitor.ts";
import { seededRandom } from "../../../core/seeded-random.ts";
import { createMonitorEngine } from "../../../detectors/monitors/monitor-engine.ts";
import { aMonitor, DAY, HOUR, MINUTE, T0 } from "./monitor-world.ts";

/** A call's value. */
type Nature = (random: () => number) => number;

const always =
  (value: number): Nature =>
  () =>
    value;

const mean = (direction: WatchedSignal["direction"] = "increase"): WatchedSignal => ({
  id: "cost_usd",
  signal: "cost_usd",
  kind: "value",
  quantile: null,
  direction,
  unit: "USD",
});
const quantile = (q: number): WatchedSignal => ({ ...mean(), id: `cost_usd.p${100 * q}`, quantile: q });

const sampleOf = (signal: WatchedSignal, calls: number, nature: Nature, random: () => number): SeriesSample => {
  const bins: Record<string, number> = {};
  let sum = 0;
  for (let i = 0; i < calls; i++) {
    const value = nature(random);
    sum += value;
    bins[bucketOf(value)] = (bins[bucketOf(value)] ?? 0) + 1;
  }
  return { series: "", signal: signal.signal, n: calls, sum, bins };
};

/** Nothing in it is a number that is none; infinity is no number either. */
const expectNumbers = (value: unknown): void => {
  if (typeof value === "number") expect(Number.isFinite(value)).toBe(true);
  else if (typeof value === "object" && value !== null) for (const each of Object.values(value)) expectNumbers(each);
};

/** A past of hours, then minutes that are judged; the events of those. */
const watch = (
  signal: WatchedSignal,
  before: Nature,
  after: Nature,
  { days = 8, minutes = 300, calls = 30 } = {},
): readonly MonitorEvent[] => {
  const engine = createMonitorEngine(aMonitor({ signals: [signal] }));
  const random = seededRandom(3);
  for (let hour = 0; hour < 24 * days; hour++) {
    const from = T0 + hour * HOUR;
    const samples = [sampleOf(signal, 10 * calls, before, random)];
    engine.step({ from, to: from + HOUR, samples, designEffects: {} });
  }
  const events: MonitorEvent[] = [];
  for (let minute = 0; minute < minutes; minute++) {
    const from = T0 + days * DAY + minute * MINUTE;
    const samples = [sampleOf(signal, calls, after, random)];
    events.push(...engine.step({ from, to: from + MINUTE, samples, designEffects: {} }));
  }
  expectNumbers(events);
  expectNumbers(engine.readings());
  expectNumbers(engine.state().series.flatMap(({ signals }) => signals.map(({ spread }) => spread)));
  return events;
};

const NATURES: readonly (readonly [string, Nature])[] = [
  ["one token", always(1)],
  ["a fixed price", always(0.0042)],
  ["zero", always(0)],
  ["negative", always(-5)],
  ["huge", always(1e15)],
  ["tiny", always(1e-12)],
  ["one or two", (random) => (random() < 0.5 ? 1 : 2)],
  ["rarely forty", (random) => (random() < 0.0005 ? 40 : 1)],
  ["mostly zero", (random) => (random() < 0.9995 ? 0 : 0.01)],
  ["zero in nine of ten", (random) => (random() < 0.9 ? 0 : 0.01)],
  ["both ends", (random) => (random() < 0.5 ? 1e-12 : 1e15)],
  ["a tail of its own", (random) => (random() < 0.002 ? 5000 : 10 * (1 + random()))],
];

describe.each(NATURES)("a monitor of values that are %s", (_name, nature) => {
  it.each([
    ["mean", mean()],
    ["mean, both ways", mean("either")],
    ["p50", quantile(0.5)],
    ["p95", quantile(0.95)],
  ] as const)("raises no alarm while nothing changes: %s", (_kind, signal) => {
    expect(watch(signal, nature, nature)).toEqual([]);
    expect(watch(signal, nature, nature, { calls: 1 })).toEqual([]);
  });
});

describe("a change that a monitor has to see", () => {
  const usual: Nature = (random) => 0.004 * (0.5 + random());
  it.each<readonly [string, WatchedSignal, Nature, Nature]>([
    ["free to paid", mean(), always(0), always(0.01)],
    ["mostly free to paid", mean(), (random) => (random() < 0.9995 ? 0 : 0.01), always(0.01)],
    ["a constant that doubles", mean(), always(1), always(2)],
    ["a classifier that explains itself", mean(), always(1), always(60)],
    ["a narrow value x5", mean(), (random) => 4 + 0.1 * random(), (random) => 20 + random()],
    ["0.5% of the calls 128 times as dear", mean(), usual, (random) => (random() < 0.005 ? 0.5 : usual(random))],
    ["2% of the calls 25 times as dear", mean(), usual, (random) => (random() < 0.02 ? 0.1 : usual(random))],
    ["p95 of a constant", quantile(0.95), always(40), always(4000)],
    ["p95 of zeros", quantile(0.95), always(0), always(4000)],
    ["all to nothing", mean("either"), always(1), always(0)],
  ])("%s is one drift, and no return while it stays", (_name, signal, before, after) => {
    const events = watch(signal, before, after);
    expect(events.map(({ kind }) => kind).filter((kind) => kind !== "further")).toEqual(["drift"]);
    expect(events[0]).toMatchObject({ told: { phase: "open" } });
  });

  it.each<readonly [string, Nature, Nature]>([
    [
      "p95 where the share of slow calls grows below it",
      (r) => (r() < 0.03 ? 2500 : 40),
      (r) => (r() < 0.045 ? 2500 : 40),
    ],
    ["a cap", (r) => Math.min(30_000, 4000 + 40_000 * r() ** 4), (r) => Math.min(30_000, 4000 + 40_000 * r() ** 4)],
  ])("and none is what moves no quantile: %s", (_name, before, after) => {
    expect(watch(quantile(0.95), before, after)).toEqual([]);
  });
});

describe("pages of a monitor", () => {
  /** Values that are other for `minutes`, and back for as many, again and again. */
  const flapping = (minutes: number, total: number): readonly MonitorEvent[] => {
    let calls = 0;
    return watch(mean(), always(1), () => (Math.floor(calls++ / (30 * minutes)) % 2 === 0 ? 100 : 1), {
      minutes: total,
    });
  };

  it("a drift and its return are one incident", () => {
    const events = flapping(90, 180);
    expect(events.map(({ kind }) => kind)).toEqual(["drift", "recovered"]);
    expect(events.map((event) => ("told" in event ? event.told?.phase : null))).toEqual(["open", "resolve"]);
    expect(new Set(events.map((event) => ("told" in event ? JSON.stringify(event.told?.incident) : ""))).size).toBe(1);
  });

  it("come once an hour at most, however often a signal goes and returns", () => {
    const events = flapping(10, 600);
    const pages = events.filter((event) => "told" in event && event.told?.phase === "open");
    const times = pages.map((event) => ("drift" in event ? event.drift.at : 0));
    expect(events.length).toBeGreaterThan(20);
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.length).toBeLessThanOrEqual(10);
    for (const [i, at] of times.entries()) if (i > 0) expect(at - (times[i - 1] ?? 0)).toBeGreaterThanOrEqual(HOUR);
  });
});
