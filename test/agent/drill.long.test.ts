import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drillSteps, drillsOf, lastDrill } from "../../lifecycle/drills.ts";
import { openTestStore, type TestStore } from "../store/test-store.ts";
import { DRAINED, HEALTHY, ILL, type RunnerAgent, type RunnerWorld, runnerWorld } from "./runner-world.ts";

let database: TestStore;
beforeAll(async () => {
  database = await openTestStore();
});
afterAll(() => database.end());

const STEADY = { stages: "stages: [{ canary: 20%, for: 1d }]" };

const started = async (parts: Parameters<typeof runnerWorld>[1] = {}) => {
  const world = runnerWorld(database.store(), { ...STEADY, ...parts });
  const agent = world.agent();
  await world.run(agent, 4, HEALTHY);
  return { world, agent };
};

const drill = ({ runner }: RunnerAgent, more: { readonly isDry?: boolean; readonly key?: string } = {}) =>
  runner.drill({ reason: "friday", by: "ana", isDry: false, ...more });

const newest = async (world: RunnerWorld) => drillsOf(await world.ledger()).at(-1);
const drillTitles = ({ told }: RunnerAgent) => told.filter(({ type }) => type === "drill").map(({ title }) => title);

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

  it("tells whom a rollback would be told to, marked, and for no incident but its own", async () => {
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

  it.each([
    ["refuse-writes", "the flag system is down"],
    ["lie", "written as 0, but the flag reads 0.2"],
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

  it("ends as interrupted when its agent is gone and another starts, which restores the share", async () => {
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

  it("is one, of two agents that are asked at once", async () => {
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

  it("dry, writes nothing, and says whether the flag system would take it", async () => {
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

  it("drills the write alone where the stage serves no canary", async () => {
    const world = runnerWorld(database.store(), STEADY);
    const stages = world.migration.stages.map((stage) => ({ ...stage, share: 0 }));
    const agent = world.agent({ migration: { ...world.migration, stages } });
    await world.run(agent, 2, DRAINED);
    expect(await drill(agent)).toMatchObject({ outcome: "begun" });
    await world.run(agent, 2, DRAINED);
    expect(await newest(world)).toMatchObject({ outcome: "flipped", drain: "nothing-to-drain", restoredShare: 0 });
  });
});
