import { describe, expect, it } from "vitest";
import { createTickDetector, type TickStore } from "../../agent/tick-detector.ts";
import type { Sample, Tick } from "../../core/sample.ts";
import { advancedTo } from "../../lifecycle/moves.ts";
import { type MigrationState, NOT_STARTED } from "../../lifecycle/state.ts";
import { audienceKey } from "../../store/fold/audience-sql.ts";
import type { FoldRequest } from "../../store/store.ts";
import { documentText, migrationOf } from "./config/documents.ts";

const migration = migrationOf(documentText());
const SETTINGS = { tickMs: 5_000, settleMs: 2_000 };
const state = (since: number, stage = 0): MigrationState => ({ ...NOT_STARTED, hash: "h", since, stage });

const ONE_CALL: Sample = { signal: "error", cohort: "canary", segment: "", n: 1, sum: 0, bins: {} };

/** A store in memory whose ticks all hold the same, and that can fail. */
const tickStore = (samples: readonly Sample[] = [ONE_CALL]) => {
  const requests: FoldRequest[] = [];
  const past: (readonly [from: number, to: number])[] = [];
  const ticks = new Map<number, Tick>();
  let failing = false;
  const store: TickStore = {
    foldTick: async (request) => {
      requests.push(request);
      if (failing) throw new Error("the store is down");
      const { from, to, stage, share } = request;
      const tick = ticks.get(to) ?? { migration: "m", from, to, stage, share, calls: [], samples };
      ticks.set(to, tick);
      return tick;
    },
    foldPast: async ({ from, to }) => {
      past.push([from, to]);
      if (failing) throw new Error("the store is down");
      return { migration: "m", from, to, stage: 0, share: 0, calls: [], samples };
    },
    async *readTicks(_name, since, until = Number.POSITIVE_INFINITY) {
      yield* [...ticks.values()].filter(({ to }) => to >= since && to <= until).sort((a, b) => a.to - b.to);
    },
    tickBeyond: async (_name, after) => {
      const ends = [...ticks.keys()].filter((to) => to > after);
      return ends.length === 0 ? null : Math.max(...ends);
    },
  };
  const cuts = (since = 0): readonly string[] =>
    requests.filter(({ from }) => from >= since).map(({ from, to }) => `${from / 1000}-${to / 1000}`);
  const fail = (is: boolean): void => {
    failing = is;
  };
  return { store, requests, past, cuts, fail };
};

const create = (world: ReturnType<typeof tickStore>, clock = (): number => 0) =>
  createTickDetector(() => migration, SETTINGS, world.store, clock);
const calls = (detector: ReturnType<typeof create>): number | undefined =>
  detector.latest()?.verdicts[0]?.evidence.n.canary;

describe("catching up with the ticks", () => {
  it("takes no longer than three seconds at a stretch, says that it is behind, and ends where one stretch would", async () => {
    const world = tickStore();
    const first = create(world);
    for (let now = 107_000; now <= 157_000; now += 5_000) await first.catchUp(state(100_000), now);
    let clock = 0;
    const slow = create(world, () => {
      clock += 1_000;
      return clock;
    });
    expect(await slow.catchUp(state(100_000), 157_000)).toMatchObject({ at: 115_000 });
    expect(slow.isBehind()).toBe(true);
    for (let rounds = 0; rounds < 5 && slow.isBehind(); rounds++) await slow.catchUp(state(100_000), 157_000);
    expect(slow.isBehind()).toBe(false);
    expect(slow.latest()).toEqual(first.latest());
  });

  it("waits for the settle delay, then judges each tick once", async () => {
    const world = tickStore();
    const detector = create(world);
    expect(await detector.catchUp(state(100_000), 106_999)).toBeNull();
    expect(await detector.catchUp(state(100_000), 107_000)).toMatchObject({ at: 105_000 });
    expect(await detector.catchUp(state(100_000), 111_999)).toBeNull();
    expect(await detector.catchUp(state(100_000), 112_000)).toMatchObject({ at: 110_000 });
    expect(world.cuts(100_000)).toEqual(["100-105", "105-110"]);
    expect(calls(detector)).toBe(2);
  });

  it("leaves what lies before the start, inside its tick, to a tick that nobody judges", async () => {
    const world = tickStore();
    const detector = create(world);
    await detector.catchUp(state(103_200), 107_000);
    expect(world.cuts(100_000)).toEqual(["100-105"]);
    expect(calls(detector)).toBe(1);
  });

  it("takes slices of a minute when it is far behind, and stops after two hours of them for a while", async () => {
    const world = tickStore();
    const detector = create(world);
    await detector.catchUp(state(0), 182_000);
    expect(world.cuts()).toEqual(["0-60", "60-120", "120-180"]);
    await detector.catchUp(state(0), 182_000 + 3 * 3_600_000);
    expect(detector.lastTick()).toBe(180_000 + 120 * 60_000);
    await detector.catchUp(state(0), 182_000 + 3 * 3_600_000);
    expect(detector.lastTick()).toBe(180_000 + 3 * 3_600_000);
  });

  it("asks with the stage the migration stands at", async () => {
    const world = tickStore();
    const detector = create(world);
    await detector.catchUp(state(0), 7_000);
    await detector.catchUp(state(0, 1), 12_000);
    await detector.catchUp(state(0, 2), 17_000);
    expect(world.requests.slice(-3).map(({ stage, share }) => [stage, share])).toEqual([
      [0, 0.05],
      [1, 0.5],
      [2, 0.5],
    ]);
  });

  it("goes on where a failing store stopped it, without losing or repeating a tick", async () => {
    const world = tickStore();
    const detector = create(world);
    await detector.catchUp(state(0), 7_000);
    world.fail(true);
    await expect(detector.catchUp(state(0), 12_000)).rejects.toThrow("the store is down");
    world.fail(false);
    await detector.catchUp(state(0), 17_000);
    expect(detector.lastTick()).toBe(15_000);
    expect(calls(detector)).toBe(2);
  });
});

