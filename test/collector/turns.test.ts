import { expect, test } from "vitest";
import { createTurns, inTurns } from "../../collector/turns.ts";

/** A clock that work moves by hand, and turns of 8 ms. */
const createWorld = () => {
  let now = 0;
  return {
    turns: createTurns({ elapsed: () => now }, 8),
    work: (ms: number) => {
      now += ms;
    },
  };
};

/** A round of the event loop in which nobody else works. */
const round = () => new Promise((resolve) => setImmediate(resolve));

function* steps(count: number, work: () => void): Generator<number, string> {
  for (let step = 0; step < count; step += 1) {
    work();
    yield step;
  }
  return "done";
}

test("work that fits a turn is done in one round, and what it yields is used", async () => {
  const { turns, work } = createWorld();
  const used: number[] = [];
  const done = inTurns(
    turns,
    steps(5, () => work(1)),
    (step) => used.push(step),
  );
  let isDone = false;
  void done.then(() => {
    isDone = true;
  });
  await Promise.resolve();
  await round();
  expect([isDone, used]).toEqual([true, [0, 1, 2, 3, 4]]);
  expect(await done).toBe("done");
});

test("no round takes longer than a turn and one step, however many work", async () => {
  const { turns, work } = createWorld();
  let inRound = 0;
  const longest: number[] = [];
  const worker = () =>
    inTurns(
      turns,
      steps(20, () => {
        work(3);
        inRound += 3;
      }),
    );
  const all = Promise.all(Array.from({ length: 10 }, worker));
  let isDone = false;
  void all.then(() => {
    isDone = true;
  });
  while (!isDone) {
    await round();
    longest.push(inRound);
    inRound = 0;
  }
  expect(Math.max(...longest)).toBeLessThan(2 * (8 + 3));
  expect(longest.length).toBeGreaterThan(20);
});

test("those who wait get their turns in the order in which they asked", async () => {
  const { turns, work } = createWorld();
  const order: string[] = [];
  const worker = (name: string) =>
    inTurns(
      turns,
      steps(3, () => {
        work(9);
        order.push(name);
      }),
    );
  await Promise.all([worker("a"), worker("b"), worker("c")]);
  expect(order.join("")).toBe("abcabcabc");
});

test("work that throws rejects, and the next one works", async () => {
  const { turns } = createWorld();
  const broken = inTurns(
    turns,
    steps(1, () => {
      throw new Error("a bug");
    }),
  );
  await expect(broken).rejects.toThrow("a bug");
  expect(
    await inTurns(
      turns,
      steps(1, () => undefined),
    ),
  ).toBe("done");
});

test("even work that has begun waits for those who come before, at each of its rounds", async () => {
  let now = 0;
  let gate = Promise.withResolvers<void>();
  const turns = createTurns({ elapsed: () => now, clear: () => gate.promise }, 8);
  const used: number[] = [];
  const done = inTurns(
    turns,
    steps(4, () => {
      now += 5;
    }),
    (step) => void used.push(step),
  );
  for (const expected of [[], [0, 1], [0, 1, 2, 3]]) {
    for (let i = 0; i < 10; i += 1) await round();
    expect(used).toEqual(expected);
    const opened = gate;
    gate = Promise.withResolvers<void>();
    opened.resolve();
  }
  expect(await done).toBe("done");
});
