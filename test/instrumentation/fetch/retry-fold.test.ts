import { describe, expect, it } from "vitest";
import { type AttemptIdentity, type CallOrigin, createRetryFold } from "../../../instrumentation/fetch/retry-fold.ts";

const identity = (attempt: number, more: Partial<AttemptIdentity> = {}): AttemptIdentity => ({
  ...{ attempt, url: "https://x.test/chat/completions", body: "{}", idempotencyKey: "", scope: undefined },
  ...more,
});
const origin = (startTick: number): CallOrigin => ({
  ...{ startedAt: startTick, startTick, parent: null },
  context: { cohort: null, flag: null, conversation: null, prompt: null, segments: {} },
});

/** A fold whose timers run when told. */
const setup = () => {
  const timers = new Map<() => void, number>();
  const fold = createRetryFold((fn, ms) => {
    timers.set(fn, ms);
    return () => void timers.delete(fn);
  });
  const published: number[] = [];
  const hold = (at: number, who: AttemptIdentity, waitMs = 1500) =>
    fold.hold(who, origin(at), waitMs, () => void published.push(at));
  const fire = () => {
    for (const fn of [...timers.keys()]) fn();
  };
  return { fold, timers, published, hold, fire };
};

describe("the fold of retries", () => {
  it("gives a retry the beginning of the attempt it repeats, which is never published", () => {
    const { fold, hold, published, timers, fire } = setup();
    hold(1, identity(0));
    expect([...timers.values()]).toEqual([1500]);
    expect(fold.take(identity(1))?.startTick).toBe(1);
    fire();
    fold.release();
    expect(published).toEqual([]);
    expect(timers.size).toBe(0);
    expect(fold.take(identity(1))).toBeNull();
  });

  it("publishes an attempt once when no retry comes", () => {
    const { fold, hold, published, fire } = setup();
    hold(1, identity(0));
    fire();
    fold.release();
    expect(published).toEqual([1]);
    expect(fold.take(identity(1))).toBeNull();
  });

  it.each([
    ["a first attempt", identity(0)],
    ["an attempt further on", identity(2)],
    ["another body", identity(1, { body: '{"a":1}' })],
    ["another URL", identity(1, { url: "https://y.test/chat/completions" })],
    ["another scope of the app", identity(1, { scope: {} })],
    ["another idempotency key", identity(1, { idempotencyKey: "k" })],
  ])("takes %s for another call", (_name, next) => {
    const { fold, hold, published } = setup();
    hold(1, identity(0));
    expect(fold.take(next)).toBeNull();
    fold.release();
    expect(published).toEqual([1]);
  });

  it("gives each of several identical calls one beginning, the oldest first", () => {
    const { fold, hold } = setup();
    hold(1, identity(0));
    hold(2, identity(0));
    expect([identity(1), identity(1), identity(1)].map((next) => fold.take(next)?.startTick)).toEqual([
      1,
      2,
      undefined,
    ]);
  });

  it("publishes the oldest when too many, or too large ones, wait", () => {
    const many = setup();
    for (let at = 0; at < 1005; at += 1) many.hold(at, identity(0));
    expect(many.published).toEqual([0, 1, 2, 3, 4]);
    const large = setup();
    const body = "x".repeat(10 * 1024 * 1024);
    large.hold(1, identity(0, { body }));
    large.hold(2, identity(0, { body }));
    expect(large.published).toEqual([1]);
    expect(large.fold.take(identity(1, { body }))?.startTick).toBe(2);
  });
});
