import { describe, expect, it } from "vitest";
import { createTickDetector } from "../../../agent/tick-detector.ts";
import { type MigrationState, NOT_STARTED } from "../../../lifecycle/state.ts";
import { documentText, migrationOf } from "../config/documents.ts";
import { callsInTicks } from "./calls-in-ticks.ts";

const migration = migrationOf(documentText());
const SETTINGS = { tickMs: 5_000, settleMs: 2_000 };
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
const T0 = Date.UTC(2026, 10, 2, 3);
const STATE: MigrationState = { ...NOT_STARTED, hash: "h", since: T0 };

const world = () => {
  const ticks = callsInTicks();
  const create = () =>
    createTickDetector(
      () => migration,
      SETTINGS,
      ticks.store,
      () => 0,
    );
  let detector = create();
  let time = T0;
  const seen = () => detector.latest()?.verdicts[0]?.evidence.n.canary ?? 0;
  /** Time passes with ten canary calls a second, judged each second by a clock that is off by `byMs`. */
  const pass = async (ms: number, byMs = 0, failed = false): Promise<void> => {
    for (const end = time + ms; time < end; ) {
      time += SECOND;
      for (let i = 0; i < 10; i++) ticks.call(time - SECOND + i * 100, failed);
      await detector.catchUp(STATE, time + byMs);
    }
  };
  return {
    ticks,
    pass,
    seen,
    detector: () => detector,
    restart: () => {
      detector = create();
    },
    time: () => time,
  };
};

const JUMPS = [
  ["fifteen seconds", 15 * SECOND],
  ["ten minutes", 10 * MINUTE],
  ["a day", DAY],
] as const;

describe("ticks that were folded by a clock that was ahead", () => {
  it.each(JUMPS)("by %s do not keep the calls of their time from being judged when it went back", async (_n, byMs) => {
    const { ticks, pass, seen, detector, time } = world();
    await pass(2 * MINUTE);
    await pass(15 * SECOND, byMs);
    const before = seen();
    await pass(2 * MINUTE);
    // All but the newest ten seconds: those of a tick that has not settled.
    expect(ticks.calls() - seen()).toBeLessThanOrEqual(byMs <= MINUTE ? 250 : 100);
    expect(seen()).toBeGreaterThan(before);
    expect(detector().lastTick()).toBeLessThanOrEqual(time() + 15 * SECOND);
  });

  it.each(JUMPS)("by %s do not blind a process that starts afterwards", async (_name, byMs) => {
    const { ticks, pass, seen, restart, detector } = world();
    await pass(2 * MINUTE);
    await pass(15 * SECOND, byMs);
    restart();
    await pass(2 * MINUTE);
    expect(ticks.calls() - seen()).toBeLessThanOrEqual(byMs <= MINUTE ? 250 : 100);
    restart();
    await pass(MINUTE, 0, true);
    expect(detector().latest()?.verdicts[0]).toMatchObject({ outcome: "breach" });
  });

  it("are taken in when their time has come, each call once", async () => {
    const { ticks, pass, seen, restart } = world();
    await pass(2 * MINUTE);
    await pass(15 * SECOND, 3 * MINUTE);
    await pass(5 * MINUTE);
    expect(ticks.calls() - seen()).toBeLessThanOrEqual(100);
    expect(seen()).toBeLessThanOrEqual(ticks.calls());
    const before = seen();
    restart();
    await pass(5 * SECOND);
    expect(seen()).toBeGreaterThanOrEqual(before);
    expect(seen()).toBeLessThanOrEqual(ticks.calls());
  });

  it("may be another agent's that is a little early: those count at once", async () => {
    const { ticks, pass, detector, time } = world();
    await pass(MINUTE);
    const early = createTickDetector(
      () => migration,
      SETTINGS,
      ticks.store,
      () => 0,
    );
    await early.catchUp(STATE, time() + 20 * SECOND);
    await pass(5 * SECOND);
    expect(detector().lastTick()).toBeGreaterThan(time());
  });
});

describe("a clock that was set", () => {
  it("is told by every tick of that time", async () => {
    const ticks = callsInTicks();
    let stepMs: number | null = null;
    const detector = createTickDetector(
      () => migration,
      { ...SETTINGS, clockStep: () => stepMs },
      ticks.store,
      () => 0,
    );
    await detector.catchUp(STATE, T0 + 7_000);
    expect([...ticks.steps]).toEqual([]);
    stepMs = -600_000;
    await detector.catchUp(STATE, T0 + 12_000);
    expect([...ticks.steps]).toEqual([-600_000]);
  });
});
