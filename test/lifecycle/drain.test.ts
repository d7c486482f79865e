import { describe, expect, it } from "vitest";
import { simulateRollback } from "../../bench/drain/simulate.ts";
import type { SenderCalls, SenderWindow, WindowCalls } from "../../core/sender-calls.ts";
import { type DrainInput, type DrainSettings, drainState } from "../../lifecycle/drain.ts";
import { type WindowSettings, windowsOf } from "../../lifecycle/sender-window.ts";

const FLIP = 1_000_000_000;
const second = 1_000;

/** A sender whose clock is right, whose calls take 100 ms and come in at once; 20 canary calls a second until the flip. */
const aSender = (fields: Partial<SenderCalls> = {}): SenderCalls => ({
  service: "app",
  instance: "pod-1",
  canaryCalls: 1_000,
  baselineCalls: 4_000,
  canaryDraws: fields.canaryCalls ?? 1_000,
  moments: 200,
  leastDelayMs: 0,
  mostDelayMs: 50,
  slowestMs: 100,
  firstStart: FLIP - 50 * second,
  lastCanaryStart: FLIP - 1,
  lastCanaryReceived: FLIP,
  longestGapMs: 500,
  lastStart: Number.POSITIVE_INFINITY,
  lastReceived: Number.POSITIVE_INFINITY,
  ...fields,
});

/** What was counted of it: calls of both arms before, and baseline calls since. */
const counted = (baselineCalls: number, fields: Partial<WindowCalls> = {}): WindowCalls => ({
  service: "app",
  instance: "pod-1",
  drawsBefore: 5_000,
  canaryAfterFlip: 0,
  baselineCalls,
  baselineDraws: baselineCalls,
  ...fields,
});

const state = (
  at: number,
  senders: readonly SenderCalls[] | null,
  calls: readonly WindowCalls[],
  rest: Partial<DrainInput & DrainSettings> = {},
) => drainState({ flippedAt: FLIP, now: FLIP + at * second, senders, calls, shareBefore: 0.2, ...rest }, rest);

describe("the time in which a sender's silence counts", () => {
  const times = { flippedAt: FLIP, now: FLIP + 60 * second, settleMs: 2_000, propagationMs: 0 };
  const only = (sender: SenderCalls, rest: Partial<WindowSettings> = {}): SenderWindow => {
    const [window] = windowsOf([sender], { ...times, ...rest });
    if (window === undefined) throw new Error("no window");
    return window;
  };
  it.each<[string, Partial<SenderCalls>, { flippedAt: number; until: number }]>([
    ["whose clock is right", {}, { flippedAt: 0, until: 58 }],
    ["whose slow calls take 5 s", { slowestMs: 5_000 }, { flippedAt: 0, until: 54.95 }],
    ["that sends batches every 30 s", { mostDelayMs: 30_000 }, { flippedAt: 0, until: 29.9 }],
    [
      "whose clock is 9 min behind, or whose calls come in so late",
      { leastDelayMs: 540_000, mostDelayMs: 540_050 },
      { flippedAt: -540, until: 60 - 540.15 },
    ],
    [
      "whose clock is a day ahead",
      { leastDelayMs: -86_400_000, mostDelayMs: -86_399_000 },
      { flippedAt: 86_400, until: 60 + 86_400 - 2 },
    ],
    [
      "whose clock is 10 min ahead and whose delays reach 60 s",
      { leastDelayMs: -600_000, mostDelayMs: -540_000 },
      { flippedAt: 600, until: 60 + 600 - 60.1 },
    ],
  ])("of one %s", (_what, fields, expected) => {
    const window = only(aSender({ ...fields, lastCanaryStart: null }));
    expect((window.flippedAt - FLIP) / second).toBeCloseTo(expected.flippedAt, 6);
    expect((window.until - FLIP) / second).toBeCloseTo(expected.until, 6);
    expect(window.since).toBe(window.flippedAt);
  });

  it("ends no later than what can be read of anybody: what came in may not be stored yet", () => {
    const others = aSender({ instance: "pod-2", lastReceived: FLIP + 30_000 });
    const windows = windowsOf([aSender({ lastReceived: FLIP + 20_000 }), others], times);
    expect(windows.map(({ until }) => until)).toEqual([FLIP + 28_000, FLIP + 28_000]);
  });

  it("begins anew at a canary call after the flip, and when clients have let go of the old flag", () => {
    const late = aSender({ lastCanaryStart: FLIP + 3_200.5 });
    expect(only(late).since).toBe(FLIP + 3_201);
    expect(only(late, { propagationMs: 10_000 }).since).toBe(FLIP + 10_000);
  });
});

