import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestStore, type TestStore } from "../store/test-store.ts";
import { DRAINED, HEALTHY, ILL, runnerWorld } from "./runner-world.ts";

let database: TestStore;
beforeAll(async () => {
  database = await openTestStore();
});
afterAll(() => database.end());

const typesOf = (notices: readonly { readonly type: string }[]): readonly string[] => notices.map(({ type }) => type);

describe("a flag system that misbehaves during a rollback", () => {
  type Mood = Parameters<ReturnType<typeof runnerWorld>["target"]["behave"]>[0];
  type Row = [what: string, mood: Mood, detail: string];
  const TITLE = "pages ROLLBACK FAILED when it %s, and tries until it works";
  const isTried = async (_what: string, mood: Mood, detail: string): Promise<void> => {
    const world = runnerWorld(database.store());
    const agent = world.agent();
    await world.run(agent, 2, HEALTHY);
    world.target.behave(mood);
    await world.run(agent, 4, ILL);
    expect(world.target.share()).toBe(0.2);
    expect(typesOf(agent.told)).toEqual(["stage", "page"]);
    expect(agent.told[1]?.title).toContain("ROLLBACK FAILED");
    expect(agent.told[1]?.summary).toContain(detail);
    expect(agent.runner.problem()).not.toBe("");
    expect(agent.runner.history.state().rollback).toMatchObject({ isConfirmed: false });

    world.target.behave("work");
    await world.run(agent, 3, DRAINED);
    expect(world.target.writes).toEqual([0.2, 0]);
    expect(typesOf(agent.told)).toEqual(["stage", "page", "rollback", "drained"]);
    expect(agent.runner.problem()).toBe("");
  };
  it.each<Row>([["lies about the write", "lie", "the flag reads 20%"]])(TITLE, isTried);
  it.each<Row>([
    ["refuses the write", "refuse-writes", "the flag system is down"],
    ["is down altogether", "fail", "the flag system is down"],
    ["hangs", "hang", "no answer within 200 ms"],
  ])(TITLE, { tags: ["soak"] }, isTried);

  it("pages when the write cannot be read back, because nobody knows then", { tags: ["soak"] }, async () => {
    const world = runnerWorld(database.store());
    const agent = world.agent();
    await world.run(agent, 2, HEALTHY);
    world.target.behave("blind");
    await world.run(agent, 3, ILL);
    expect(world.target.share()).toBe(0);
    expect(agent.told[1]).toMatchObject({
      type: "page",
      summary: expect.stringContaining("it could not be read back"),
    });
    world.target.behave("work");
    await world.run(agent, 1, DRAINED);
    expect(typesOf(agent.told)).toContain("rollback");
  });

  it("proves no drain before the flag was switched, even when no canary call comes in", {
    tags: ["soak"],
  }, async () => {
    const world = runnerWorld(database.store());
    const agent = world.agent();
    await world.run(agent, 2, HEALTHY);
    world.target.behave("refuse-writes");
    await world.run(agent, 3, ILL);
    await world.run(agent, 4, DRAINED);
    expect(typesOf(agent.told)).toEqual(["stage", "page"]);
    expect(agent.runner.history.state().rollback?.drain).not.toBe("proven");
  });

  it("counts a flag that somebody had already switched off as rolled back, without a write", {
    tags: ["soak"],
  }, async () => {
    const world = runnerWorld(database.store());
    const agent = world.agent();
    await world.run(agent, 2, HEALTHY);
    world.target.behave("refuse-writes");
    await world.run(agent, 3, ILL);
    world.target.setByHand(0);
    await world.run(agent, 2, DRAINED);
    expect(world.target.writes).toEqual([0.2]);
    expect(agent.runner.history.state().rollback).toMatchObject({ isConfirmed: true });
    expect(typesOf(agent.told)).toContain("rollback");
  });

  it("switches the flag off again when somebody switches it on while latched", { tags: ["soak"] }, async () => {
    const world = runnerWorld(database.store());
    const agent = world.agent();
    await world.run(agent, 4, ILL);
    world.target.setByHand(0.5);
    await world.run(agent, 1, DRAINED);
    expect(world.target.share()).toBe(0);
  });
});

