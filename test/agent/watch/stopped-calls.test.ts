import { describe, expect, it } from "vitest";
import { createStoppedCalls } from "../../../agent/watch/stopped-calls.ts";

const MINUTE = 60_000;
const T0 = Date.UTC(2026, 10, 20, 2, 0);

const seen = (newestEnd: number | null, calls: number) => ({ newestEnd, calls: { canary: 0, baseline: calls } });

describe("whether calls stopped", () => {
  it("is said after a quarter of an hour in which many were to be expected, however long it lasts", () => {
    const stopped = createStoppedCalls();
    expect(stopped.look(seen(T0, 120), T0)).toBe("");
    expect(stopped.look(seen(T0, 110), T0 + 14 * MINUTE)).toBeNull();
    const expected = /^no call of either arm since 2026-11-20T02:00:00Z, where about 30 were to be expected$/;
    expect(stopped.look(seen(T0, 90), T0 + 15 * MINUTE)).toMatch(expected);
    expect(stopped.look(seen(null, 0), T0 + 600 * MINUTE)).toMatch(/about 1200 were/);
    expect(stopped.look(seen(T0 + 601 * MINUTE, 1), T0 + 601 * MINUTE)).toBe("");
  });

  it("is not said of a service that has few calls, before as many are missing", () => {
    const stopped = createStoppedCalls();
    stopped.look(seen(T0, 10), T0);
    expect(stopped.look(seen(T0, 8), T0 + 50 * MINUTE)).toBeNull();
    expect(stopped.look(seen(null, 0), T0 + 119 * MINUTE)).toBeNull();
    expect(stopped.look(seen(null, 0), T0 + 120 * MINUTE)).toMatch(/about 20 were/);
  });

  it("is not known where no call was ever seen", () => {
    const stopped = createStoppedCalls();
    expect([stopped.look(seen(null, 0), T0), stopped.look(seen(null, 0), T0 + 600 * MINUTE)]).toEqual([null, null]);
  });

  it("is known to an agent that was started within the hour", () => {
    expect(createStoppedCalls().look(seen(T0, 60), T0 + 20 * MINUTE)).toMatch(/about 20 were/);
  });
});
