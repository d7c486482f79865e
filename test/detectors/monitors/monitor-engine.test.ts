import { describe, expect, it, test } from "vitest";
import type { Drift, MonitorEvent } from "../../../core/monitor.ts";
import { normalFrom, seededRandom } from "../../../core/seeded-random.ts";
import { alarmThreshold } from "../../../detectors/monitors/monitor-engine.ts";
import {
  aMonitor,
  DAY,
  ERRORS,
  HOUR,
  LATENCY_P95,
  MINUTE,
  type MonitorWorld,
  monitorWorld,
  type Nature,
  TOKENS,
} from "./monitor-world.ts";

const steady =
  (nature: Nature): ((at: number) => Nature) =>
  () =>
    nature;

const kinds = (events: readonly MonitorEvent[]): readonly string[] => events.map(({ kind }) => kind);

const driftIn = (events: readonly MonitorEvent[]): Drift => {
  const [event] = events;
  if (event === undefined || !("drift" in event)) throw new Error(`no drift in ${JSON.stringify(events)}`);
  return event.drift;
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

const ERROR_3: Nature = { callsPerMinute: 200, error: 0.03 };

/** Four weeks of 3% errors at 200 calls a minute, and an hour of minutes. */
const learned = (seed: number, parts: Parameters<typeof aMonitor>[0] = {}, nature: Nature = ERROR_3): MonitorWorld => {
  const world = monitorWorld(aMonitor(parts), seed);
  world.learn(28 * 24, steady(nature));
  world.detector(60, steady(nature));
  return world;
};

describe("how long a change goes unseen", () => {
  it.each([
    [0.045, 60],
    [0.06, 16],
  ])("3%% errors that become %d at 200 calls a minute are told within %i minutes in half the runs", (error, limit) => {
    const delays = Array.from({ length: 21 }, (_, seed) => {
      const world = learned(seed + 1);
      const change = world.now();
      const events = world.detector(600, steady({ callsPerMinute: 200, error }), "event");
      const { since } = driftIn(events);
      expect(Math.abs(since - change)).toBeLessThan(90 * MINUTE);
      return (world.now() - change) / MINUTE;
    });
    expect(median(delays)).toBeLessThanOrEqual(limit);
  });
});

describe("false alarms", () => {
  it("stay below the stated rate where it is hardest: exactly at the limit, all the time", () => {
    const minutes = 1000;
    const runs = 40;
    // At a mean time of 10,000 minutes at most a tenth of the runs may alarm within 1000.
    const alarmed = Array.from({ length: runs }, (_, seed) => {
      const world = learned(seed + 100, { meanTimeBetweenFalseAlarms: 10_000 * MINUTE });
      const events = world.detector(minutes, steady({ callsPerMinute: 200, error: 0.033 }), "event");
      return events.length > 0;
    }).filter(Boolean).length;
    expect(alarmed).toBeLessThanOrEqual(runs * 0.1 + 2 * Math.sqrt(runs * 0.1 * 0.9));
  });

  it("do not come from hours of the week, each with 8% noise of its own, over 30 days", () => {
    for (const seed of [1, 2, 3]) {
      const random = seededRandom(seed);
      const noise = new Map<number, number>();
      const noiseAt = (at: number): number => {
        const hour = Math.floor(at / HOUR);
        if (!noise.has(hour)) noise.set(hour, 1 + 0.08 * normalFrom(random));
        return noise.get(hour) ?? 1;
      };
      const seasonal = (at: number): Nature => {
        const day = Math.sin((2 * Math.PI * at) / DAY);
        const isWeekend = new Date(at).getUTCDay() % 6 === 0;
        return {
          callsPerMinute: Math.round((isWeekend ? 60 : 200) * (1 + 0.6 * day)),
          error: 0.03 * (1 + 0.5 * day) * (isWeekend ? 1.5 : 1) * noiseAt(at),
        };
      };
      const world = monitorWorld(aMonitor(), seed);
      world.learn(28 * 24, seasonal);
      expect(kinds(world.detector(30 * 24 * 60, seasonal))).toEqual([]);
    }
  });

  it("do not come from one hour that is further off than most, of a signal whose hours differ by 8%", () => {
    const random = seededRandom(9);
    const tokens = (factor: number): Nature => ({ callsPerMinute: 200, tokens: [200 * factor, 0.6] });
    const world = monitorWorld(aMonitor({ signals: [TOKENS] }), 9);
    world.learn(28 * 24, () => tokens(1 + 0.08 * normalFrom(random)));
    expect(kinds(world.detector(60, steady(tokens(1))))).toEqual([]);
    expect(kinds(world.detector(60, steady(tokens(1.27))))).toEqual([]);
    expect(kinds(world.detector(60, steady(tokens(1))))).toEqual([]);
    expect(kinds(world.detector(300, steady(tokens(1.5)), "event"))).toEqual(["drift"]);
  });

  it("are shared by all detectors of a monitor", () => {
    const one = alarmThreshold(aMonitor());
    expect(one).toBeCloseTo(Math.log(1e6), 10);
    const many = aMonitor({ signals: [ERRORS, TOKENS, LATENCY_P95], by: ["model"], maxSeries: 8 });
    expect(alarmThreshold(many)).toBeCloseTo(one + Math.log(4 * 8), 10);
  });

  it("do not come from one odd error where there was none for weeks", () => {
    const world = learned(5, {}, { callsPerMinute: 200, error: 0 });
    expect(kinds(world.detector(600, steady({ callsPerMinute: 200, error: 0.0015 })))).toEqual([]);
    expect(kinds(world.detector(120, steady({ callsPerMinute: 200, error: 0.02 }), "event"))).toEqual(["drift"]);
  });
});

test.each([
  ["a slower tail", LATENCY_P95, "increase", { latency: [800, 0.5] }, { latency: [800, 0.75] }],
  ["longer answers", TOKENS, "increase", { tokens: [200, 0.6] }, { tokens: [280, 0.6] }],
  ["shorter answers", TOKENS, "drop", { tokens: [200, 0.6] }, { tokens: [130, 0.6] }],
  [
    "less of what was nearly always right",
    { ...ERRORS, id: "schema_valid", direction: "drop" },
    "drop",
    { error: 0.98 },
    { error: 0.93 },
  ],
] as const)("%s: found, with what was expected and seen", (_name, signal, direction, before, after) => {
  const nature = { callsPerMinute: 100, ...before } as Nature;
  const world = learned(7, { signals: [signal] }, nature);
  expect(kinds(world.detector(300, steady(nature)))).toEqual([]);
  const change = world.now();
  const drift = driftIn(world.detector(300, steady({ callsPerMinute: 100, ...after } as Nature), "event"));
  expect(drift).toMatchObject({ signal: signal.id, direction });
  expect(Math.abs(drift.since - change)).toBeLessThanOrEqual(15 * MINUTE);
  const isMore = drift.seen > drift.limit && drift.limit > drift.expected;
  const isLess = drift.seen < drift.limit && drift.limit < drift.expected;
  expect(direction === "increase" ? isMore : isLess).toBe(true);
  expect(drift.n).toBeGreaterThan(0);
  const { lower = 0, upper = 0 } = drift.interval ?? {};
  expect(lower).toBeLessThanOrEqual(drift.seen);
  expect(upper).toBeGreaterThanOrEqual(drift.seen);
});

it("a threefold mean is shown as such, not cut where values were cut before", () => {
  const world = learned(8, { signals: [TOKENS] }, { callsPerMinute: 100, tokens: [200, 0.3] });
  const drift = driftIn(world.detector(60, steady({ callsPerMinute: 100, tokens: [600, 0.3] }), "event"));
  const mean = 600 * Math.exp(0.3 ** 2 / 2);
  expect(Math.abs(drift.seen / mean - 1)).toBeLessThan(0.1);
  expect(drift.interval?.lower).toBeLessThan(drift.seen);
  expect(drift.interval?.upper).toBeGreaterThan(drift.seen);
});

describe("after an alarm", () => {
  const bad = steady({ callsPerMinute: 200, error: 0.1 });
  const good = steady(ERROR_3);

  it("the same change is told once, its end once, and then it can be told again", () => {
    const world = learned(11);
    expect(kinds(world.detector(24 * 60, bad))).toEqual(["drift"]);
    const back = world.detector(120, good);
    expect(kinds(back)).toEqual(["recovered"]);
    expect(back[0]).toMatchObject({ kind: "recovered", drift: { signal: "error" } });
    expect(kinds(world.detector(24 * 60, good))).toEqual([]);
    expect(kinds(world.detector(60, bad))).toEqual(["drift"]);
  });

  it("more of the same is told", () => {
    const world = learned(12);
    expect(kinds(world.detector(120, bad))).toEqual(["drift"]);
    expect(kinds(world.detector(120, steady({ callsPerMinute: 200, error: 0.3 })))).toEqual(["further"]);
  });

  it("a change that stays is the new normal in the end, and what comes then is compared with it", () => {
    const world = learned(13);
    expect(kinds(world.detector(7 * 24 * 60 + 120, bad))).toEqual(["drift", "adopted"]);
    expect(kinds(world.detector(24 * 60, bad))).toEqual([]);
    expect(kinds(world.detector(120, steady({ callsPerMinute: 200, error: 0.2 }), "event"))).toEqual(["drift"]);
  });
});

describe("what is unknown", () => {
  it("is never judged: too little past, no calls, a thin hour", () => {
    const young = monitorWorld(aMonitor(), 1);
    young.learn(48, steady(ERROR_3));
    expect(kinds(young.detector(600, steady({ callsPerMinute: 200, error: 0.5 })))).toEqual([]);
    expect(young.engine().readings()).toMatchObject([{ state: "learning", expected: null, limit: null, logE: null }]);

    const thin = monitorWorld(aMonitor(), 1);
    thin.learn(14 * 24, steady({ callsPerMinute: 0.1, error: 0 }));
    expect(kinds(thin.detector(60, steady({ callsPerMinute: 5, error: 0.5 })))).toEqual([]);
    expect(thin.engine().readings()).toMatchObject([{ state: "thin" }]);

    const silent = learned(1);
    expect(kinds(silent.detector(120, steady({ callsPerMinute: 0, error: 0 })))).toEqual([]);
    expect(silent.engine().readings()).toMatchObject([{ state: "silent", seen: null, n: 0 }]);
  });

  it("correlated calls count for less", () => {
    const world = monitorWorld(aMonitor(), 3);
    world.learn(28 * 24, steady(ERROR_3));
    const effect = { from: world.now(), to: world.now() + MINUTE, samples: [], designEffects: { error: 50 } };
    world.engine().step(effect);
    expect(kinds(world.detector(30, steady({ callsPerMinute: 200, error: 0.06 })))).toEqual([]);
  });
});

describe("who answers", () => {
  const nature = { ...ERROR_3, model: "gpt-4o-2024-08-06", fingerprint: "fp_1", prompt: "41" };

  it("another model under the same name is told at once, and named by what drifts with it", () => {
    const world = learned(21, {}, nature);
    const other = { ...nature, model: "gpt-4o-2024-11-20", error: 0.08 };
    const [told, drift] = world.detector(30, steady(other));
    expect(told).toMatchObject({
      kind: "model-changed",
      change: { identity: "response_model", before: "gpt-4o-2024-08-06", after: "gpt-4o-2024-11-20" },
    });
    expect(drift).toMatchObject({ kind: "drift", drift: { changed: [{ after: "gpt-4o-2024-11-20" }] } });
  });

  it("a new prompt version alarms nobody, and explains what drifts", () => {
    const world = learned(22, {}, nature);
    expect(kinds(world.detector(600, steady({ ...nature, prompt: "42" })))).toEqual([]);
    const drift = driftIn(world.detector(60, steady({ ...nature, prompt: "42", error: 0.1 }), "event"));
    expect(drift.changed).toMatchObject([{ identity: "prompt_version", before: "41", after: "42" }]);
  });

  it("two fingerprints that take turns are no change", () => {
    const turns = (at: number): Nature => ({ ...nature, fingerprint: `fp_${Math.floor(at / MINUTE) % 2}` });
    const world = monitorWorld(aMonitor(), 23);
    world.learn(24 * 7, steady({ ...nature, fingerprint: "fp_0" }));
    world.learn(24, (at) => ({ ...nature, fingerprint: `fp_${Math.floor(at / HOUR) % 2}` }));
    expect(kinds(world.detector(300, turns))).toEqual([]);
  });
});

test("an engine that goes on from what it stored is the same, to the last bit", () => {
  const parts = { signals: [ERRORS, TOKENS, LATENCY_P95], by: ["model"] as const };
  const nature = (at: number): Nature => ({
    callsPerMinute: 50,
    error: at > Date.UTC(2026, 0, 20) ? 0.1 : 0.03,
    tokens: [200, 0.6],
    latency: [800, 0.5],
    model: "m1",
    series: "model=a",
  });
  const run = (restarts: boolean): { readonly events: readonly MonitorEvent[]; readonly state: string } => {
    const world = monitorWorld(aMonitor(parts), 31);
    world.learn(15 * 24, nature);
    const events: MonitorEvent[] = [];
    for (let i = 0; i < 30; i++) {
      if (restarts) world.restart();
      events.push(...world.detector(17, nature));
    }
    return { events, state: JSON.stringify(world.engine().state()) };
  };
  const whole = run(false);
  expect(kinds(whole.events)).toContain("drift");
  expect(run(true)).toEqual(whole);
});

test("series beyond the room are named, not watched", () => {
  const world = monitorWorld(aMonitor({ by: ["model"], maxSeries: 2 }), 41);
  for (const series of ["model=a", "model=b", "model=c"]) world.detector(1, steady({ ...ERROR_3, series }));
  expect(world.engine().state().ignored).toEqual(["model=c"]);
  expect(world.engine().readings()).toHaveLength(2);
});
