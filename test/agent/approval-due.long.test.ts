import { afterAll, beforeAll, expect, it } from "vitest";
import { openTestStore, type TestStore } from "../store/test-store.ts";
import { HEALTHY, type RunnerAgent, runnerWorld } from "./runner-world.ts";

let database: TestStore;
beforeAll(async () => {
  database = await openTestStore();
});
afterAll(() => database.end());

const STAGES = { stages: "stages: [{ canary: 20%, for: 1m }, { canary: 50%, for: 1m, approval: true }]" };
const told = (agents: readonly RunnerAgent[]): readonly string[] =>
  agents.flatMap(({ told: all }) => all.filter(({ id }) => id.includes("/approval/")).map(({ title }) => title));

it("a later stage that waits for its approval is told once by two agents, once more when all is clear, and not after a restart", async () => {
  const world = runnerWorld(database.store(), STAGES);
  const agents = [world.agent(), world.agent()];
  // Too few calls to clear a rule in time.
  await world.run(agents, 15, { canary: 1, baseline: 4 });
  expect(told(agents)).toEqual([expect.stringMatching(/stage 2 of 2, canary 50%; not everything is clear yet$/)]);
  await world.run(agents, 15, HEALTHY);
  expect(told(agents)).toEqual([
    expect.anything(),
    expect.stringMatching(/waits for approval of stage 2 of 2, canary 50%$/),
  ]);
  const restarted = world.agent();
  await world.run([...agents, restarted], 3, HEALTHY);
  expect(told([...agents, restarted])).toHaveLength(2);
  expect((await world.events("standing")).at(-1)?.standing).toBe("waiting-for-approval");
  await agents[0]?.runner.command({ command: "advance", reason: "looks well", by: "ana" });
  await world.run(agents, 2, HEALTHY);
  expect((await world.events("standing")).at(-1)).toMatchObject({ standing: "running", stage: 1 });
  expect(told([...agents, restarted])).toHaveLength(2);
});
