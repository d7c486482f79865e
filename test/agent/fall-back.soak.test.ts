import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FickleFlagTarget, type FlagMood, fickleFlagTarget } from "../doubles/fickle-flag-target.ts";
import { openTestStore, type TestStore } from "../store/test-store.ts";
import { DRAINED, HEALTHY, ILL, type RunnerAgent, type RunnerWorld, runnerWorld } from "./runner-world.ts";

let database: TestStore;
beforeAll(async () => {
  database = await openTestStore();
});
afterAll(() => database.end());

const ROUTE = "route: { flag: model, target: prod, fallback: [builtin, { target: builtin, flag: spare }] }";

interface FallBackWorld extends RunnerWorld {
  /** The two fallbacks: gates that are open while nothing is wrong. */
  readonly gate: FickleFlagTarget;
  readonly spare: FickleFlagTarget;
  readonly own: () => RunnerAgent;
}

const fallBackWorld = (): FallBackWorld => {
  const world = runnerWorld(database.store(), { route: ROUTE });
  const gate = fickleFlagTarget({}, { target: "builtin", share: 1 });
  const spare = fickleFlagTarget({}, { target: "builtin", flag: "spare", share: 0.6 });
  return { ...world, gate, spare, own: () => world.agent({ fallbacks: [gate, spare] }) };
};

/** Runs until the rollback is decided, with the route's own flag in this mood. */
const rolledBack = async (world: FallBackWorld, mood: FlagMood): Promise<RunnerAgent> => {
  const agent = world.own();
  await world.run(agent, 2, HEALTHY);
  world.target.behave(mood);
  await world.runUntil(agent, "decision", ILL);
  return agent;
};

const titles = (agent: RunnerAgent): readonly string[] =>
  agent.told.map(({ title }) => title).filter((title) => title.startsWith("NOT ROLLED BACK"));

