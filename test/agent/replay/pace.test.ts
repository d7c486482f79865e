import { describe, expect, it } from "vitest";
import { createPace } from "../../../agent/replay/pace.ts";

/** A clock that goes from one wake-up to the next, so that hours take no time. */
const createClock = () => {
  let at = 0;
  const waiting: { readonly due: number; readonly wake: () => void }[] = [];
  return {
    now: () => at,
    sleep: (ms: number) =>
      new Promise<void>((wake) => {
        waiting.push({ due: at + ms, wake });
      }),
    /** Wakes whoever is next, once everybody waits. */
    run: async (until: number) => {
      for (;;) {
        for (let i = 0; i < 100; i += 1) await Promise.resolve();
        waiting.sort((a, b) => a.due - b.due);
        const next = waiting[0];
        if (next === undefined || next.due > until) return;
        waiting.shift();
        at = Math.max(at, next.due);
        next.wake();
      }
    },
  };
};

interface Limit {
  /** Answers a second, and as many at once. */
  readonly perSecond: number;
  readonly burst: number;
  /** The wait that a refusal asks for, ms; null = it asks for none. */
  readonly waitMs: number | null;
  readonly latencyMs: number;
}

/** Answers in an hour of simulated time of 16 who ask a token bucket. */
const answersOf = async ({ perSecond, burst, waitMs, latencyMs }: Limit, seconds: number) => {
  const clock = createClock();
  const pace = createPace(clock, null);
  const ending = new AbortController();
  let [tokens, filledAt, answered, refused] = [burst, 0, 0, 0];
  const ask = (): boolean => {
    tokens = Math.min(burst, tokens + ((clock.now() - filledAt) / 1000) * perSecond);
    filledAt = clock.now();
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
  const work = async (): Promise<void> => {
    while (await pace.turn(ending.signal)) {
      const askedAt = clock.now();
      const isTaken = ask();
      await clock.sleep(latencyMs);
      if (isTaken) {
        answered += 1;
        pace.answered();
      } else {
        refused += 1;
        pace.refused(askedAt, waitMs);
      }
    }
  };
  for (let i = 0; i < 16; i += 1) void work();
  await clock.run(seconds * 1000);
  ending.abort();
  return { answered, refused };
};

describe("a provider that takes only so many questions", () => {
  it.each<[string, Limit, number]>([
    ["20 a second, without a word on when", { perSecond: 20, burst: 20, waitMs: null, latencyMs: 30 }, 300],
    ["20 a second, in a second again", { perSecond: 20, burst: 20, waitMs: 1000, latencyMs: 30 }, 300],
    ["2 a second after a burst of 60", { perSecond: 2, burst: 60, waitMs: 500, latencyMs: 200 }, 900],
    ["200 a second", { perSecond: 200, burst: 50, waitMs: 100, latencyMs: 20 }, 120],
    ["one a second", { perSecond: 1, burst: 1, waitMs: 1000, latencyMs: 50 }, 900],
  ])("%s, is asked nearly as much as it takes", async (_what, limit, seconds) => {
    const { answered, refused } = await answersOf(limit, seconds);
    const possible = limit.perSecond * seconds;
    expect(answered / possible).toBeGreaterThan(0.85);
    // A refusal costs nothing but manners.
    expect(refused).toBeLessThan(0.1 * possible + 60);
  });

  it("is not slowed down while it refuses nothing", async () => {
    const { answered, refused } = await answersOf({ perSecond: 1e6, burst: 1e6, waitMs: null, latencyMs: 100 }, 10);
    expect({ answered: answered >= 1580, refused }).toEqual({ answered: true, refused: 0 });
  });
});

describe("a pace", () => {
  it("keeps the rate it is given, from the first question on", async () => {
    const clock = createClock();
    const pace = createPace(clock, 4);
    const ending = new AbortController();
    let asked = 0;
    void (async () => {
      while (await pace.turn(ending.signal)) asked += 1;
    })();
    await clock.run(10_000);
    ending.abort();
    expect(asked).toBeGreaterThanOrEqual(40);
    expect(asked).toBeLessThanOrEqual(42);
  });

  it("ends a wait when it is to end, and grants no turn then", async () => {
    const ending = new AbortController();
    ending.abort();
    expect(await createPace(createClock(), null).turn(ending.signal)).toBe(false);
  });

  it("waits as long as it is asked to, an hour at most", async () => {
    const clock = createClock();
    const pace = createPace(clock, null);
    pace.refused(0, 7 * 3_600_000);
    let granted = false;
    void pace.turn(new AbortController().signal).then(() => {
      granted = true;
    });
    await clock.run(3_599_000);
    expect(granted).toBe(false);
    await clock.run(3_700_000);
    expect(granted).toBe(true);
  });
});
