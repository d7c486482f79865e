import { describe, expect, it } from "vitest";
import { RETRY_DEFAULTS, retryDelay } from "../../alerts/retry-delay.ts";

const delay = (attempt: number, askedMs: number | null = null, key = "k"): number =>
  retryDelay(RETRY_DEFAULTS, key, attempt, askedMs);

describe("the delay before the next try", () => {
  it.each([
    [1, 1_000, 2_000],
    [2, 2_000, 4_000],
    [5, 16_000, 32_000],
    [20, 150_000, 300_000],
    [5_000, 150_000, 300_000],
  ])("after try %i lies between %i and %i ms", (attempt, least, most) => {
    for (let i = 0; i < 200; i += 1) {
      expect(delay(attempt, null, `key ${i}`)).toBeGreaterThanOrEqual(least);
      expect(delay(attempt, null, `key ${i}`)).toBeLessThanOrEqual(most);
    }
  });

  it("is the same on every replica and differs between notices", () => {
    expect(delay(3)).toBe(delay(3));
    expect(new Set(Array.from({ length: 50 }, (_, i) => delay(3, null, `k${i}`))).size).toBeGreaterThan(40);
  });

  it("is never shorter than what the receiver asked for, and no receiver can ask for days", () => {
    expect(delay(1, 30_000)).toBe(30_000);
    expect(delay(1, 10)).toBeGreaterThanOrEqual(1_000);
    expect(delay(1, 9e12)).toBe(RETRY_DEFAULTS.maxAskedMs);
  });
});