describe("a rollback whose own flag does not follow", () => {
  it.each(["fail", "refuse-writes", "hang", "lie", "contested"] as const)(
    "falls back after the deadline and not before: %s",
    async (mood) => {
      const world = fallBackWorld();
      const agent = await rolledBack(world, mood);
      expect(world.gate.writes).toEqual([]);
      await world.run(agent, 1, ILL);
      expect(world.gate.writes).toEqual([]);
      await world.run(agent, 1, ILL);
      expect([world.gate.share(), world.spare.share()]).toEqual([0, 0.6]);
      expect(agent.runner.history.state()).toMatchObject({
        rollback: {
          isConfirmed: false,
          drain: "pending",
          fallbacks: [{ flag: "model", target: "builtin", isDown: true }],
        },
        unrestored: [{ flag: "model", target: "builtin", before: 1 }],
      });
      expect(titles(agent)).toEqual([expect.stringContaining("fallback model (builtin) is switched off")]);
      expect(agent.runner.snapshot().standing).not.toBe("rolled-back");
    },
  );

  it("is proven by the spans, and its own flag brought down when it comes back", async () => {
    const world = fallBackWorld();
    const agent = await rolledBack(world, "fail");
    await world.run(agent, 2, ILL);
    await world.run(agent, 6, DRAINED);
    expect(agent.runner.history.state().rollback).toMatchObject({ isConfirmed: false, drain: "proven" });
    expect(world.target.share()).toBe(0.2);

    world.target.behave("work");
    await world.run(agent, 1, DRAINED);
    expect(world.target.share()).toBe(0);
    expect(agent.runner.history.state().rollback).toMatchObject({ isConfirmed: true });
    expect(agent.runner.problem()).toBe("");
    expect(world.spare.writes).toEqual([]);
  });

  it("has every try on record, with the fallback it is about", async () => {
    const world = fallBackWorld();
    const agent = await rolledBack(world, "fail");
    world.gate.behave("refuse-writes");
    await world.run(agent, 4, ILL);
    const of = async (type: "flip-intent" | "flip-result" | "flip-readback") =>
      (await world.events(type)).filter(({ fallback }) => fallback !== undefined);
    expect(await of("flip-intent")).toMatchObject([
      { flag: "model", target: "builtin", share: 0, before: 1 },
      { flag: "spare", target: "builtin", share: 0, before: 0.6 },
    ]);
    expect(await of("flip-result")).toMatchObject([
      { fallback: { flag: "model" }, write: { outcome: "failed", why: "transient" } },
      { fallback: { flag: "spare" }, write: { outcome: "written" } },
    ]);
    expect(await of("flip-readback")).toMatchObject([{ fallback: { flag: "spare" }, confirmed: true }]);
  });

  it("tries the next fallback when one fails for its time as well, in their order", async () => {
    const world = fallBackWorld();
    const agent = await rolledBack(world, "fail");
    world.gate.behave("hang");
    await world.run(agent, 3, ILL);
    expect(world.spare.writes).toEqual([]);
    await world.run(agent, 1, ILL);
    expect([world.gate.share(), world.spare.share()]).toEqual([1, 0]);
    expect(titles(agent)).toEqual([
      expect.stringContaining("neither flag model (prod) nor fallback model (builtin) follows"),
      expect.stringContaining("fallback spare (builtin) is switched off"),
    ]);
    // what was tried is brought down as well, when it can be
    world.gate.behave("work");
    await world.run(agent, 1, ILL);
    expect(world.gate.share()).toBe(0);
  });

  it("goes on to the next fallback where one is off and canary calls go on", async () => {
    const world = fallBackWorld();
    const agent = await rolledBack(world, "fail");
    await world.run(agent, 2, ILL);
    expect(world.gate.share()).toBe(0);
    await world.run(agent, 8, ILL);
    expect(agent.runner.history.state().rollback?.drain).toBe("overdue");
    expect(world.spare.share()).toBe(0);
  });

  it("pages for all of it when nothing follows, and keeps trying", async () => {
    const world = fallBackWorld();
    const agent = await rolledBack(world, "fail");
    world.gate.behave("fail");
    world.spare.behave("lie");
    await world.run(agent, 9, ILL);
    expect(titles(agent)).toEqual([
      expect.stringContaining("nor fallback model (builtin) follows"),
      expect.stringContaining("nor fallback spare (builtin) follows"),
      expect.stringContaining("canary calls still arrive"),
    ]);
    expect(agent.runner.history.state().rollback).toMatchObject({ drain: "overdue" });
    world.spare.behave("work");
    await world.run(agent, 1, ILL);
    expect(world.spare.share()).toBe(0);
  });

  it("asks no fallback for anything while its own flag follows", async () => {
    const world = fallBackWorld();
    world.gate.behave("hang");
    const agent = world.own();
    await world.run(agent, 2, HEALTHY);
    await world.run(agent, 4, ILL);
    await world.run(agent, 6, DRAINED);
    expect(world.target.share()).toBe(0);
    expect([world.gate.writes, world.spare.writes]).toEqual([[], []]);
    expect(agent.runner.history.state()).toMatchObject({
      rollback: { drain: "proven", fallbacks: [] },
      unrestored: [],
    });
  });

  it("raises nothing by a fallback", async () => {
    const world = fallBackWorld();
    const agent = world.own();
    world.target.behave("fail");
    await world.run(agent, 8, { baseline: 100 });
    expect([world.gate.writes, world.spare.writes]).toEqual([[], []]);
  });
});

