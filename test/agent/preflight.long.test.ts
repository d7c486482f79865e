import { afterAll, beforeAll, expect, it } from "vitest";
import { openTestStore, type TestStore } from "../store/test-store.ts";
import { DRAINED, HEALTHY, runnerWorld } from "./runner-world.ts";

let database: TestStore;
beforeAll(async () => {
  database = await openTestStore();
});
afterAll(() => database.end());

const STAGES = {
  segments: "segments: [input_type]",
  stages: "stages: [{ canary: 20%, for: 1m }, { canary: 50%, for: 10h }]",
};
const TAGGED = { ...HEALTHY, segments: { input_type: "faq" } };

it("holds an advance while no call carries the document's segment, says what to do, and lets it go when one does", async () => {
  const world = runnerWorld(database.store(), STAGES);
  const agent = world.agent();
  // Without a call nothing is known of them, and it begins.
  await world.run(agent, 1);
  await world.run(agent, 24, HEALTHY);
  const { hold, preflight } = agent.runner.snapshot();
  expect(agent.runner.history.state().stage).toBe(0);
  expect(hold?.blocks).toEqual(["preflight"]);
  expect(hold?.reason).toContain("set leeway.segment.input_type in the app");
  expect(preflight?.filter(({ outcome }) => outcome === "failed").map(({ check }) => check)).toEqual(["segments"]);
  const pages = agent.told.filter(({ type }) => type === "page");
  expect(pages.map(({ summary }) => summary)).toEqual([expect.stringContaining("leeway.segment.input_type")]);

  await world.run(agent, 15, TAGGED);
  expect(agent.runner.history.state().stage).toBe(1);
});

it("is no obstacle to a person, whose advance has what had failed on record", { tags: ["soak"] }, async () => {
  const world = runnerWorld(database.store(), STAGES);
  const agent = world.agent();
  await world.run(agent, 1);
  await world.run(agent, 14, HEALTHY);
  const result = await agent.runner.command({ command: "advance", reason: "the segment follows", by: "ana" });
  expect(result.outcome).toBe("done");
  expect(agent.runner.history.state().stage).toBe(1);
  const [given] = await world.events("command");
  expect(given?.despite).toEqual([expect.stringContaining("input_type")]);
});

it("holds the next stage until the way back was drilled, says how, and does not stand in the way of that", async () => {
  const stages = `${STAGES.stages}\npreflight: { skip: [segments] }`;
  const world = runnerWorld(database.store(), { stages });
  const agent = world.agent();
  await world.run(agent, 20, HEALTHY);
  expect(agent.runner.history.state().stage).toBe(0);
  expect(agent.runner.snapshot().hold?.reason).toContain(`leeway drill ${world.migration.name}`);

  expect(agent.told.filter(({ type }) => type === "page")).toHaveLength(1);

  const order = { reason: "before stage 2", by: "ana", isDry: false };
  expect(await agent.runner.drill(order)).toMatchObject({ outcome: "begun" });
  await world.run(agent, 5, DRAINED);
  await world.run(agent, 15, HEALTHY);
  expect(agent.runner.history.state().stage).toBe(1);
});

it("holds nothing that the document skips", async () => {
  const skip = `${STAGES.stages}\npreflight: { skip: [segments, drill] }`;
  const world = runnerWorld(database.store(), { stages: skip });
  const agent = world.agent();
  await world.run(agent, 20, HEALTHY);
  expect(agent.runner.history.state().stage).toBe(1);
});
