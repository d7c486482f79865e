// @module-tag soak
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestStore, type TestStore } from "../store/test-store.ts";
import { HEALTHY, type RunnerAgent, type RunnerWorld, runnerWorld, TICK_MS } from "./runner-world.ts";

let database: TestStore;
beforeAll(async () => {
  database = await openTestStore();
});
afterAll(() => database.end());

const MINUTE = 60_000;

/** Stages that outlast the test. */
const LONG = { stages: "stages: [{ canary: 20%, for: 10h }]" };

/** A round every minute, before which calls came. */
const minutes = async (
  world: RunnerWorld,
  agents: readonly RunnerAgent[],
  count: number,
  traffic = HEALTHY,
): Promise<void> => {
  for (let i = 0; i < count; i++) {
    world.pass(MINUTE - TICK_MS);
    await world.run(agents, 1, traffic);
  }
};

const pages = ({ told }: RunnerAgent): readonly string[] =>
  told.filter(({ type }) => type === "page").map(({ phase, title }) => `${phase}: ${title}`);

describe("a flag system that cannot be reached while nothing is to be done", () => {
  it("is told once after five minutes, not again after a restart, and when it is back", async () => {
    const world = runnerWorld(database.store(), LONG);
    const first = world.agent();
    await world.run(first, 2, HEALTHY);
    world.target.behave("fail");
    await minutes(world, [first], 5);
    expect(pages(first)).toEqual([]);
    await minutes(world, [first], 3);
    expect(pages(first)).toEqual([
      expect.stringMatching(
        /^open: m\d+: since \S+Z flag model cannot be read: the flag system is down; a rollback would not/,
      ),
    ]);
    expect(first.runner.history.state().call).toMatchObject({ isCritical: true });

    const second = world.agent();
    await minutes(world, [second], 6);
    expect(pages(second)).toEqual([]);

    world.target.behave("work");
    await minutes(world, [second], 3);
    expect(pages(second)).toEqual([expect.stringMatching(/^resolve: m\d+: flag model on prod can be reached again$/)]);
    expect(second.runner.history.state().call).toBeNull();
  });

  it("is told once by two agents, and one that hangs for a look or two is not", {
    tags: ["soak"],
  }, async () => {
    const world = runnerWorld(database.store(), LONG);
    const agents = [world.agent(), world.agent()];
    await world.run(agents, 2, HEALTHY);
    world.target.behave("hang");
    await minutes(world, agents, 2);
    world.target.behave("work");
    await minutes(world, agents, 2);
    world.target.behave("fail");
    await minutes(world, agents, 7);
    expect(agents.flatMap(pages)).toHaveLength(1);
  });
});

describe("a store that cannot be reached", () => {
  it("is told while it is down, and when ticks are judged again", async () => {
    const world = runnerWorld(database.store(), LONG);
    const agent = world.agent();
    await world.run(agent, 2, HEALTHY);
    world.store.behave("fail");
    await minutes(world, [agent], 5);
    expect(pages(agent)).toEqual([expect.stringMatching(/^open: m\d+: blind since \S+Z: nothing is judged/)]);
    world.store.behave("work");
    await minutes(world, [agent], 4);
    expect(pages(agent).slice(1)).toEqual([expect.stringMatching(/^resolve: m\d+: blind no more/)]);
  });
});

describe("calls that stop", () => {
  it("are told, and when they come again", { tags: ["soak"] }, async () => {
    const world = runnerWorld(database.store(), LONG);
    const agent = world.agent();
    await minutes(world, [agent], 3);
    await minutes(world, [agent], 17, {});
    const silent = pages(agent).filter((title) => title.includes("no call of either arm"));
    expect(silent).toEqual([expect.stringMatching(/^open: .+ were to be expected: nothing is judged on/)]);
    await minutes(world, [agent], 4);
    expect(pages(agent).filter((title) => title.includes("calls come in again"))).toHaveLength(1);
  });
});
