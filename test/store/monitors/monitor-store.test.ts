import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LEEWAY } from "../../../core/attributes.ts";
import type { Monitor, MonitorSlice } from "../../../core/monitor.ts";
import type { SpanRow } from "../../../core/span-row.ts";
import type { MonitorStore } from "../../../store/monitors/monitor-store.ts";
import { aMonitor, ERRORS, HOUR, LATENCY_P95, MINUTE } from "../../detectors/monitors/monitor-world.ts";
import { aBatch, aSpan } from "../a-span.ts";
import { openTestStore, type TestStore } from "../test-store.ts";

const DAY = 24 * HOUR;

/** A whole hour two hours ago. */
const ORIGIN = Math.floor(Date.now() / HOUR) * HOUR - 2 * HOUR;

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(async () => test.end());

const monitors = (): MonitorStore => test.store().monitors;

let made = 0;
/** A monitor of a service of its own. */
const fresh = (parts: Partial<Monitor> = {}): Monitor => {
  made += 1;
  const service = `service-${made}`;
  return aMonitor({
    name: service,
    signals: [ERRORS, LATENCY_P95],
    match: { ...aMonitor().match, service },
    ...parts,
  });
};

const insert = (monitor: Monitor, ...rows: Partial<SpanRow>[]): Promise<unknown> =>
  test
    .store()
    .insertSpans(
      aBatch(
        rows.map((row) =>
          aSpan({ service: monitor.match.service ?? "", migration: "", cohort: "", prompt_version: "41", ...row }),
        ),
      ),
    );

const minute = (monitor: Monitor, nth: number): Promise<MonitorSlice> => {
  const from = ORIGIN + nth * MINUTE;
  return monitors().foldSlice({ monitor, from, to: from + MINUTE, origin: ORIGIN });
};

const slicesSince = async (monitor: Monitor, sinceMs: number): Promise<readonly MonitorSlice[]> => {
  const slices: MonitorSlice[] = [];
  for await (const slice of monitors().readSlices(monitor, sinceMs)) slices.push(slice);
  return slices;
};

const sampleOf = (slice: MonitorSlice, signal: string, series = "") =>
  slice.samples.find((sample) => sample.signal === signal && sample.series === series);

describe("a slice", () => {
  it("holds what its calls say, per series, and who answered", async () => {
    const monitor = fresh({ by: ["model", "segment.route"] });
    const at = { end_ms: ORIGIN + 1000, segments: { route: "faq" } };
    await insert(
      monitor,
      { ...at, duration_ms: 100 },
      { ...at, error: 1 },
      { ...at, request_model: "o3", response_model: "o3-2025", duration_ms: 100 },
    );
    const slice = await minute(monitor, 0);
    const series = "model=gpt-4o, segment.route=faq";
    expect(slice).toMatchObject({ from: ORIGIN, to: ORIGIN + MINUTE, designEffects: {} });
    expect(sampleOf(slice, "error", series)).toEqual({ series, signal: "error", n: 2, sum: 1, bins: {} });
    expect(sampleOf(slice, "latency_ms", series)).toMatchObject({ n: 1, bins: { 462: 1 } });
    expect(sampleOf(slice, "response_model", series)?.bins).toEqual({ "gpt-4o-2024-08-06": 2 });
    expect(sampleOf(slice, "prompt_version", series)?.bins).toEqual({ 41: 2 });
    expect(sampleOf(slice, "error", "model=o3, segment.route=faq")).toMatchObject({ n: 1, sum: 0 });
  });

  it("leaves out what is not the monitor's business", async () => {
    const monitor = fresh({ match: { ...aMonitor().match, service: "narrow", prompt: "p", segments: { tier: "x" } } });
    const mine = { end_ms: ORIGIN + 1000, prompt_name: "p", segments: { tier: "x" } };
    await insert(
      monitor,
      mine,
      { ...mine, cohort: "baseline", migration: "m" },
      { ...mine, cohort: "canary", migration: "m" },
      { ...mine, cohort: "shadow", migration: "m" },
      { ...mine, scope: LEEWAY.sentinelScope },
      { ...mine, prompt_name: "q" },
      { ...mine, segments: { tier: "y" } },
    );
    expect(sampleOf(await minute(monitor, 0), "error")?.n).toBe(2);
  });

  it("takes a late call into a later slice, once, and a repeated one not at all", async () => {
    const monitor = fresh();
    const first = aSpan({ service: monitor.name, migration: "", cohort: "", end_ms: ORIGIN + 1000 });
    await insert(monitor, first);
    expect(sampleOf(await minute(monitor, 0), "error")?.n).toBe(1);
    await insert(monitor, first, { end_ms: ORIGIN + 2000, error: 1 });
    expect(sampleOf(await minute(monitor, 1), "error")).toMatchObject({ n: 1, sum: 1 });
    expect((await minute(monitor, 2)).samples).toEqual([]);
    expect(sampleOf(await minute(monitor, 0), "error")?.n).toBe(1);
  });

  it("is the same for agents that fold it at once, and for ever after", async () => {
    const monitor = fresh();
    await insert(monitor, { end_ms: ORIGIN + 1000 });
    const [one, two] = await Promise.all([minute(monitor, 0), minute(monitor, 0)]);
    expect(one).toEqual(two);
    await insert(monitor, { end_ms: ORIGIN + 3000 });
    expect(await minute(monitor, 0)).toEqual(one);
  });

  it("carries design effects at the full hour, when conversations are alike", async () => {
    const monitor = fresh({ signals: [ERRORS] });
    const rows = Array.from({ length: 1200 }, (_, i) => ({
      end_ms: ORIGIN - 30 * MINUTE + i,
      conversation_id: `c${Math.floor(i / 10)}`,
      error: (Math.floor(i / 10) % 5 === 0 ? 1 : 0) as 0 | 1,
    }));
    await insert(monitor, ...rows);
    expect((await minute(monitor, 0)).designEffects.error).toBeGreaterThan(5);
    expect((await minute(monitor, 1)).designEffects).toEqual({});
  });
});

