import { expect, test } from "vitest";
import { createWorkQueue } from "../../../collector/http/work-queue.ts";

/** A queue on a clock that only work moves. */
const queueOn = (turnMs = 2, clear = async (): Promise<void> => undefined) => {
  const clock = { ms: 0 };
  const queue = createWorkQueue({ tick: () => clock.ms, clear }, turnMs);
  const done: string[] = [];
  const add = (name: string, ms: number) =>
    queue.run(async () => {
      clock.ms += ms;
      done.push(name);
    });
  return { queue, add, done };
};

const nextRound = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("does the work in the order in which it came", async () => {
  const { add, done } = queueOn();
  await Promise.all([add("a", 5), add("b", 1), add("c", 5)]);
  expect(done).toEqual(["a", "b", "c"]);
});

test("lets the loop go round between two pieces of work that are longer than a turn", async () => {
  const { add, done } = queueOn();
  const all = ["a", "b", "c", "d"].map((name) => add(name, 5));
  let rounds = 0;
  while (done.length < 4) {
    await nextRound();
    rounds += 1;
  }
  await Promise.all(all);
  expect(rounds).toBeGreaterThanOrEqual(4);
});

test("does several small pieces in one turn", async () => {
  const { add, done } = queueOn(100);
  const all = Array.from({ length: 50 }, (_, n) => add(String(n), 1));
  await nextRound();
  await nextRound();
  expect(done).toHaveLength(50);
  await Promise.all(all);
});

test("what a piece waits for keeps no other from its turn", async () => {
  const { queue, add, done } = queueOn();
  const disk = Promise.withResolvers<string>();
  const first = queue.run(() => disk.promise);
  await add("b", 1);
  expect(done).toEqual(["b"]);
  disk.resolve("durable");
  expect(await first).toBe("durable");
});

test("lets those go first who come first", async () => {
  const command = Promise.withResolvers<void>();
  const { add, done } = queueOn(undefined, () => command.promise);
  const work = add("a", 1);
  for (let round = 0; round < 20; round += 1) await nextRound();
  expect(done).toEqual([]);
  command.resolve();
  await work;
  expect(done).toEqual(["a"]);
});

test("hands a failure to whoever asked, and goes on", async () => {
  const { queue, add, done } = queueOn();
  const failed = queue.run(() => {
    throw new Error("a bug");
  });
  await expect(failed).rejects.toThrow("a bug");
  await add("b", 1);
  expect(done).toEqual(["b"]);
});
