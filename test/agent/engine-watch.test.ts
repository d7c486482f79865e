import { describe, expect, it } from "vitest";
import { createEngineWatch, engineProblems } from "../../agent/engine-watch.ts";
import type { Notice } from "../../core/notice.ts";
import type { EngineHealth } from "../../store/embedded/engine-health.ts";

const MINUTE = 60_000;

const DOWN: EngineHealth = {
  restarts: 1,
  isConfined: true,
  down: { why: "store.port: 127.0.0.1:8123 is already in use", tries: 3 },
};

const world = () => {
  const clock = { wall: Date.UTC(2026, 10, 20, 2, 0), elapsed: 5 };
  const told: Notice[] = [];
  let health: EngineHealth | null = { restarts: 0, isConfined: true, down: null };
  const watch = createEngineWatch(2 * MINUTE, {
    engine: () => health,
    notifier: { notify: async (notice) => void told.push(notice) },
    now: () => clock.wall,
    elapsed: () => clock.elapsed,
    link: () => "http://127.0.0.1:4320/",
  });
  const after = async (minutes: number, next: EngineHealth | null): Promise<number> => {
    clock.elapsed += minutes * MINUTE;
    health = next;
    await watch.look();
    return told.length;
  };
  return { clock, told, after };
};

describe("the watch over the embedded engine", () => {
  it("pages once when it stays down for two minutes, with the reason", async () => {
    const { after, told } = world();
    expect([await after(1, DOWN), await after(1, DOWN), await after(1, DOWN)]).toEqual([0, 0, 1]);
    expect([await after(1, DOWN), await after(60, DOWN)]).toEqual([1, 1]);
    expect(told[0]).toMatchObject({
      type: "page",
      migration: "store",
      title: "Blind: the embedded engine is down",
      summary: expect.stringContaining("is already in use"),
      link: "http://127.0.0.1:4320/",
    });
  });

  it("says nothing of one that is back within that time, and pages anew for the next outage", async () => {
    const { after, told, clock } = world();
    await after(1, DOWN);
    await after(1, { restarts: 1, isConfined: true, down: null });
    expect(await after(1, DOWN)).toBe(0);
    await after(2, DOWN);
    await after(1, { restarts: 2, isConfined: true, down: null });
    clock.wall += MINUTE;
    await after(1, DOWN);
    await after(2, DOWN);
    expect(new Set(told.map(({ id }) => id)).size).toBe(2);
  });

  it("is not fooled by a jump of the clock", async () => {
    const { after, clock } = world();
    await after(1, DOWN);
    clock.wall += 24 * 60 * MINUTE;
    expect(await after(1, DOWN)).toBe(0);
    clock.wall -= 48 * 60 * MINUTE;
    expect(await after(1, DOWN)).toBe(1);
  });

  it("has nothing to say where the store is a server", async () => {
    const { after } = world();
    expect([await after(1, null), await after(10, null)]).toEqual([0, 0]);
    expect(engineProblems(null)).toEqual([]);
  });
});

describe("engineProblems", () => {
  it("names the reason and the tries", () => {
    expect(engineProblems({ restarts: 0, isConfined: true, down: null })).toEqual([]);
    expect(engineProblems(DOWN)).toEqual([
      "the embedded engine is down: store.port: 127.0.0.1:8123 is already in use; started 3 times in vain, and tried again",
    ]);
  });
});
