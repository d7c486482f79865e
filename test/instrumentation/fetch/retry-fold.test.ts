import { describe, expect, it } from "vitest";
import { readAttemptHeaders } from "../../../instrumentation/fetch/attempt-headers.ts";
import { NO_RETRIES } from "../../../instrumentation/fetch/retries-so-far.ts";
import {
  type AttemptIdentity,
  type CallOrigin,
  createRetryFold,
  type FailedCall,
} from "../../../instrumentation/fetch/retry-fold.ts";
import type { RetryHabit } from "../../../instrumentation/fetch/retry-habit.ts";

const habitOf = (name: string, value: string): RetryHabit => {
  const habit = readAttemptHeaders(new Headers({ [name]: value })).habit;
  if (habit === null) throw new Error(`no SDK is known by ${name}: ${value}`);
  return habit;
};
const COUNTED = habitOf("x-stainless-retry-count", "0");
const AI_SDK = habitOf("user-agent", "ai/7.0.173 ai-sdk/openai/4.0.118 runtime/node.js/24");
const COHERE = habitOf("user-agent", "cohere-ai/8.1.0");

const identity = (attempt: number, more: Partial<AttemptIdentity> = {}): AttemptIdentity => ({
  ...{ habit: COUNTED, attempt, at: 0, url: "https://x.test/chat/completions", body: "{}", idempotencyKey: "" },
  ...{ givenHeaders: null, scope: undefined, ...more },
});
const origin = (startTick: number): CallOrigin => ({
  ...{ startedAt: startTick, startTick, parent: null },
  context: { cohort: null, flag: null, conversation: null, prompt: null, segments: {} },
});

const failedAt = (at: number, more: Partial<FailedCall> = {}): FailedCall => ({
  ...{ origin: origin(at), retries: NO_RETRIES, isThrottled: false, askedMs: null },
  ...more,
});

/** A fold whose timers run when told. */
const setup = () => {
  const timers = new Map<() => void, number>();
  const fold = createRetryFold((fn, ms) => {
    timers.set(fn, ms);
    return () => void timers.delete(fn);
  });
  const published: number[] = [];
  const hold = (at: number, who: AttemptIdentity, shortestMs = 0, longestMs = 1500) =>
    fold.hold(who, failedAt(at), { shortestMs, longestMs }, () => void published.push(at));
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
    expect(fold.take(identity(1))?.origin.startTick).toBe(1);
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
    expect([identity(1), identity(1), identity(1)].map((next) => fold.take(next)?.origin.startTick)).toEqual([
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
    expect(large.fold.take(identity(1, { body }))?.origin.startTick).toBe(2);
  });
});

describe("the fold of retries that an SDK does not number", () => {
  const headers = {};
  /** Of an attempt that failed at 10 000 and whose SDK asks again between 2 and 2.25 s later. */
  const after = (ms: number, more: Partial<AttemptIdentity>) => {
    const world = setup();
    world.hold(1, identity(0, { at: 10_000, ...more }), 1995, 2250);
    return { ...world, next: identity(0, { at: 10_000 + ms, ...more }) };
  };

  it("knows a retry by the headers object that is sent again, and counts for the SDK", () => {
    const { fold, hold, published, next } = after(2000, { habit: COHERE, givenHeaders: headers });
    expect(fold.take(next)).toMatchObject({ attempt: 0, origin: { startTick: 1 } });
    hold(1, { ...next, attempt: 1 }, 1995, 2250);
    expect(fold.take({ ...next, at: next.at + 2000 })).toMatchObject({ attempt: 1, origin: { startTick: 1 } });
    expect(published).toEqual([]);
  });

  it.each([
    ["other headers of equal content", { givenHeaders: {} }],
    ["no headers", { givenHeaders: null }],
    ["another SDK", { habit: AI_SDK }],
    ["the same headers at once: a loop of the app over one object", { at: 10_001 }],
  ])("takes the same question with %s for another call", (_name, more) => {
    const { fold, published, next } = after(2000, { habit: COHERE, givenHeaders: headers });
    expect(fold.take({ ...next, ...more })).toBeNull();
    fold.release();
    expect(published).toEqual([1]);
  });

  it("knows a retry by its moment", () => {
    const { fold, published, next } = after(2001, { habit: AI_SDK });
    expect(fold.take(next)).toMatchObject({ attempt: 0, origin: { startTick: 1 } });
    fold.release();
    expect(published).toEqual([]);
  });

  it.each([
    ["asked by the app at once", 1, {}],
    ["asked by the app after a pause of its own", 1000, {}],
    ["asked for somebody else", 2001, { scope: {} }],
    ["not the same", 2001, { body: '{"a":1}' }],
  ])("never takes for a retry what is %s", (_name, ms, more) => {
    const { fold, published, next } = after(ms, { habit: AI_SDK });
    expect(fold.take({ ...next, ...more })).toBeNull();
    fold.release();
    expect(published).toEqual([1]);
  });

  it("gives up on the moment once the app has asked the same by itself: all of it is told", () => {
    const { fold, published, next } = after(700, { habit: AI_SDK });
    expect(fold.take(next)).toBeNull();
    expect(published).toEqual([1]);
    expect(fold.take({ ...next, at: 12_001 })).toBeNull();
  });
});

it("counts what is lost between the attempts of a call, from each failure to the next attempt", () => {
  const { fold } = setup();
  const wait = { shortestMs: 0, longestMs: 1500 };
  fold.hold(identity(0, { at: 100 }), failedAt(1, { isThrottled: true, askedMs: 400 }), wait, () => {});
  const second = fold.take(identity(1, { at: 500 }));
  expect(second?.retries).toEqual({ waitMs: 400, throttled: 1, kept: true });
  const retries = second?.retries ?? NO_RETRIES;
  fold.hold(identity(1, { at: 600 }), failedAt(1, { retries, isThrottled: true, askedMs: 5000 }), wait, () => {});
  expect(fold.take(identity(2, { at: 700 }))?.retries).toEqual({ waitMs: 500, throttled: 2, kept: false });
});