describe("the past", () => {
  it("is folded by the hour, days at a time, and read back with the minutes in order", async () => {
    const monitor = fresh();
    await insert(
      monitor,
      { end_ms: ORIGIN - 5 * HOUR, error: 1 },
      { end_ms: ORIGIN - 5 * HOUR + 60_000 },
      { end_ms: ORIGIN + 10 },
    );
    const past = { monitor, from: ORIGIN - DAY, to: ORIGIN, origin: ORIGIN };
    const hours = await monitors().foldPast(past);
    expect(hours).toHaveLength(24);
    expect(hours.map((slice) => sampleOf(slice, "error")).filter(Boolean)).toMatchObject([{ n: 2, sum: 1 }]);
    expect(await monitors().foldPast(past)).toEqual(hours);
    const last = await minute(monitor, 0);
    expect(sampleOf(last, "error")).toMatchObject({ n: 1, sum: 0 });
    expect(await slicesSince(monitor, 0)).toEqual([...hours, last]);
    expect(await slicesSince(monitor, ORIGIN)).toEqual([last]);
  });

  it("ends where the first agent said", async () => {
    const monitor = fresh();
    expect(await monitors().origin(monitor, ORIGIN)).toBe(ORIGIN);
    expect(await monitors().origin(monitor, ORIGIN + HOUR)).toBe(ORIGIN);
    expect(await monitors().origin({ ...monitor, hash: "another" }, ORIGIN + HOUR)).toBe(ORIGIN + HOUR);
    expect(await slicesSince(monitor, 0)).toEqual([]);
  });
});

it("keeps the newest state, to the last bit", async () => {
  const monitor = fresh();
  expect(await monitors().readState(monitor)).toBeNull();
  const state = JSON.stringify({ x: 0.1 + 0.2, text: 'quote " and \\ and ü' });
  await monitors().writeState(monitor, ORIGIN, "{}");
  await monitors().writeState(monitor, ORIGIN + MINUTE, state);
  expect(await monitors().readState(monitor)).toEqual({ at: ORIGIN + MINUTE, state });
});

it("reads a sentinel's calls by run and probe", async () => {
  const monitor = fresh();
  const probe = (run: number, name: string) => ({
    end_ms: ORIGIN + run,
    scope: LEEWAY.sentinelScope,
    prompt_name: monitor.name,
    segments: { probe: name, run: String(run), answer: "a1", form: "f1" },
  });
  await insert(monitor, probe(2, "a"), probe(1, "b"), probe(1, "a"));
  const calls = await monitors().probeCalls(monitor.name, ORIGIN);
  expect(calls.map(({ run, probe: name }) => `${run}${name}`)).toEqual(["1a", "1b", "2a"]);
  expect(calls[0]).toMatchObject({ answer: "a1", form: "f1", error: 0, end_ms: ORIGIN + 1 });
});
