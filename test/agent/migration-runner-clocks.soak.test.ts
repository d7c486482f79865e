import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestStore, type TestStore } from "../store/test-store.ts";
import { DRAINED, HEALTHY, ILL, runnerWorld, TICK_MS } from "./runner-world.ts";

let database: TestStore;
beforeAll(async () => {
  database = await openTestStore();
});
afterAll(() => database.end());

const DAY = 86_400_000;
describe("what an agent whose clock was ahead left behind", () => {
  it("for fifteen seconds, ten minutes ahead, delays no rollback of the next one", async () => {
    const world = runnerWorld(database.store());
    await world.run(world.agent(), 6, HEALTHY);
    const ahead = world.agent({ skewMs: 600_000 });
    for (let round = 0; round < 3; round++) {
      world.pass(TICK_MS);
      await ahead.runner.round();
    }
    const next = world.agent();
    await world.run(next, 3, HEALTHY);
    expect(next.runner.problem()).toBe("");
    const sick = world.now();
    await world.run(next, 10, ILL);
    const rollback = next.runner.history.state().rollback;
    expect(rollback).not.toBeNull();
    expect((rollback?.decidedAt ?? Number.NaN) - sick).toBeLessThanOrEqual(10 * TICK_MS);
    await world.run(next, 6, DRAINED);
    expect(next.runner.history.state().rollback).toMatchObject({ isConfirmed: true, drain: "proven" });
    expect(world.target.writes.at(-1)).toBe(0);
  });

  it("a migration that it started a day ahead is judged from now on", async () => {
    const world = runnerWorld(database.store());
    await world.agent({ skewMs: DAY }).runner.round();
    const next = world.agent();
    await world.run(next, 8, HEALTHY);
    expect(next.runner.detector.latest()?.at).toBeGreaterThan(world.now() - 3 * TICK_MS);
    await world.run(next, 6, ILL);
    expect(next.runner.history.state().rollback).not.toBeNull();
    expect(world.target.writes.at(-1)).toBe(0);
  });

  it("a rollback that it decided a day ahead stays one, and its drain is watched now", async () => {
    const world = runnerWorld(database.store());
    const ahead = world.agent({ skewMs: DAY });
    await ahead.runner.round();
    await ahead.runner.command({ command: "rollback", reason: "it answers nonsense", by: "ana" });
    const next = world.agent();
    await world.run(next, 6, DRAINED);
    expect(next.runner.history.state().rollback).toMatchObject({ isConfirmed: true, drain: "proven" });
    expect(await next.runner.command({ command: "rearm", reason: "fixed", by: "ana" })).toMatchObject({
      outcome: "done",
    });
    expect(next.runner.history.state()).toMatchObject({ rollback: null, stage: 0 });
    await world.run(next, 2, HEALTHY);
    expect(world.agent().runner.history.isKnown()).toBe(false);
    const third = world.agent();
    await third.runner.round();
    expect(third.runner.history.state().rollback).toBeNull();
  });
});