const NOON = 43_200_000;
const HOUR = 3_600_000;

describe("what the baseline did before the start", () => {
  it("is folded as one hour, ten minutes at a time, once its last calls have come in", async () => {
    const world = tickStore();
    const detector = create(world);
    await detector.catchUp(state(NOON), NOON + 1_000);
    expect([world.past, world.requests]).toEqual([[], []]);
    await detector.catchUp(state(NOON), NOON + 7_000);
    expect(world.past.map(([from, to]) => [from - NOON, to - NOON])).toEqual([
      [-HOUR, -3_000_000],
      [-3_000_000, -2_400_000],
      [-2_400_000, -1_800_000],
      [-1_800_000, -1_200_000],
      [-1_200_000, -600_000],
      [-600_000, 0],
    ]);
    // The migration's own calls of that time are in a tick that nobody judges.
    expect(world.requests.map(({ from, to }) => [from - NOON, to - NOON])).toEqual([
      [-600_000, 0],
      [0, 5_000],
    ]);
  });

  it("is known when the first canary call comes, and counted by nobody", async () => {
    const p99 = "{ signal: latency_ms, quantile: 99, limit: 200ms, unit: absolute-increase, severity: rollback }";
    const slow = migrationOf(documentText({ rules: `rules: [${p99}]` }));
    const seen = (baseline: number) => {
      const latency = { signal: "latency_ms", segment: "" } as const;
      return [
        { ...latency, cohort: "baseline", n: baseline, sum: 0, bins: { 600: baseline } } as const,
        { ...latency, cohort: "canary", n: 20, sum: 0, bins: { 800: 20 } } as const,
      ];
    };
    const verdictAfter = async (baseline: number) => {
      const detector = createTickDetector(
        () => slow,
        SETTINGS,
        tickStore(seen(baseline)).store,
        () => 0,
      );
      await detector.catchUp(state(NOON), NOON + 7_000);
      return detector.latest()?.verdicts[0];
    };
    // Seven ticks of 300 calls are enough to place a p99, seven of 280 are not.
    expect(await verdictAfter(300)).toMatchObject({
      outcome: "breach",
      evidence: { n: { canary: 20, baseline: 300 } },
    });
    expect(await verdictAfter(280)).toMatchObject({ outcome: "undecided", why: "baseline-warming-up" });
  });

  it("is taken from the ticks that are stored, where it was judged before a re-arming", async () => {
    const world = tickStore();
    const detector = create(world);
    for (let now = NOON + 7_000; now <= NOON + 62_000; now += 5_000) await detector.catchUp(state(NOON), now);
    const before = world.requests.length;
    await detector.catchUp(state(NOON + 61_000), NOON + 67_000);
    expect(world.requests.slice(before).map(({ from, to }) => [from - NOON, to - NOON])).toEqual([[60_000, 65_000]]);
  });

  it("is learned from the beginning after a store that failed in the middle", async () => {
    const world = tickStore();
    const [whole, broken] = [create(tickStore()), create(world)];
    world.fail(true);
    await expect(broken.catchUp(state(NOON), NOON + 7_000)).rejects.toThrow("the store is down");
    world.fail(false);
    expect(await broken.catchUp(state(NOON), NOON + 7_000)).toEqual(await whole.catchUp(state(NOON), NOON + 7_000));
    expect(world.past.slice(1)).toHaveLength(6);
  });
});