describe("the proof that canary traffic stopped", () => {
  it("is a silence of each sender that would be a chance of one in two thousand", () => {
    // 2 x ((4999 - j) / (4999 + n - j)) over 999 canary calls falls below 0.001 / 2 between 37 and 38 baseline calls
    expect(state(10, [aSender()], [counted(37)])).toEqual({ state: "draining", waitingFor: ["pod-1"] });
    expect(state(10, [aSender()], [counted(38)])).toMatchObject({
      state: "proven",
      lastCanaryStart: null,
      provenAt: FLIP + 10 * second,
      exposure: { since: FLIP, until: FLIP + 8 * second, baselineCalls: 38, canaryCalls: 0, instances: [] },
      senders: [{ instance: "pod-1", until: FLIP + 8 * second, muteMs: 0, baselineCalls: 38 }],
    });
  });

  it("asks for more after every canary call since the flip, and of one whose share is smaller", () => {
    expect(state(10, [aSender()], [counted(50, { canaryAfterFlip: 10 })]).state).toBe("draining");
    expect(state(10, [aSender()], [counted(70, { canaryAfterFlip: 10 })]).state).toBe("proven");
    const rare = aSender({ canaryCalls: 250 });
    expect(state(10, [rare], [counted(150)]).state).toBe("draining");
    expect(state(10, [rare], [counted(170)]).state).toBe("proven");
  });

  it("counts the calls of one user, of one conversation or of one loop of an agent once in ten seconds", () => {
    expect(state(10, [aSender()], [counted(400, { baselineDraws: 20 })]).state).toBe("draining");
    const sticky = aSender({ canaryDraws: 20 });
    expect(state(10, [sticky], [counted(400, { drawsBefore: 100, baselineDraws: 40 })]).state).toBe("draining");
    expect(state(10, [sticky], [counted(400, { drawsBefore: 100, baselineDraws: 60 })]).state).toBe("proven");
  });

  it("is not given by the calls of other senders", () => {
    const other = aSender({ instance: "pod-2" });
    const calls = [counted(5_000), counted(10, { instance: "pod-2" })];
    expect(state(10, [aSender(), other], calls)).toEqual({ state: "draining", waitingFor: ["pod-2"] });
    // nor by those that never sent a canary call
    const baseline = aSender({ instance: "web", canaryCalls: 0, lastCanaryStart: null });
    expect(state(2.5, [aSender(), baseline], [counted(5), counted(9_000, { instance: "web" })]).state).toBe("draining");
  });

  it("is given by the silence of one that served the canary alone, when it would have been heard by now", () => {
    const canaryOnly = aSender({ instance: "canary-1", baselineCalls: 0, lastStart: FLIP - 1 });
    const baseline = aSender({ instance: "web", canaryCalls: 0, lastCanaryStart: null });
    const calls = [counted(0, { instance: "canary-1", drawsBefore: 1_000 }), counted(200, { instance: "web" })];
    expect(state(7, [canaryOnly, baseline], calls).state).toBe("draining");
    expect(state(8, [canaryOnly, baseline], calls)).toMatchObject({
      state: "proven",
      senders: [{ instance: "canary-1", baselineCalls: 0, muteMs: 6_000 }],
    });
    // an exporter that sends every 30 s, or one that was silent for so long before
    expect(state(8, [{ ...canaryOnly, moments: 20 }, baseline], calls).state).toBe("draining");
    expect(state(20, [{ ...canaryOnly, mostDelayMs: 30_000 }, baseline], calls).state).toBe("draining");
    expect(state(20, [{ ...canaryOnly, longestGapMs: 30_000 }, baseline], calls).state).toBe("draining");
    // and not while nothing comes in from anybody
    expect(state(40, [canaryOnly], [calls[0] ?? counted(0)]).state).toBe("draining");
  });

  it("is given by the silence of one that went away after a few baseline calls, not by one that has less to do", () => {
    const gone = aSender({ lastStart: FLIP + 1_000 });
    const calls = [counted(10), counted(500, { instance: "pod-2" })];
    const others = aSender({ instance: "pod-2" });
    expect(state(20, [aSender(), others], calls).state).toBe("draining");
    expect(state(20, [gone, others], calls)).toMatchObject({
      state: "proven",
      senders: [{ muteMs: 17_000 }, { muteMs: 0 }],
    });
  });

  it("waits ten minutes for one of whom too little is known to call its silence one", () => {
    const job = aSender({ instance: "job", canaryCalls: 2, moments: 2, baselineCalls: 0, longestGapMs: 5_000 });
    const once = { ...job, firstStart: FLIP - 5_000, lastStart: FLIP + 1_000, lastCanaryStart: FLIP + 1_000 };
    const mine = { instance: "job", drawsBefore: 2, canaryAfterFlip: 1 };
    const small = aSender({ canaryCalls: 60, baselineCalls: 240 });
    const at = (seconds: number) => state(seconds, [small, once], [counted(900), counted(0, mine)]);
    expect(at(300)).toEqual({ state: "draining", waitingFor: ["job"] });
    expect(at(610).state).toBe("proven");
  });

  it("goes by the configured share where no canary call is known", () => {
    const unknown = aSender({ canaryCalls: 0, lastCanaryStart: null });
    expect(state(10, [unknown], [counted(30)]).state).toBe("draining");
    expect(state(10, [unknown], [counted(40)]).state).toBe("proven");
  });

  it("takes many small senders as one, and does not wait for a stray call", () => {
    const small = Array.from({ length: 200 }, (_, i) => aSender({ instance: `job-${i}`, canaryCalls: 5 }));
    const calls = small.map(({ instance }) => counted(1, { instance, drawsBefore: 25 }));
    expect(state(10, small, calls).state).toBe("proven");
    const stray = aSender({ instance: "stray", canaryCalls: 1 });
    expect(state(10, [aSender(), stray], [counted(50)]).state).toBe("proven");
  });

  it("is given of processes that live for a call or two by those that come after them", () => {
    const shortLived = Array.from({ length: 500 }, (_, i) =>
      aSender({
        ...{ instance: `fn-${i}`, canaryCalls: i < 150 ? 1 : 0, baselineCalls: i < 150 ? 0 : 1, moments: 1 },
        ...(i < 150 ? { lastStart: FLIP - 1_000 } : { lastCanaryStart: null }),
        longestGapMs: 0,
      }),
    );
    const calls = (since: number): readonly WindowCalls[] =>
      shortLived.map(({ instance }, i) =>
        counted(i >= 500 - since ? 1 : 0, { instance, drawsBefore: i >= 500 - since ? 0 : 1 }),
      );
    expect(state(10, shortLived, calls(15)).state).toBe("draining");
    expect(state(10, shortLived, calls(60)).state).toBe("proven");
  });

  it("is never given by silence of everybody, nor by what cannot be read", () => {
    expect(state(10, [aSender()], [counted(0)]).state).toBe("draining");
    expect(state(10, [], []).state).toBe("draining");
    expect(state(10, null, []).state).toBe("draining");
  });
});

