import { expect, test } from "vitest";
import { createWorkQueue } from "../../../collector/http/work-queue.ts";

/** A queue on a clock that only work moves. */
const queueOn = (settings = { turnMs: 2, restShare: 0 }, clear = async (): Promise<void> => undefined) => {
  const clock = { ms: 0 };
  const queue = createWorkQueue(settings, { elapsed: () => clock.ms, clear });
  const done: string[] = [];
  const add = (name: string, ms: number, bytes: number) =>
    queue.run(bytes, async () => {
      clock.ms += ms;
      done.push(name);
    });
  return { queue, add, done };
};

const nextRound = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("does the work in the order in which it came", async () => {
  const { add, done } = queueOn();
  await Promise.all([add("a", 5, 10), add("b", 1, 10), add("c", 5, 10)]);
  expect(done).toEqual(["a", "b", "c"]);
});

test("lets the loop go round between two pieces of work that are longer than a turn", async () => {
  const { add, done } = queueOn();
  const all = ["a", "b", "c", "d"].map((name) => add(name, 5, 10));
  let rounds = 0;
  while (done.length < 4) {
    await nextRound();
    rounds += 1;
  }
  await Promise.all(all);
  expect(rounds).toBeGreaterThanOrEqual(4);
});

test("does several small pieces in one turn", async () => {
  const { add, done } = queueOn({ turnMs: 100, restShare: 0 });
  const all = Array.from({ length: 50 }, (_, n) => add(String(n), 1, 10));
  await nextRound();
  await nextRound();
  expect(done).toHaveLength(50);
  await Promise.all(all);
});

test("begins the next piece when one is done, however often that one gives the loop free", async () => {
  const { queue, add, done } = queueOn();
  const first = queue.run(10, async () => {
    for (let round = 0; round < 5; round += 1) await nextRound();
    done.push("a");
    return "decoded";
  });
  await add("b", 1, 10);
  expect(done).toEqual(["a", "b"]);
  expect(await first).toBe("decoded");
});

test("counts what is being worked on as waiting until it is done", async () => {
  const { queue, add } = queueOn();
  for (let n = 0; n < 100; n += 1) await add("slow", 10, 83_616);
  const gate = Promise.withResolvers<void>();
  const slow = queue.run(83_616, () => gate.promise);
  await nextRound();
  await nextRound();
  expect(queue.waitMs()).toBeCloseTo(10);
  gate.resolve();
  await slow;
  await nextRound();
  expect(queue.waitMs()).toBe(0);
});

test("lets those go first who come first", async () => {
  const command = Promise.withResolvers<void>();
  const { add, done } = queueOn(undefined, () => command.promise);
  const work = add("a", 1, 10);
  for (let round = 0; round < 20; round += 1) await nextRound();
  expect(done).toEqual([]);
  command.resolve();
  await work;
  expect(done).toEqual(["a"]);
});

test("hands a failure to whoever asked, and goes on", async () => {
  const { queue, add, done } = queueOn();
  const failed = queue.run(10, () => {
    throw new Error("a bug");
  });
  await expect(failed).rejects.toThrow("a bug");
  await add("b", 1, 10);
  expect(done).toEqual(["b"]);
});

test("knows how long what waits will take, by its bytes; nothing before it has measured", async () => {
  const { queue, add } = queueOn();
  expect([queue.waitMs(), queue.usualMs()]).toEqual([0, 0]);
  for (let n = 0; n < 100; n += 1) await add("slow", 10, 83_616);
  expect(queue.usualMs()).toBeCloseTo(10);
  const all = [add("a", 10, 83_616), add("b", 10, 183_616)];
  expect(queue.waitMs()).toBeCloseTo(30);
  await Promise.all(all);
  expect(queue.waitMs()).toBe(0);
});

test("follows what changes", async () => {
  const { queue, add } = queueOn();
  for (let n = 0; n < 100; n += 1) await add("slow", 10, 1_000);
  for (let n = 0; n < 100; n += 1) await add("fast", 1, 1_000);
  expect(queue.usualMs()).toBeLessThan(1.5);
});

test("a small body is measured with what a request costs beside it, so that it does not make bytes dear", async () => {
  const { queue, add } = queueOn();
  for (let n = 0; n < 100; n += 1) await add("tiny", 1, 0);
  const large = add("large", 1, 163_840);
  expect(queue.waitMs()).toBeLessThan(15);
  await large;
});
