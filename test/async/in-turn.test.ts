import { describe, expect, it } from "vitest";
import { inTurn } from "../../async/in-turn.ts";
import { inTurnByKey } from "../../async/in-turn-by-key.ts";
import { sharedRun } from "../../async/shared-run.ts";

const gate = (): PromiseWithResolvers<void> => Promise.withResolvers<void>();

describe("work in turn", () => {
  it("begins when the piece before has ended, in the order in which it was handed over", async () => {
    const turn = inTurn();
    const first = gate();
    const done: number[] = [];
    const pieces = [
      turn(async () => {
        await first.promise;
        done.push(1);
      }),
      turn(async () => void done.push(2)),
      turn(async () => void done.push(3)),
    ];
    await Promise.resolve();
    expect(done).toEqual([]);
    first.resolve();
    await Promise.all(pieces);
    expect(done).toEqual([1, 2, 3]);
  });

  it("goes on after a piece that failed, and tells whoever handed it over only", async () => {
    const turn = inTurn();
    const failed = turn(() => Promise.reject(new Error("no")));
    const next = turn(async () => "yes");
    await expect(failed).rejects.toThrow("no");
    expect(await next).toBe("yes");
  });

  it("waits for no work of another key", async () => {
    const ordered = inTurnByKey();
    const first = gate();
    const done: string[] = [];
    const slow = ordered("a", () => first.promise);
    const behind = ordered("a", async () => void done.push("a"));
    await ordered("b", async () => void done.push("b"));
    expect(done).toEqual(["b"]);
    first.resolve();
    await Promise.all([slow, behind]);
    expect(done).toEqual(["b", "a"]);
  });
});

describe("a shared run", () => {
  it("is not started again while it is under way, and is when it has ended, however it did", async () => {
    let started = 0;
    const end = gate();
    const run = sharedRun(async (what: string) => {
      started += 1;
      if (started > 1) throw new Error("no");
      await end.promise;
      return what;
    });
    const both = [run("first"), run("second")];
    expect(started).toBe(1);
    end.resolve();
    expect(await Promise.all(both)).toEqual(["first", "first"]);
    await expect(run("third")).rejects.toThrow("no");
    await expect(run("fourth")).rejects.toThrow("no");
    expect(started).toBe(3);
  });
});
