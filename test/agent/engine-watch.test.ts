import { describe, expect, it } from "vitest";
import { createEngineWatch, engineProblems } from "../../agent/engine-watch.ts";
import { AGENT_SUBJECT, type Notice } from "../../core/notice.ts";
import type { EngineHealth } from "../../store/embedded/engine-health.ts";

const MINUTE = 60_000;

const DOWN: EngineHealth = {
  restarts: 1,
  isConfined: true,
  down: { why: "store.port: 127.0.0.1:8123 is already in use", tries: 3 },
};

const UP: EngineHealth = { restarts: 0, isConfined: true, down: null };

/** A watch, beside what earlier runs told. */
const world = (earlier: readonly Notice[] = []) => {
  let isReadable = true;
  const clock = { wall: Date.UTC(2026, 10, 20, 2, 0), elapsed: 5 };
  const told: Notice[] = [];
  let health: EngineHealth | null = UP;
  const watch = createEngineWatch(2 * MINUTE, {
    engine: () => health,
    notifier: { notify: async (notice) => void told.push(notice) },
    now: () => clock.wall,
    elapsed: () => clock.elapsed,
    link: () => "http://127.0.0.1:4320/",
    readOwn: async () => {
      if (!isReadable) throw new Error("the store is down");
      return [...earlier, ...told].map((notice) => ({
        ...{
          id: `notice:${notice.id}`,
          at: notice.at,
          migration: AGENT_SUBJECT,
          by: "agent",
          incident: notice.incident,
        },
        event: { type: "notice", notice, channels: [] },
      }));
    },
  });
  const after = async (minutes: number, next: EngineHealth | null): Promise<number> => {
    clock.elapsed += minutes * MINUTE;
    health = next;
    await watch.look();
    return told.length;
  };
  const readable = (next: boolean): void => {
    isReadable = next;
  };
  return { clock, told, after, readable };
};

describe("the watch over the embedded engine", () => {
  it("pages once when it stays down for two minutes, with the reason", async () => {
    const { after, told } = world();
    expect([await after(1, DOWN), await after(1, DOWN), await after(1, DOWN)]).toEqual([0, 0, 1]);
    expect([await after(1, DOWN), await after(60, DOWN)]).toEqual([1, 1]);
    expect(told[0]).toMatchObject({
      type: "page",
      migration: "leeway:agent",
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
    expect(told.at(-1)).toMatchObject({ phase: "resolve", incident: told[0]?.incident, severity: "info" });
    clock.wall += MINUTE;
    await after(1, DOWN);
    await after(2, DOWN);
    expect(told.map(({ phase }) => phase)).toEqual(["open", "resolve", "open"]);
    expect(new Set(told.map(({ id }) => id)).size).toBe(3);
  });

  it("is not fooled by a jump of the clock", async () => {
    const { after, clock } = world();
    await after(1, DOWN);
    clock.wall += 24 * 60 * MINUTE;
    expect(await after(1, DOWN)).toBe(0);
    clock.wall -= 48 * 60 * MINUTE;
    expect(await after(1, DOWN)).toBe(1);
  });

  it("ends after a restart what was paged before it, once the ledger can be read, and nothing twice", async () => {
    const before = world();
    await before.after(1, DOWN);
    await before.after(2, DOWN);
    const { after, told, readable, clock } = world(before.told);
    readable(false);
    clock.wall += MINUTE;
    await after(1, DOWN);
    expect([await after(1, UP), await after(1, UP)]).toEqual([0, 0]);
    readable(true);
    expect([await after(1, UP), await after(1, UP)]).toEqual([1, 1]);
    expect(told[0]).toMatchObject({ phase: "resolve", incident: before.told[0]?.incident });
    const next = world([...before.told, ...told]);
    expect(await next.after(1, UP)).toBe(0);
  });

  it("ends its own outage and that of the run before it, each once", async () => {
    const before = world();
    await before.after(1, DOWN);
    await before.after(2, DOWN);
    const { after, told, clock } = world(before.told);
    clock.wall += MINUTE;
    await after(1, DOWN);
    await after(2, DOWN);
    await after(1, UP);
    expect(await after(1, UP)).toBe(3);
    expect(told.map(({ phase }) => phase)).toEqual(["open", "resolve", "resolve"]);
    expect(new Set(told.map(({ id }) => id)).size).toBe(3);
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
