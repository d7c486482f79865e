import { describe, expect, it } from "vitest";
import { createDeferred } from "../../instrumentation/deferred.ts";

/** A deferral whose clock moves 1 ms per piece of work, and whose timers are run by hand. */
const setup = () => {
  let now = 0;
  const [later, soon, done] = [[] as (() => void)[], [] as (() => void)[], [] as number[]];
  const { defer, runNow } = createDeferred(
    { delayMs: 50, sliceMs: 2, maxChars: 100 },
    {
      later: (fn) => void later.push(fn),
      soon: (fn) => void soon.push(fn),
      tick: () => now,
    },
  );
  const work = (number: number) => ({
    run: () => {
      now += 1;
      done.push(number);
    },
  });
  return { later, soon, done, defer, runNow, work };
};

describe("deferred work", () => {
  it("is collected, and done in slices between which the app has its turn", () => {
    const { later, soon, done, defer, work } = setup();
    for (const number of [1, 2, 3]) defer(work(number), 1);
    expect([later.length, soon.length, done]).toEqual([1, 0, []]);
    later.shift()?.();
    expect([soon.length, done]).toEqual([1, [1, 2]]);
    soon.shift()?.();
    expect([soon.length, done]).toEqual([0, [1, 2, 3]]);
  });

  it("is done at once, whole and in order, when the process ends, and not again", () => {
    const { later, done, defer, runNow, work } = setup();
    for (const number of [1, 2, 3, 4, 5]) defer(work(number), 1);
    runNow();
    runNow();
    later.shift()?.();
    expect(done).toEqual([1, 2, 3, 4, 5]);
  });

  it("does not wait once much is kept in memory", () => {
    const { later, soon, done, defer, work } = setup();
    defer(work(1), 60);
    expect(soon).toHaveLength(0);
    defer(work(2), 60);
    soon.shift()?.();
    later.shift()?.();
    expect(done).toEqual([1, 2]);
    defer(work(3), 1);
    expect([later.length, soon.length]).toEqual([1, 0]);
  });

  it("goes on after a piece that throws", () => {
    const { later, done, defer, work } = setup();
    const run = () => {
      throw new Error("no");
    };
    defer({ run }, 1);
    defer(work(2), 1);
    const { write } = process.stderr;
    process.stderr.write = () => true;
    try {
      later.shift()?.();
    } finally {
      process.stderr.write = write;
      Reflect.deleteProperty(globalThis, Symbol.for("leeway.told"));
    }
    expect(done).toEqual([2]);
  });
});
