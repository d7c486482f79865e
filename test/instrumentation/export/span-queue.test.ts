import { describe, expect, it } from "vitest";
import { deliver } from "../../../instrumentation/export/deliver.ts";
import { NO_COUNTS } from "../../../instrumentation/export/export-counts.ts";
import type { SendOutcome } from "../../../instrumentation/export/send-outcome.ts";
import { createSpanBuffer } from "../../../instrumentation/export/span-buffer.ts";
import { createSpanQueue, type QueueCounts, type QueueSettings } from "../../../instrumentation/export/span-queue.ts";

const SENT: SendOutcome = { outcome: "sent", rejected: 0 };
const DOWN: SendOutcome = { outcome: "retry", why: "ECONNREFUSED", retryAfterMs: null };
const REFUSED: SendOutcome = { outcome: "refused", why: "400" };
const { replayed: _replayed, ...QUIET } = NO_COUNTS;
const counts = (more: Partial<QueueCounts>, dropped: Partial<QueueCounts["dropped"]>): QueueCounts => ({
  ...{ ...QUIET, ...more },
  dropped: { ...QUIET.dropped, ...dropped },
});
const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, index) => from + index);

/** A queue of numbers on a fake clock; time only passes in `pass`. */
const setUp = (settings: Partial<QueueSettings> = {}) => {
  let time = 0;
  let timers: { readonly at: number; readonly fn: () => void }[] = [];
  const world = {
    answer: (_batch: readonly number[]): SendOutcome | Promise<SendOutcome> => SENT,
    received: [] as number[],
    batches: [] as number[],
    failures: [] as (string | null)[],
    errors: [] as unknown[],
    spool: null as number[][] | null,
  };
  const queue = createSpanQueue<number>(
    { maxQueue: 20_000, batchSize: 512, delayMs: 1000, minBackoffMs: 1000, maxBackoffMs: 8000, ...settings },
    {
      send: async (batch) => {
        world.batches.push(batch.length);
        const outcome = await world.answer(batch);
        if (outcome.outcome === "sent") world.received.push(...batch);
        return outcome;
      },
      tick: () => time,
      random: () => 0.5,
      later: (fn, ms) => {
        const timer = { at: time + ms, fn };
        timers.push(timer);
        return () => {
          timers = timers.filter((other) => other !== timer);
        };
      },
      spool: (batch) => {
        world.spool?.push([...batch]);
        return world.spool !== null;
      },
      onAttempt: (failure) => void world.failures.push(failure),
      onInternalError: (error) => void world.errors.push(error),
    },
  );
  const settle = async () => {
    for (let turn = 0; turn < 300; turn += 1) await Promise.resolve();
  };
  const pass = async (ms: number) => {
    const until = time + ms;
    for (;;) {
      await settle();
      const next = timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      time = next.at;
      timers = timers.filter((timer) => timer !== next);
      next.fn();
    }
    time = until;
  };
  return { queue, world, pass, settle };
};