describe("canary calls that go on after the flip", () => {
  it("page NOT ROLLED BACK with the instances, and the proof follows when they stop", async () => {
    const world = runnerWorld(database.store());
    const agent = world.agent();
    await world.run(agent, 4, ILL);
    expect(world.target.share()).toBe(0);
    await world.run(agent, 7, { canary: 5, baseline: 80, instance: "pod-stuck" });
    const page = agent.told.at(-1);
    expect(page).toMatchObject({ type: "page", title: expect.stringContaining("NOT ROLLED BACK") });
    expect(page?.summary).toContain("pod-stuck");
    expect(agent.runner.history.state().rollback?.drain).toBe("overdue");

    await world.run(agent, 6, DRAINED);
    expect(agent.runner.history.state().rollback?.drain).toBe("proven");
    expect(typesOf(agent.told)).toEqual(["stage", "rollback", "page", "drained"]);
    expect(await world.events("drain-overdue")).toHaveLength(1);
  });

  it("that come back after the proof undo it: people are paged, and the proof is made anew when they stop", {
    tags: ["soak"],
  }, async () => {
    const world = runnerWorld(database.store());
    const [agent, other] = [world.agent(), world.agent()];
    await world.run([agent, other], 4, ILL);
    await world.run([agent, other], 6, DRAINED);
    expect(agent.runner.snapshot().standing).toBe("rolled-back");

    await world.run([agent, other], 3, { ...DRAINED, canary: 1, instance: "pod-restarted" });
    expect(agent.runner.snapshot().standing).toBe("not-rolled-back");
    const page = agent.told.concat(other.told).find(({ title }) => title.includes("canary calls are back"));
    expect(page?.summary).toContain("pod-restarted");

    await world.run([agent, other], 8, DRAINED);
    expect(agent.runner.snapshot().standing).toBe("rolled-back");
    await world.run([agent, other], 2, { ...DRAINED, canary: 1 });
    expect(await world.events("drain-reopened")).toHaveLength(2);
    const again = (await world.events("flip-readback")).filter(({ action }) => /rollback:0:\d$/.test(action));
    expect(again).toMatchObject([{ confirmed: true }, { confirmed: true }]);
    const told = agent.told.concat(other.told).map(({ id }) => id);
    expect(new Set(told).size).toBe(told.length);
    expect(told.filter((id) => /drained|canary-returned/.test(id)).map((id) => id.replace(/^[^/]+/, ""))).toEqual([
      "/drained",
      "/page/canary-returned/1",
      "/drained/1",
      "/page/canary-returned/2",
    ]);
  });

  it("that come back an hour later, without an instance, are seen as well", { tags: ["soak"] }, async () => {
    const world = runnerWorld(database.store());
    const agent = world.agent();
    await world.run(agent, 4, { ...ILL, canaryFields: { instance: "" } });
    await world.run(agent, 4, DRAINED);
    expect(agent.runner.snapshot().standing).toBe("rolled-back");
    world.pass(3_600_000);
    await world.run(agent, 1, DRAINED);
    expect(agent.runner.snapshot().standing).toBe("rolled-back");
    await world.run(agent, 1, { ...DRAINED, canary: 1, canaryFields: { instance: "" } });
    expect(agent.runner.snapshot().standing).toBe("not-rolled-back");
    const page = agent.told.find(({ title }) => title.includes("canary calls are back"));
    expect(page?.summary).toContain("calls without service.instance.id");
  });

  it("that started before the proof and arrive after it undo nothing", { tags: ["soak"] }, async () => {
    const world = runnerWorld(database.store());
    const agent = world.agent();
    await world.run(agent, 4, ILL);
    const flippedAt = world.now();
    await world.run(agent, 6, DRAINED);
    await world.calls({ canary: 3 }, 2_000, flippedAt - 5_000);
    await world.run(agent, 2, DRAINED);
    expect(agent.runner.snapshot().standing).toBe("rolled-back");
  });

  it("are seen after a restart, and by an agent that could not read the spans for a while", {
    tags: ["soak"],
  }, async () => {
    const world = runnerWorld(database.store());
    const agent = world.agent();
    await world.run(agent, 4, ILL);
    await world.run(agent, 6, DRAINED);
    world.store.behave("fail");
    await world.run(agent, 2, { ...DRAINED, canary: 1 });
    expect(agent.runner.problem()).toContain("came back");
    world.store.behave("work");
    const restarted = world.agent();
    await world.run(restarted, 1, DRAINED);
    expect(restarted.runner.snapshot().standing).toBe("not-rolled-back");
  });

  it("page nobody while the flag system says that apps may still go by the share before", {
    tags: ["soak"],
  }, async () => {
    const world = runnerWorld(database.store(), {}, { propagationMs: 60_000 });
    const agent = world.agent();
    await world.run(agent, 4, ILL);
    expect(world.target.share()).toBe(0);
    await world.run(agent, 8, HEALTHY);
    expect(typesOf(agent.told)).not.toContain("page");
    await world.run(agent, 14, HEALTHY);
    expect(typesOf(agent.told)).toContain("page");
  });

  it("are not taken for gone because all traffic is gone", { tags: ["soak"] }, async () => {
    const world = runnerWorld(database.store());
    const agent = world.agent();
    await world.run(agent, 4, ILL);
    expect(world.target.share()).toBe(0);
    await world.run(agent, 8);
    expect(agent.runner.history.state().rollback?.drain).toBe("overdue");
    expect(agent.told.at(-1)?.title).toContain("no calls arrived since");
  });
});

describe("somebody else's hand on the flag, while nothing is wrong", () => {
  it("is left alone and paged once", { tags: ["soak"] }, async () => {
    const world = runnerWorld(database.store());
    const agent = world.agent();
    await world.run(agent, 2, HEALTHY);
    world.target.setByHand(0.07);
    await world.run(agent, 3, HEALTHY);
    expect(world.target.share()).toBe(0.07);
    expect(typesOf(agent.told)).toEqual(["stage", "page"]);
    expect(agent.told[1]?.summary).toContain("serves 7% instead of 20%");
  });

  it("does not stand before a rollback", { tags: ["soak"] }, async () => {
    const world = runnerWorld(database.store());
    const agent = world.agent();
    await world.run(agent, 2, HEALTHY);
    world.target.setByHand(0.6);
    await world.run(agent, 4, ILL);
    expect(world.target.share()).toBe(0);
  });
});
