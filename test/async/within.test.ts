import { describe, expect, it } from "vitest";
import { within } from "../../async/within.ts";
import { withinOr } from "../../async/within-or.ts";
import { withinOrAbort } from "../../async/within-or-abort.ts";

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);
const late = (): Error => new Error("late");

describe("a deadline", () => {
  it("hands over an answer that comes in time", async () => {
    expect(await withinOr(10_000, Promise.resolve(1), 2)).toBe(1);
    expect(await within(10_000, Promise.resolve(1), late)).toBe(1);
    expect(await withinOrAbort(10_000, async () => 1, 2)).toBe(1);
  });

  it("falls back, rejects, or falls back and aborts, as it is asked to", async () => {
    expect(await withinOr(1, never(), 2)).toBe(2);
    await expect(within(1, never(), late)).rejects.toThrow("late");
    let seen: AbortSignal | undefined;
    const work = (signal: AbortSignal): Promise<number> => {
      seen = signal;
      return never();
    };
    expect(await withinOrAbort(1, work, 2)).toBe(2);
    expect(seen?.aborted).toBe(true);
  });

  it("falls back even where the aborted work rejects at that moment", async () => {
    const work = (signal: AbortSignal): Promise<number> =>
      new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))));
    expect(await withinOrAbort(1, work, 2)).toBe(2);
  });

  it("leaves the signal of work that ended in time alone", async () => {
    let seen: AbortSignal | undefined;
    await withinOrAbort(
      10_000,
      async (signal) => {
        seen = signal;
      },
      2,
    );
    expect(seen?.aborted).toBe(false);
  });

  it("rejects as the answer does", async () => {
    const failed = (): Promise<number> => Promise.reject(new Error("failed"));
    await expect(withinOr(10_000, failed(), 2)).rejects.toThrow("failed");
    await expect(within(10_000, failed(), late)).rejects.toThrow("failed");
    await expect(withinOrAbort(10_000, failed, 2)).rejects.toThrow("failed");
    const throws = (): Promise<number> => {
      throw new Error("at once");
    };
    await expect(withinOrAbort(10_000, throws, 2)).rejects.toThrow("at once");
  });

  it("keeps no timer when it is over", async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = timers();
    await withinOr(10_000, Promise.resolve(1), 2);
    await within(10_000, Promise.resolve(1), late);
    await withinOrAbort(10_000, async () => 1, 2);
    expect(timers()).toBe(before);
  });
});
