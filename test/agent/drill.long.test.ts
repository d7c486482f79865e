import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drillsOf } from "../../lifecycle/drills.ts";
import { openTestStore, type TestStore } from "../store/test-store.ts";
import { drill, drilledWorld, drillTitles, newest } from "./drilled-world.ts";
import { DRAINED, HEALTHY, ILL } from "./runner-world.ts";

let database: TestStore;
beforeAll(async () => {
  database = await openTestStore();
});
afterAll(() => database.end());

const started = (parts?: Parameters<typeof drilledWorld>[1]) => drilledWorld(database.store(), parts);

describe("a drill", () => {
  it("switches the canary off at once, proves the drain by the spans, and restores the share it found", async () => {
    const { world, agent } = await started();
    expect(await drill(agent)).toMatchObject({ outcome: "begun" });
    expect(world.target.share()).toBe(0);
    expect(agent.runner.snapshot()).toMatchObject({ standing: "drilling", share: 0 });
    await world.run(agent, 5, DRAINED);
    expect(world.target.writes).toEqual([0.2, 0, 0.2]);
    expect(await newest(world)).toMatchObject({
      ...{ outcome: "proven", drain: "proven", by: "ana", reason: "friday", share: 0.2, restoredShare: 0.2 },
    });
    expect(agent.runner.snapshot()).toMatchObject({ standing: "running", share: 0.2, problem: "" });
    expect(agent.runner.history.state()).toMatchObject({ drill: null, rollback: null, call: null, stage: 0 });
  });

  it("tells whom a rollback would be told to, marked, and for no incident but its own", {
    tags: ["soak"],
  }, async () => {
    const { world, agent } = await started();
    await drill(agent);
    await world.run(agent, 5, DRAINED);
    expect(drillTitles(agent)).toEqual([
      `DRILL, no incident: ${world.migration.name} is rolled back for a moment`,
      expect.stringMatching(new RegExp(`^DRILL over: ${world.migration.name}: [0-9.]+ s from decision to proof$`)),
    ]);
    const [told, over] = agent.told.filter(({ type }) => type === "drill");
    expect([told?.severity, over?.severity]).toEqual(["info", "info"]);
    expect([told?.phase, over?.phase]).toEqual(["open", "resolve"]);
    expect(told?.incident).toBe(over?.incident);
    expect(told?.incident).not.toBe(agent.runner.history.incident());
    expect(agent.told.map(({ type }) => type)).toEqual(["stage", "drill", "drill"]);
  });

  it.each([
    ["refuse-writes", "the flag system is down"],
    ["lie", "written as 0, but the flag reads 0.2"],
  ] as const)("fails where the flag system does this: %s; the share is what it was", async (mood, why) => {
    const { world, agent } = await started();
    world.target.behave(mood);
    expect((await drill(agent)).outcome).toBe("begun");
    world.target.behave("work");
    await world.run(agent, 2, HEALTHY);
    const found = await newest(world);
    expect(found).toMatchObject({ outcome: "failed", restoredShare: 0.2 });
    expect(found?.why).toContain(why);
    expect([world.target.share(), world.target.writes]).toEqual([0.2, [0.2]]);
    expect(agent.runner.history.state()).toMatchObject({ drill: null, call: null });
  });

  it("gives way to a real breach: the rollback goes on from there, and no share comes back", async () => {
    const { world, agent } = await started();
    await world.run(agent, 1, ILL);
    await drill(agent);
    expect(world.target.share()).toBe(0);
    await world.run(agent, 4, ILL);
    expect(agent.runner.history.state().rollback).toMatchObject({ isConfirmed: true, cutsDrill: true });
    expect(await newest(world)).toMatchObject({ outcome: "interrupted", restoredAt: null });
    await world.run(agent, 4, DRAINED);
    expect(agent.runner.history.state().rollback?.drain).toBe("proven");
    expect(world.target.share()).toBe(0);
    expect(world.target.writes.slice(1).every((share) => share === 0)).toBe(true);
    expect(drillTitles(agent).at(-1)).toContain("interrupted");
    expect(agent.told.some(({ title }) => title.startsWith("Rolled back"))).toBe(true);
  });

  it("ends as interrupted when its agent is gone and another starts, which restores the share", {
    tags: ["soak"],
  }, async () => {
    const { world, agent } = await started();
    await drill(agent);
    const after = world.agent();
    await world.run(after, 1, DRAINED);
    expect(world.target.share()).toBe(0.2);
    // What the first one had begun to tell is told by the other when it is not heard of.
    await world.run(after, 4, HEALTHY);
    expect(world.target.share()).toBe(0.2);
    expect(await newest(world)).toMatchObject({ outcome: "interrupted", restoredShare: 0.2 });
    expect(drillTitles(after).at(-1)).toContain("interrupted");
  });

  it("is one, of two agents that are asked at once", { tags: ["soak"] }, async () => {
    const { world, agent } = await started();
    const other = world.agent();
    await world.run(other, 1, HEALTHY);
    const answers = await Promise.all([drill(agent), drill(other)]);
    expect(answers.filter(({ outcome }) => outcome === "begun")).toHaveLength(1);
    await world.run([agent, other], 5, DRAINED);
    expect(drillsOf(await world.ledger())).toHaveLength(1);
    expect(await newest(world)).toMatchObject({ outcome: "proven", restoredShare: 0.2 });
    expect(drillTitles(agent).length + drillTitles(other).length).toBe(2);
  });

  it("dry, writes nothing, and says whether the flag system would take it", { tags: ["soak"] }, async () => {
    const { world, agent } = await started();
    const before = (await world.ledger()).length;
    expect(await drill(agent, { isDry: true })).toMatchObject({
      outcome: "planned",
      plan: { isPossible: true, problem: "" },
    });
    world.target.behave("refuse-writes");
    expect(await drill(agent, { isDry: true })).toMatchObject({
      plan: { isPossible: false, problem: expect.stringContaining("writes are refused") },
    });
    expect([(await world.ledger()).length, world.target.writes]).toEqual([before, [0.2]]);
  });
});
