import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drillSteps, drillsOf, lastDrill } from "../../lifecycle/drills.ts";
import { openTestStore, type TestStore } from "../store/test-store.ts";
import { drill, drilledWorld, drillTitles, newest, STEADY } from "./drilled-world.ts";
import { DRAINED, HEALTHY, runnerWorld } from "./runner-world.ts";

let database: TestStore;
beforeAll(async () => {
  database = await openTestStore();
});
afterAll(() => database.end());

const started = (parts?: Parameters<typeof drilledWorld>[1]) => drilledWorld(database.store(), parts);

describe("a drill on a bad day", () => {
  it("fails where canary calls go on after the flip, and says from where", async () => {
    const { world, agent } = await started();
    await drill(agent);
    await world.run(agent, 8, HEALTHY);
    expect(await newest(world)).toMatchObject({ outcome: "failed", drain: "canary-calls" });
    expect((await newest(world))?.why).toContain("pod-1");
    expect(world.target.share()).toBe(0.2);
  });

  it("gives way to a person's rollback", async () => {
    const { world, agent } = await started();
    await drill(agent);
    expect(await agent.runner.command({ command: "rollback", reason: "real", by: "bo" })).toMatchObject({
      outcome: "done",
    });
    await world.run(agent, 4, DRAINED);
    expect(world.target.share()).toBe(0);
    expect(await newest(world)).toMatchObject({ outcome: "interrupted" });
    expect(agent.runner.history.state().rollback?.drain).toBe("proven");
  });

  it("of an agent that falls silent is ended by one that goes on, when its time is up", async () => {
    const { world, agent } = await started();
    const other = world.agent();
    await world.run(other, 1, HEALTHY);
    await drill(agent);
    await world.run(other, 5, DRAINED);
    expect(world.target.share()).toBe(0);
    await world.run(other, 12, DRAINED);
    expect(world.target.share()).toBe(0.2);
    expect(await newest(world)).toMatchObject({
      outcome: "interrupted",
      why: "the agent that ran it is not heard of any more",
    });
  });

  it("loses the store on its way: it does not raise the flag without a record, and does when the store is back", async () => {
    const { world, agent } = await started();
    await drill(agent);
    world.store.behave("fail");
    await world.run(agent, 8, {});
    expect(world.target.share()).toBe(0);
    world.store.behave("work");
    await world.run(agent, 2, HEALTHY);
    expect(world.target.share()).toBe(0.2);
    expect(await newest(world)).toMatchObject({ outcome: "flipped", drain: "not-measured", restoredShare: 0.2 });
  });

  it("does not begin without the store", async () => {
    const { world, agent } = await started();
    world.store.behave("fail");
    expect(await drill(agent)).toMatchObject({
      outcome: "refused",
      problem: expect.stringContaining("ledger cannot be read"),
    });
    expect(world.target.share()).toBe(0.2);
  });

  it("is begun once by one request that comes twice, and not while another runs", async () => {
    const { world, agent } = await started();
    const first = await drill(agent, { key: "k" });
    expect(await drill(agent, { key: "k" })).toEqual(first);
    expect(await drill(agent)).toMatchObject({
      outcome: "refused",
      problem: expect.stringContaining("a drill is under way"),
    });
    expect(await agent.runner.command({ command: "advance", reason: "r", by: "bo" })).toMatchObject({
      outcome: "refused",
    });
    await world.run(agent, 5, DRAINED);
    expect(await drill(agent)).toMatchObject({ outcome: "begun" });
    await world.run(agent, 5, DRAINED);
    expect(world.target.writes).toEqual([0.2, 0, 0.2, 0, 0.2]);
  });

  it("does not begin on a flag that somebody else set, before the start, or after a rollback", async () => {
    const { world, agent } = await started();
    world.target.setByHand(0.1);
    expect(await drill(agent)).toMatchObject({
      outcome: "refused",
      problem: expect.stringContaining("serves 10% instead of 20%"),
    });
    world.target.setByHand(0.2);
    await agent.runner.command({ command: "rollback", reason: "r", by: "bo" });
    expect(await drill(agent)).toMatchObject({ outcome: "refused", problem: expect.stringContaining("rolled back") });
    const fresh = runnerWorld(database.store(), STEADY);
    expect(await drill(fresh.agent())).toMatchObject({
      outcome: "refused",
      problem: expect.stringContaining("not started"),
    });
  });

  it("leaves to somebody what they set the flag to meanwhile", async () => {
    const { world, agent } = await started();
    await drill(agent);
    world.target.setByHand(0.1);
    await world.run(agent, 6, DRAINED);
    expect(world.target.share()).toBe(0.1);
    expect(await newest(world)).toMatchObject({ restoredShare: null });
    expect(agent.runner.history.state().drill).toBeNull();
  });

  it("pages nobody and raises no doubt, during it and after", async () => {
    const { world, agent } = await started();
    await world.run(agent, 30, { canary: 40, baseline: 160 });
    await drill(agent);
    await world.run(agent, 5, DRAINED);
    await world.run(agent, 30, { canary: 40, baseline: 160 });
    expect(agent.runner.detector.latest()?.doubts ?? []).toEqual([]);
    expect(agent.told.filter(({ type }) => type === "page")).toEqual([]);
    expect(await world.events("decision")).toEqual([]);
  });

  it("is known whole to an agent that starts later, with the seconds of each step", async () => {
    const { world, agent } = await started();
    await drill(agent);
    await world.run(agent, 5, DRAINED);
    const later = world.agent();
    await later.runner.history.refresh();
    const [found] = drillsOf(later.runner.history.entries());
    if (found === undefined) throw new Error("no drill");
    expect(Object.entries(drillSteps(found)).filter(([, ms]) => ms === null)).toEqual([]);
    expect(drillSteps(found).drain).toBeGreaterThanOrEqual(5_000);
    expect(lastDrill(later.runner.history.entries())).toMatchObject({ outcome: "proven", seconds: expect.any(Number) });
  });

  it("counts as flipped where too little traffic proves nothing in time, and restores the share all the same", async () => {
    const { world, agent } = await started();
    await drill(agent);
    await world.run(agent, 8, { baseline: 1 });
    expect(await newest(world)).toMatchObject({ outcome: "flipped", drain: "too-little-traffic", restoredShare: 0.2 });
    expect(world.target.share()).toBe(0.2);
    expect(drillTitles(agent).at(-1)).toContain("drain not measured");
  });

  it("written and not to be read back, fails, and is undone as soon as the flag can be read", async () => {
    const { world, agent } = await started();
    const { setShare } = world.target;
    const blind = {
      ...world.target,
      setShare: (...args: Parameters<typeof setShare>) => {
        world.target.behave("blind");
        return setShare(...args);
      },
    };
    const other = world.agent({ target: blind });
    await world.run([other], 1, HEALTHY);
    await drill(other);
    expect(world.target.share()).toBe(0);
    await world.run(other, 1, DRAINED);
    expect(other.runner.history.state().drill).not.toBeNull();
    world.target.behave("work");
    await world.run([agent], 2, DRAINED);
    expect(world.target.share()).toBe(0.2);
    expect(await newest(world)).toMatchObject({ outcome: "failed", restoredShare: 0.2 });
  });

  it("drills the write alone where the stage serves no canary", async () => {
    const world = runnerWorld(database.store(), STEADY);
    const stages = world.migration.stages.map((stage) => ({ ...stage, share: 0 }));
    const agent = world.agent({ migration: { ...world.migration, stages } });
    await world.run(agent, 2, DRAINED);
    expect(await drill(agent)).toMatchObject({ outcome: "begun" });
    await world.run(agent, 2, DRAINED);
    expect(await newest(world)).toMatchObject({ outcome: "flipped", drain: "nothing-to-drain", restoredShare: 0 });
  });

  it.each([
    ["hang", "no answer within"],
    ["fail", "the flag system is down"],
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
});
