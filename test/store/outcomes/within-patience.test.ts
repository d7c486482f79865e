import { describe, expect, it } from "vitest";
import { withinPatience } from "../../../store/outcomes/within-patience.ts";

const HOUR = 3_600_000;

describe("work with patience", () => {
  it("is waited for while it is quick", async () => {
    const done: string[] = [];
    const work = withinPatience(async (name: string) => void done.push(name), HOUR, { onFailure: () => {} });
    await work("a");
    await work("b");
    expect(done).toEqual(["a", "b"]);
  });

  it("is left alone when it takes too long, and not started a second time beside itself", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    let started = 0;
    const slow = async (): Promise<void> => {
      started += 1;
      await promise;
    };
    const work = withinPatience(slow, 1, { onFailure: () => {} });
    await work();
    await work();
    expect(started).toBe(1);
    resolve();
    await promise;
    await new Promise((resolved) => setImmediate(resolved));
    await work();
    expect(started).toBe(2);
  });

  it("does not fail whoever waits for it, and is tried again", async () => {
    const failures: unknown[] = [];
    let tries = 0;
    const work = withinPatience(
      async () => {
        tries += 1;
        if (tries === 1) throw new Error("the store is busy");
      },
      HOUR,
      { onFailure: (error) => void failures.push(error) },
    );
    await work();
    await work();
    expect([tries, failures]).toEqual([2, [new Error("the store is busy")]]);
  });
});