describe("the span queue", () => {
  it("sends what waits after a second", async () => {
    const { queue, world, pass } = setUp();
    queue.add(1);
    queue.add(2);
    await pass(999);
    expect(world.received).toEqual([]);
    await pass(1);
    expect(world.received).toEqual([1, 2]);
    expect(queue.counts()).toEqual({ ...QUIET, made: 2, sent: 2 });
  });

  it("sends a full batch at once, and a burst of 10 000 without losing one", async () => {
    const { queue, world, settle } = setUp();
    for (const span of numbers(10_000)) queue.add(span);
    await settle();
    await settle();
    await queue.flush();
    expect(world.received).toEqual(numbers(10_000));
    expect(Math.max(...world.batches)).toBe(512);
  });

  it("keeps everything in order through an outage", async () => {
    const { queue, world, pass } = setUp();
    world.answer = () => DOWN;
    for (const span of numbers(600)) queue.add(span);
    await pass(60_000);
    for (const span of numbers(600, 600)) queue.add(span);
    await pass(60_000);
    expect(queue.counts()).toEqual({ ...QUIET, made: 1200 });
    world.answer = () => SENT;
    await pass(10_000);
    expect(world.received).toEqual(numbers(1200));
  });

  it("waits longer after every failure, up to a cap, and is quick again afterwards", async () => {
    const { queue, world, pass } = setUp();
    world.answer = () => DOWN;
    queue.add(1);
    await pass(1000);
    const attempts: number[] = [];
    for (let second = 1; second <= 40; second += 1) {
      const before = world.batches.length;
      await pass(1000);
      if (world.batches.length > before) attempts.push(second);
    }
    expect(attempts).toEqual([1, 3, 7, 15, 23, 31, 39]);
    world.answer = () => SENT;
    await pass(8000);
    queue.add(2);
    await pass(1000);
    expect(world.received).toEqual([1, 2]);
  });

  it("waits as long as the collector wishes", async () => {
    const { queue, world, pass } = setUp();
    world.answer = () => ({ outcome: "retry", why: "429", retryAfterMs: 5000 });
    queue.add(1);
    await pass(1000);
    await pass(4999);
    expect(world.batches).toHaveLength(1);
    await pass(1);
    expect(world.batches).toHaveLength(2);
  });

  it("drops the oldest, and counts them, when more wait than fit", async () => {
    const { queue, world, pass } = setUp({ maxQueue: 1000 });
    world.answer = () => DOWN;
    for (const span of numbers(5000)) {
      queue.add(span);
      // Those being sent cannot be dropped: let every try end before more come.
      if (span % 100 === 0) await pass(10);
    }
    await pass(60_000);
    expect(queue.counts()).toEqual(counts({ made: 5000 }, { queue: 4000 }));
    world.answer = () => SENT;
    await pass(60_000);
    expect(world.received).toEqual(numbers(1000, 4000));
    expect(queue.counts()).toEqual(counts({ made: 5000, sent: 1000 }, { queue: 4000 }));
  });

  it("moves whole batches of the oldest to the spool when more wait than fit, and loses none", async () => {
    const { queue, world, pass } = setUp({ maxQueue: 1000, batchSize: 100 });
    world.spool = [];
    world.answer = () => DOWN;
    for (const span of numbers(5000)) {
      queue.add(span);
      if (span % 50 === 0) await pass(10);
    }
    await pass(60_000);
    world.answer = () => SENT;
    await pass(60_000);
    expect(queue.counts()).toEqual(counts({ made: 5000, sent: 5000 - queue.counts().spooled, spooled: 4000 }, {}));
    expect([...world.spool.flat(), ...world.received].sort((a, b) => a - b)).toEqual(numbers(5000));
    expect(Math.min(...world.spool.map(({ length }) => length))).toBe(100);
  });

  it("goes back to the spool after the collector was there, when the spool had failed", async () => {
    const { queue, world, pass } = setUp({ maxQueue: 10, batchSize: 10 });
    world.answer = () => DOWN;
    for (const span of numbers(15)) queue.add(span);
    await pass(0);
    expect(queue.counts().dropped.queue).toBe(5);
    world.answer = () => SENT;
    await pass(60_000);
    world.answer = () => DOWN;
    world.spool = [];
    queue.add(100);
    await pass(1000);
    for (const span of numbers(15, 101)) queue.add(span);
    await pass(60_000);
    expect(queue.counts().spooled).toBeGreaterThan(0);
    expect(queue.counts().dropped.queue).toBe(5);
  });

  it("ends by moving what waits and what has no answer yet to the spool, at once", async () => {
    const { queue, world, settle } = setUp({ batchSize: 100 });
    world.spool = [];
    let answer: (outcome: SendOutcome) => void = () => {};
    world.answer = () => new Promise((resolve) => (answer = resolve));
    for (const span of numbers(250)) queue.add(span);
    await settle();
    queue.end();
    expect(world.spool.flat()).toEqual(numbers(250));
    expect(queue.counts()).toEqual(counts({ made: 250, spooled: 250 }, {}));
    answer(SENT);
    await settle();
    queue.add(250);
    queue.end();
    expect(queue.counts()).toEqual(counts({ made: 251, spooled: 251 }, {}));
  });

  it("counts what waits at the end as lost where there is no spool", () => {
    const { queue } = setUp();
    for (const span of numbers(7)) queue.add(span);
    queue.end();
    expect(queue.counts()).toEqual(counts({ made: 7 }, { exit: 7 }));
  });

  it("counts a batch on its way against the bound", async () => {
    const { queue, world, settle } = setUp({ maxQueue: 600 });
    let release: (outcome: SendOutcome) => void = () => {};
    world.answer = () => new Promise((resolve) => (release = resolve));
    for (const span of numbers(2000)) queue.add(span);
    await settle();
    expect(queue.counts().dropped.queue).toBe(1400);
    release(DOWN);
    await settle();
    expect(queue.counts()).toMatchObject({ made: 2000, dropped: { queue: 1400 } });
  });

  it("has one request on its way at a time", async () => {
    const { queue, world, settle } = setUp();
    let open = 0;
    let most = 0;
    world.answer = async () => {
      open += 1;
      most = Math.max(most, open);
      await Promise.resolve();
      open -= 1;
      return SENT;
    };
    for (const span of numbers(3000)) queue.add(span);
    await Promise.all([queue.flush(), queue.flush(), settle()]);
    expect(most).toBe(1);
    expect(world.received).toEqual(numbers(3000));
  });

  it("flushes past a back-off, but tries a collector that is down only once", async () => {
    const { queue, world, pass } = setUp();
    world.answer = () => DOWN;
    for (const span of numbers(2000)) queue.add(span);
    await pass(0);
    const before = world.batches.length;
    await queue.flush();
    expect(world.batches.length - before).toBe(1);
    world.answer = () => SENT;
    await queue.flush();
    expect(world.received).toEqual(numbers(2000));
  });

  it("reports what went wrong with a try", async () => {
    const { queue, world, pass } = setUp();
    world.answer = () => DOWN;
    queue.add(1);
    await pass(1000);
    world.answer = () => SENT;
    await pass(1000);
    expect(world.failures).toEqual(["ECONNREFUSED", null]);
  });
});

