import { describe, expect, it } from "vitest";
import { createSteadyClock, HOLD_MS, PATIENCE_MS } from "../../../agent/clock/steady-clock.ts";

const T0 = Date.UTC(2026, 10, 2, 3);
const MINUTE = 60_000;
const DAY = 86_400_000;

/** A machine whose clock can be set, and the true time. */
const machine = () => {
  let [true_, set] = [T0, 0];
  const clock = createSteadyClock({ wall: () => true_ + set, monotonic: () => true_ - T0 + 17 });
  /** Time passes second by second, as rounds read it, with a call a second whose sender's clock is off by `senderMs`. */
  const pass = (ms: number, senderMs: number | null = null): void => {
    for (let passed = 0; passed < ms; passed += 1_000) {
      true_ += 1_000;
      clock.now();
      if (senderMs !== null) clock.heard(true_ + senderMs - 200);
    }
  };
  return {
    clock,
    pass,
    set: (byMs: number) => {
      set = byMs;
    },
    /** How far the agent's clock is off, ms. */
    error: () => clock.now() - true_,
  };
};

const STEPS = [
  ["two seconds ahead", 2_000],
  ["fifteen seconds ahead", 15_000],
  ["ten minutes ahead", 10 * MINUTE],
  ["a day ahead", DAY],
  ["fifteen seconds behind", -15_000],
  ["ten minutes behind", -10 * MINUTE],
  ["a day behind", -DAY],
] as const;

describe("the agent's clock", () => {
  it("follows the machine's as long as nobody sets it", () => {
    const world = machine();
    for (let drift = 0; drift < 5_000; drift += 10) {
      world.set(drift);
      world.pass(1_000);
      expect(world.error()).toBe(drift);
    }
    expect(world.clock.step()).toBeNull();
  });

  it.each(STEPS)("is not moved by a machine's clock that is set %s for fifteen seconds", (_name, byMs) => {
    const world = machine();
    world.pass(10_000);
    world.set(byMs);
    world.pass(15_000, 0);
    expect(world.error()).toBe(0);
    expect(world.clock.step()).toEqual({ at: T0 + 11_000, byMs, standing: "watched" });
    world.set(0);
    world.pass(MINUTE, 0);
    expect(world.error()).toBe(0);
    expect(world.clock.step()).toMatchObject({ byMs, standing: "passed" });
  });

  it.each(STEPS.filter(([, byMs]) => Math.abs(byMs) > MINUTE || byMs > 0))(
    "is not moved by one that stays set %s, as long as calls of other machines contradict it",
    (_name, byMs) => {
      const world = machine();
      world.set(byMs);
      // A call of the right time has to be impossible by the machine's clock: a machine a few seconds ahead is not.
      world.pass(5 * MINUTE, 0);
      const isDisproved = byMs < -1_000 || byMs > MINUTE;
      expect(world.error()).toBe(isDisproved ? 0 : byMs);
      expect(world.clock.step()).toMatchObject({ byMs, standing: isDisproved ? "held" : "followed" });
    },
  );

  it.each(STEPS)(
    "takes over what stays set %s when the calls agree, as after a sleep of the machine",
    (_name, byMs) => {
      const world = machine();
      world.set(byMs);
      world.pass(HOLD_MS - 2_000, byMs);
      expect(world.error()).toBe(0);
      world.pass(PATIENCE_MS, byMs);
      expect(world.error()).toBe(byMs);
      expect(world.clock.step()).toMatchObject({ byMs, standing: "followed" });
    },
  );

  it.each(STEPS)("takes over what stays set %s when no call says anything", (_name, byMs) => {
    const world = machine();
    world.set(byMs);
    world.pass(HOLD_MS + PATIENCE_MS);
    expect(world.error()).toBe(byMs);
  });

  it("stands still for a while rather than going back by seconds", () => {
    const world = machine();
    world.pass(10_000);
    world.set(-15_000);
    const seen: number[] = [];
    for (let i = 0; i < 90; i++) {
      world.pass(1_000);
      seen.push(world.clock.now());
    }
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(world.error()).toBe(-15_000);
  });

  it("waits anew when the clock is set again meanwhile", () => {
    const world = machine();
    for (const byMs of [600_000, -600_000, 300_000, DAY, -DAY, 5_000]) {
      world.set(byMs);
      world.pass(20_000);
      expect(world.error()).toBe(0);
    }
  });

  it("tells whole milliseconds, however finely time passes: the ledger keeps no more", () => {
    let true_ = T0;
    const clock = createSteadyClock({ wall: () => Math.floor(true_), monotonic: () => true_ - T0 + 17.123 });
    for (let i = 0; i < 1000; i++) {
      true_ += 0.37;
      expect(Number.isInteger(clock.now())).toBe(true);
    }
  });

  it("goes on by the monotonic clock where the machine has no time at all", () => {
    const world = machine();
    world.set(Number.NaN);
    world.pass(5 * MINUTE);
    expect(world.error()).toBe(0);
  });
});
