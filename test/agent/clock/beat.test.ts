import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Beat, startBeat } from "../../../agent/clock/beat.ts";

const T0 = Date.UTC(2026, 10, 2, 3);

describe("the beat", () => {
  let [elapsed, set] = [0, 0];
  let beat: Beat | null = null;
  let heard: (readonly number[])[] = [];

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    [elapsed, set, heard] = [300, 0, []];
    beat = startBeat(
      () => T0 + elapsed + set,
      (seconds) => void heard.push(seconds.map((second) => (second - T0) / 1000)),
    );
  });
  afterEach(() => {
    beat?.stop();
    vi.useRealTimers();
  });

  /** Lets time pass a tenth of a second at a time. */
  const pass = (ms: number): void => {
    for (const end = elapsed + ms; elapsed < end; ) {
      elapsed += 100;
      vi.advanceTimersByTime(100);
    }
  };

  it("comes when a second begins, once for each", () => {
    pass(4_000);
    expect(heard).toEqual([[1], [2], [3], [4]]);
  });

  it("hands over what passed while nothing ran", () => {
    elapsed = 3_900;
    vi.advanceTimersByTime(3_600);
    expect(heard).toEqual([[1, 2, 3]]);
  });

  it.each([
    ["a day back", -86_400_000],
    ["ten minutes back", -600_000],
    ["three seconds back", -3_000],
    ["three seconds ahead", 3_000],
    ["ten minutes ahead", 600_000],
    ["a day ahead", 86_400_000],
  ])("goes on at once when the clock is set %s", (_name, byMs) => {
    pass(2_000);
    set = byMs;
    heard = [];
    pass(3_000);
    // The first beat after the clock was set brings a second only where the clock went on.
    expect(heard.length).toBeGreaterThanOrEqual(2);
    expect(heard.at(-1)?.at(-1)).toBe(5 + byMs / 1000);
    expect(Math.max(...heard.map((seconds) => seconds.length))).toBeLessThanOrEqual(120);
  });

  it("ends when it is stopped", () => {
    pass(1_000);
    beat?.stop();
    pass(5_000);
    expect(heard).toEqual([[1]]);
  });
});