describe("a judge that starts anew", () => {
  it("comes to the same judgement from the stored ticks, bit for bit", async () => {
    const world = tickStore();
    const first = create(world);
    for (let now = 7_000; now < 60_000; now += 5_000) await first.catchUp(state(0), now);
    const second = create(world);
    await second.catchUp(state(0), 57_000);
    expect(second.latest()).toEqual(first.latest());
    expect(second.lastTick()).toBe(first.lastTick());
  });

  it("forgets everything at a re-arming", async () => {
    const world = tickStore();
    const detector = create(world);
    await detector.catchUp(state(0), 32_000);
    expect(calls(detector)).toBe(1);
    expect(await detector.catchUp(state(33_000), 36_000)).toBeNull();
    expect(detector.latest()).toBeNull();
    expect(detector.lastTick()).toBeNull();
    await detector.catchUp(state(33_000), 42_000);
    expect(calls(detector)).toBe(1);
    expect(detector.lastTick()).toBe(40_000);
  });
});

describe("beside another agent", () => {
  it("takes over the ticks the other one closed, instead of skipping them", async () => {
    const world = tickStore();
    const [quick, slow] = [create(world), create(world)];
    await slow.catchUp(state(0), 7_000);
    for (let now = 7_000; now < 120_000; now += 5_000) await quick.catchUp(state(0), now);
    await slow.catchUp(state(0), 122_000);
    await quick.catchUp(state(0), 122_000);
    expect(calls(slow)).toBe(calls(quick));
    expect(slow.latest()).toEqual(quick.latest());
  });

  it("is not stopped by a tick that overlaps its own", async () => {
    const world = tickStore();
    const detector = create(world);
    await detector.catchUp(state(0), 7_000);
    await world.store.foldTick({ migration: "m", from: 0, to: 60_000, stage: 0, share: 0.05, segments: [] });
    await detector.catchUp(state(0), 62_000);
    expect(detector.lastTick()).toBe(60_000);
    expect(calls(detector)).toBe(2);
  });
});

describe("a stage for a segment", () => {
  const plan = migrationOf(
    documentText({
      segments: "segments: [tier]",
      stages: "stages: [{ canary: 5%, for: 1h, segment: { tier: internal } }, { canary: 5%, for: 1h }]",
    }),
  );
  const key = audienceKey({ segment: "tier", values: ["internal"] });
  const error = (n: number): Sample => ({ ...ONE_CALL, n });
  const calls = (n: number): Tick["calls"] => [{ cohort: "canary", segment: "", calls: n }];
  /** Seven canary calls in five seconds, two of which are of the segment. */
  const world = () => {
    const requests: FoldRequest[] = [];
    const stored: Tick[] = [];
    const tick = (from: number, to: number, stage: number): Tick => {
      const n = (to - from) / 5_000;
      return {
        ...{ migration: "m", from, to, stage, share: 0.05, calls: calls(7 * n), samples: [error(7 * n)] },
        parts: { [key]: { calls: calls(2 * n), samples: [error(2 * n)] } },
      };
    };
    const store: TickStore = {
      foldTick: async (request) => {
        requests.push(request);
        const folded = tick(request.from, request.to, request.stage);
        stored.push(folded);
        return folded;
      },
      foldPast: async ({ from, to }) => tick(from, to, 0),
      async *readTicks(_name, since, until = Number.POSITIVE_INFINITY) {
        yield* stored.filter(({ to }) => to >= since && to <= until);
      },
      tickBeyond: async () => null,
    };
    return {
      requests,
      start: () =>
        createTickDetector(
          () => plan,
          SETTINGS,
          store,
          () => 0,
        ),
    };
  };

  it("is judged by its own calls alone, and the next stage anew by everybody's", async () => {
    const { requests, start } = world();
    const detector = start();
    const first = await detector.catchUp(state(100_000), 112_000);
    expect(first).toMatchObject({ calls: { canary: 4 } });
    expect(first?.verdicts[0]?.evidence.n.canary).toBe(4);
    expect(requests.at(-1)).toMatchObject({ audience: { values: ["internal"] }, nextAudience: null });
    const widened = advancedTo(state(100_000), plan, 1, 112_000);
    const second = await detector.catchUp(widened, 122_000);
    expect(second?.verdicts[0]?.evidence.n.canary).toBe(14);
    expect(requests.at(-1)).toMatchObject({ audience: null, stage: 1 });
  });

  it("comes to the same after a restart", async () => {
    const { start } = world();
    const detector = start();
    await detector.catchUp(state(100_000), 107_000);
    await detector.catchUp(state(100_000), 112_000);
    expect(await start().catchUp(state(100_000), 112_000)).toEqual(detector.latest());
  });

  it("has no call of a tick that was folded without it, as by an earlier version", async () => {
    const store = tickStore([error(7)]);
    const detector = createTickDetector(
      () => plan,
      SETTINGS,
      store.store,
      () => 0,
    );
    expect(await detector.catchUp(state(100_000), 112_000)).toMatchObject({ calls: { canary: 0 } });
  });
});