describe("a fallback that was used", () => {
  const rearm = (agent: RunnerAgent) => agent.runner.command({ command: "rearm", reason: "fixed", by: "ada" });

  /** Drained by the first fallback; the own flag is back or not. */
  const used = async (isBack: boolean): Promise<{ readonly world: FallBackWorld; readonly agent: RunnerAgent }> => {
    const world = fallBackWorld();
    const agent = await rolledBack(world, "fail");
    await world.run(agent, 2, ILL);
    if (isBack) world.target.behave("work");
    await world.run(agent, 6, DRAINED);
    return { world, agent };
  };

  it("becomes what it was when the migration is re-armed, once its own flag is in place", async () => {
    const { world, agent } = await used(true);
    expect([world.target.share(), world.gate.share()]).toEqual([0, 0]);
    expect(await rearm(agent)).toEqual({ outcome: "done", problem: "" });
    expect([world.target.share(), world.gate.share()]).toEqual([0.2, 1]);
    expect(world.gate.writes).toEqual([0, 1]);
    expect(agent.runner.history.state()).toMatchObject({ rollback: null, unrestored: [] });
  });

  it("stays down while its own flag is not in place, and while the ledger does not take the intent", async () => {
    const { world, agent } = await used(false);
    await rearm(agent);
    await world.run(agent, 2, { baseline: 100 });
    expect([world.target.share(), world.gate.share()]).toEqual([0.2, 0]);
    world.target.behave("work");
    await world.run(agent, 1, { baseline: 100 });
    expect([world.target.share(), world.gate.share()]).toEqual([0.2, 1]);
  });

  it("is known after a restart: kept down, and restored by the agent that comes after", async () => {
    const { world } = await used(true);
    world.gate.setByHand(0.9);
    const next = world.own();
    await world.run(next, 1, DRAINED);
    expect(world.gate.share()).toBe(0);
    await rearm(next);
    expect(world.gate.share()).toBe(1);
    expect(next.runner.history.state().unrestored).toEqual([]);
  });

  it("is used by the agent that comes after a crash, when its time is up by then", async () => {
    const world = fallBackWorld();
    await rolledBack(world, "fail");
    world.pass(60_000);
    const next = world.own();
    await world.run(next, 1, ILL);
    expect([world.gate.share(), world.spare.share()]).toEqual([0, 0.6]);
  });

  it("is left alone when somebody set it while it was to be restored", async () => {
    const { world, agent } = await used(true);
    world.gate.behave("fail");
    expect(await rearm(agent)).toMatchObject({
      problem: expect.stringContaining("fallback model (builtin) cannot be read"),
    });
    world.gate.behave("work");
    world.gate.setByHand(0.4);
    await world.run(agent, 2, HEALTHY);
    expect(world.gate.share()).toBe(0.4);
    expect(agent.runner.history.state().unrestored).toEqual([]);
    expect(agent.runner.problem()).toBe("");
  });

  it("is owed the first share that was known, over several rollbacks", async () => {
    const { world, agent } = await used(true);
    world.gate.behave("refuse-writes");
    await rearm(agent);
    expect(world.gate.share()).toBe(0);
    await agent.runner.command({ command: "rollback", reason: "again", by: "ada" });
    world.gate.behave("work");
    await world.run(agent, 4, DRAINED);
    await rearm(agent);
    expect(world.gate.share()).toBe(1);
  });

  it("that could not be read before is left to people, who are told once", async () => {
    const world = fallBackWorld();
    const agent = await rolledBack(world, "fail");
    world.gate.behave("blind");
    await world.run(agent, 2, ILL);
    expect(world.gate.share()).toBe(0);
    for (const target of [world.gate, world.target]) target.behave("work");
    await world.run(agent, 5, DRAINED);
    await rearm(agent);
    await world.run(agent, 2, HEALTHY);
    expect(world.gate.share()).toBe(0);
    const pages = agent.told.filter(({ title }) => title.includes("what it served before is not known"));
    expect(pages).toHaveLength(1);
    world.gate.setByHand(1);
    await world.run(agent, 1, HEALTHY);
    expect(agent.runner.problem()).toBe("");
  });

  it("is used and restored once by two agents, and people are told once", async () => {
    const world = fallBackWorld();
    const agents = [world.own(), world.own()] as const;
    await world.run(agents, 2, HEALTHY);
    world.target.behave("fail");
    await world.run(agents, 6, ILL);
    expect(world.gate.writes).toEqual([0]);
    world.target.behave("work");
    await world.run(agents, 6, DRAINED);
    const told = agents.flatMap((agent) => agent.told.map(({ id }) => id));
    expect(new Set(told).size).toBe(told.length);
    expect(told.filter((id) => id.includes("/page/fallback/"))).toHaveLength(1);
    await rearm(agents[0]);
    await world.run(agents, 2, HEALTHY);
    expect(world.gate.writes).toEqual([0, 1]);
    for (const { runner } of agents) expect(runner.history.state().unrestored).toEqual([]);
  });
});