describe("a drain that is overdue", () => {
  it("names those who still send canary calls, also those without an instance", () => {
    const sending = aSender({ lastCanaryStart: FLIP + 59_000, lastCanaryReceived: FLIP + 59_150 });
    const unnamed = { ...sending, instance: "" };
    const silent = aSender({ instance: "pod-2" });
    const calls = [counted(0, { canaryAfterFlip: 40 }), counted(900, { instance: "pod-2" })];
    expect(state(60, [unnamed, sending, silent], calls)).toMatchObject({
      state: "overdue",
      reason: "canary-calls",
      instances: ["app (calls without service.instance.id)", "pod-1"],
      exposure: { canaryCalls: 40, lastCanaryStart: FLIP + 59_000 },
    });
  });

  it.each<[string, readonly SenderCalls[] | null, readonly WindowCalls[]]>([
    ["no-traffic", [aSender()], [counted(0)]],
    ["no-traffic", [aSender({ lastReceived: FLIP, lastStart: FLIP })], [counted(0)]],
    ["too-little-traffic", [aSender()], [counted(5)]],
    ["late-calls", [aSender({ mostDelayMs: 90_000 })], [counted(0)]],
    ["not-measured", null, []],
  ])("says when the reason is %s", (reason, senders, calls) => {
    expect(state(59.9, senders, calls).state).toBe("draining");
    expect(state(60, senders, calls)).toMatchObject({ state: "overdue", reason });
  });

  it("does not take late calls of before the flip for canary calls that go on", () => {
    const late = { leastDelayMs: 55_000, mostDelayMs: 55_000, lastCanaryStart: FLIP - 1_000 };
    const sender = aSender({ ...late, lastCanaryReceived: FLIP + 54_000 });
    expect(state(60, [sender], [counted(10, { canaryAfterFlip: 900 })])).toMatchObject({ reason: "late-calls" });
  });

  it("says that canary calls go on while the intake is behind by seconds", () => {
    const sending = aSender({
      lastCanaryStart: FLIP + 28_000,
      lastCanaryReceived: FLIP + 29_000,
      lastReceived: FLIP + 30_000,
    });
    expect(state(60, [sending], [counted(0, { canaryAfterFlip: 90 })])).toMatchObject({ reason: "canary-calls" });
    expect(state(300, [sending], [counted(0, { canaryAfterFlip: 90 })])).toMatchObject({ reason: "no-traffic" });
  });

  it("wakes people at once where one of many goes on, however far apart its batches come in", () => {
    const batches = { mostDelayMs: 60_000, lastCanaryStart: FLIP + 61_000, lastCanaryReceived: FLIP + 62_000 };
    const calls = [counted(9_000), counted(0, { instance: "pod-2", canaryAfterFlip: 9 })];
    const senders = [aSender(), aSender({ instance: "pod-2", ...batches })];
    expect(state(120, senders, calls)).toMatchObject({ reason: "canary-calls", instances: ["pod-2"] });
  });

  it("wakes nobody for a small sender while all together are proven silent, but not for ever", () => {
    const small = aSender({ instance: "pod-2", canaryCalls: 30, baselineCalls: 120 });
    const calls = [counted(5_000), counted(10, { instance: "pod-2", drawsBefore: 150 })];
    expect(state(300, [aSender(), small], calls)).toEqual({ state: "draining", waitingFor: ["pod-2"] });
    expect(state(600, [aSender(), small], calls)).toMatchObject({
      state: "overdue",
      reason: "too-little-traffic",
      instances: ["pod-2"],
    });
  });

  it("can still become proven, and comes when the settings say", () => {
    expect(state(300, [aSender()], [counted(200)]).state).toBe("proven");
    expect(state(30, [aSender()], [counted(0)], { overdueMs: 30_000 }).state).toBe("overdue");
  });
});

