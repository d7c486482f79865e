import { describe, expect, it } from "vitest";
import { createStoreClock } from "../../../agent/clock/store-clock.ts";

const T0 = Date.UTC(2026, 10, 2, 3);

describe("the store's clock", () => {
  it("is not spoken of before it was asked", () => {
    const clock = createStoreClock(
      async () => T0,
      () => T0,
    );
    expect([clock.skewMs(), clock.problem()]).toEqual([null, null]);
  });

  it.each([
    [4_000, null],
    [-4_000, null],
    [600_000, "the store's clock is 10 min ahead of the agent's"],
    [-86_400_000, "the store's clock is 24.0 h behind the agent's"],
  ])("that is off by %i ms is told as %s", async (skewMs, text) => {
    let now = T0;
    // The answer takes two seconds, and is given in the middle of them.
    const clock = createStoreClock(
      async () => {
        now += 2_000;
        return now - 1_000 + skewMs;
      },
      () => now,
    );
    await clock.look();
    expect(clock.skewMs()).toBe(skewMs);
    if (text === null) expect(clock.problem()).toBeNull();
    else expect(clock.problem()).toContain(text);
  });

  it("keeps what it knew when the store does not answer", async () => {
    let isDown = false;
    const clock = createStoreClock(
      () => (isDown ? Promise.reject(new Error("down")) : Promise.resolve(T0 + 60_000)),
      () => T0,
    );
    await clock.look();
    isDown = true;
    await expect(clock.look()).rejects.toThrow("down");
    expect(clock.skewMs()).toBe(60_000);
  });
});
