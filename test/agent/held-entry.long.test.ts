import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FindLife } from "../../agent/models/find-life.ts";
import { openTestStore, type TestStore } from "../store/test-store.ts";
import { HEALTHY, type RunnerAgent, runnerWorld } from "./runner-world.ts";

let database: TestStore;
beforeAll(async () => {
  database = await openTestStore();
});
afterAll(() => database.end());

const STEADY = { stages: "stages: [{ canary: 20%, for: 1d }]" };
/** The baseline of the runner's world, for as long as `ended` says. */
const endedWhile =
  (ended: () => boolean): FindLife =>
  (model) =>
    model === "old" && ended()
      ? { retires: "2020-01-01", notBefore: null, announced: null, source: "v", seen: null, name: model, table: "t" }
      : null;

const told = ({ told: all }: RunnerAgent): readonly string[] => all.map(({ id }) => id.replace(/^[^/]*\//, ""));

describe("a first stage that waits for nobody", () => {
  it("begins at once where nothing is known against it", async () => {
    const world = runnerWorld(database.store(), STEADY);
    await world.run(world.agent(), 1);
    expect(world.target.writes).toEqual([0.2]);
    expect((await world.events("started"))[0]).not.toHaveProperty("held");
  });

  it("is kept at 0% while its baseline is retired, said and paged once by two agents, also after a restart; it begins when that is mended", async () => {
    const world = runnerWorld(database.store(), STEADY);
    let isEnded = true;
    const parts = { findLife: endedWhile(() => isEnded) };
    const agents = [world.agent(parts), world.agent(parts)];
    await world.run(agents, 27, HEALTHY);
    expect(world.target.writes).toEqual([]);
    expect(await world.events("started")).toMatchObject([
      { stage: -1, share: 0, held: [expect.stringContaining("2020")] },
    ]);
    const restarted = world.agent(parts);
    const all = [...agents, restarted];
    await world.run(all, 2, HEALTHY);
    for (const { runner } of all)
      expect(runner.snapshot()).toMatchObject({
        ...{ share: 0, standing: "running" },
        hold: { reason: expect.stringMatching(/^the first of 1 stages does not begin: .*retired/) },
      });
    expect(all.flatMap(told).filter((id) => !id.includes("retirement"))).toEqual([
      expect.stringMatching(/^stage\/held\//),
      expect.stringMatching(/^page\/stuck:-1:/),
    ]);
    isEnded = false;
    await world.run(all, 3, HEALTHY);
    expect(world.target.writes).toEqual([0.2]);
    expect(agents[0]?.runner.history.state().stage).toBe(0);
    expect(all.flatMap(told).filter((id) => id.startsWith("stage/0/"))).toHaveLength(1);
  });

  it("is begun by a person all the same, with what had failed on record", async () => {
    const world = runnerWorld(database.store(), STEADY);
    const agent = world.agent({ findLife: endedWhile(() => true) });
    await world.run(agent, 3, HEALTHY);
    const given = await agent.runner.command({ command: "advance", reason: "nobody else calls it", by: "ana" });
    expect(given).toEqual({ outcome: "done", problem: "" });
    expect(world.target.share()).toBe(0.2);
    expect((await world.events("command"))[0]?.despite).toEqual([expect.stringContaining("is retired since 2020")]);
  });

  it("is not begun on a flag system that cannot be read, and begins when it can", async () => {
    const world = runnerWorld(database.store(), STEADY);
    const agent = world.agent();
    world.target.behave("fail");
    await world.run(agent, 2, HEALTHY);
    expect(agent.runner.history.state()).toMatchObject({ stage: -1, rollback: null });
    world.target.behave("work");
    await world.run(agent, 3, HEALTHY);
    expect(world.target.share()).toBe(0.2);
  });

  it("is rolled back while it is kept, and begins no more by itself", async () => {
    const world = runnerWorld(database.store(), STEADY);
    let isEnded = true;
    const agent = world.agent({ findLife: endedWhile(() => isEnded) });
    await world.run(agent, 2, HEALTHY);
    await agent.runner.command({ command: "rollback", reason: "not today", by: "ana" });
    isEnded = false;
    await world.run(agent, 4, HEALTHY);
    expect(world.target.share()).toBe(0);
  });
});