describe("a flip that did nothing (seeded simulation)", () => {
  const fleet = { rate: 40, share: 0.2, mixed: 3, canaryOnly: 0, durationMs: 500 } as const;
  const short = { beforeMs: 60_000, afterMs: 90_000 };
  it.each([
    ["fixed delays and wrong clocks", { ...fleet, delayMs: 30_000, skewMs: 600_000, delays: "fixed", stuck: "one" }],
    ["batches", { ...fleet, delayMs: 30_000, skewMs: 0, delays: "batches", stuck: "all" }],
    [
      "delays that jump at the flip",
      { ...fleet, delayMs: 30_000, skewMs: 0, delays: "fixed", jumps: true, stuck: "one" },
    ],
    [
      "an instance of the canary alone",
      { ...fleet, canaryOnly: 2, delayMs: 30_000, skewMs: 600_000, delays: "batches", stuck: "one" },
    ],
  ] as const)("is never taken for a drain in 25 runs: %s", (_what, world) => {
    for (let seed = 1; seed <= 25; seed++) expect(simulateRollback(world, seed, short).isFalse).toBe(false);
  });

  it("and one that took is proven soon at 100 calls a second", () => {
    const quick = { ...fleet, rate: 100, delayMs: 1_000, skewMs: 600_000, delays: "batches", stuck: "none" } as const;
    for (let seed = 1; seed <= 10; seed++) {
      expect(simulateRollback(quick, seed, short).provenMs).toBeLessThanOrEqual(15_000);
    }
  });
});