describe("deliver", () => {
  const answering = (poison: readonly number[]) => {
    const requests: (readonly number[])[] = [];
    const send = async (batch: readonly number[]) => {
      requests.push(batch);
      return batch.some((span) => poison.includes(span)) ? REFUSED : SENT;
    };
    return { requests, send };
  };

  it("drops only the span that is to blame", async () => {
    const { requests, send } = answering([300]);
    expect(await deliver(numbers(512), send)).toEqual({ sent: 511, refused: 1, rejected: 0, left: [], retry: null });
    expect(requests.length).toBeLessThan(25);
  });

  it("does not flood a collector that refuses everything", async () => {
    const { requests, send } = answering(numbers(512));
    expect(await deliver(numbers(512), send)).toMatchObject({ sent: 0, refused: 512, left: [] });
    expect(requests.length).toBe(64);
  });

  it("keeps what is left, in order, when the collector goes away in between", async () => {
    let requests = 0;
    const send = async (batch: readonly number[]): Promise<SendOutcome> => {
      requests += 1;
      if (requests > 2) return DOWN;
      return batch.length > 4 ? REFUSED : SENT;
    };
    expect(await deliver(numbers(8), send)).toEqual({
      sent: 4,
      refused: 0,
      rejected: 0,
      left: [4, 5, 6, 7],
      retry: DOWN,
    });
  });

  it("counts what the collector says it rejected", async () => {
    const send = async (): Promise<SendOutcome> => ({ outcome: "sent", rejected: 3 });
    expect(await deliver(numbers(10), send)).toMatchObject({ sent: 7, rejected: 3 });
  });
});

describe("the span buffer", () => {
  it("is first in, first out, also when items come back", () => {
    const buffer = createSpanBuffer<number>();
    for (const item of numbers(5000)) buffer.push(item);
    const first = buffer.take(3000);
    buffer.push(5000);
    buffer.putBack(first.slice(2990));
    expect(buffer.size()).toBe(2011);
    expect(buffer.take(9999)).toEqual(numbers(2011, 2990));
    expect(buffer.take(1)).toEqual([]);
  });
});
