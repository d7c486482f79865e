import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestStore, type TestStore } from "../store/test-store.ts";
import { mortal } from "./mortal-agent.ts";
import { DRAINED, HEALTHY, ILL, runnerWorld } from "./runner-world.ts";

let database: TestStore;
beforeAll(async () => {
  database = await openTestStore();
});
afterAll(() => database.end());

const typesOf = (notices: readonly { readonly type: string }[]): readonly string[] => notices.map(({ type }) => type);
const sorted = (values: readonly string[]): readonly string[] => values.toSorted();

describe("an agent that is killed in the middle of a rollback", () => {
  type Step = Parameters<typeof mortal>[2];
  const TITLE = "after its %s is followed by one that finishes the job, exactly once";
  const isFinished = async (after: Step): Promise<void> => {
    const world = runnerWorld(database.store());
    const { store, target, died, isDead } = mortal(world.store, world.target, after);
    const first = world.agent({ store, target });
    const live = async (): Promise<void> => {
      const days = [HEALTHY, HEALTHY, ILL, ILL, ILL, DRAINED, DRAINED, DRAINED, DRAINED, DRAINED];
      for (const traffic of days) if (!isDead()) await world.run(first, 1, traffic);
    };
    await Promise.race([died, live()]);
    expect(isDead()).toBe(true);
    const toldBefore = typesOf(first.told);

    world.pass(60_000);
    const second = world.agent();
    await world.run(second, 5, DRAINED);
    expect(world.target.writes).toEqual([0.2, 0]);
    const decisions = (await world.events("decision")).filter(({ decision }) => decision.kind === "rollback");
    expect(decisions).toHaveLength(1);
    expect((await world.events("flip-readback")).filter(({ state }) => state.share === 0).length).toBeLessThanOrEqual(
      2,
    );
    expect(second.runner.history.state().rollback).toMatchObject({ isConfirmed: true, drain: "proven" });
    expect(sorted([...toldBefore, ...typesOf(second.told)])).toEqual(["drained", "rollback", "stage"]);
  };
  it.each<Step>(["flag-write"])(TITLE, isFinished);
  it.each<Step>(["rollback-decision", "flip-intent", "flip-result", "flip-readback", "notice", "drain-proven"])(
    TITLE,
    { tags: ["soak"] },
    isFinished,
  );

  it("judges the same after a restart as it would have without", { tags: ["soak"] }, async () => {
    const world = runnerWorld(database.store());
    const first = world.agent();
    await world.run(first, 6, { ...HEALTHY, canaryErrors: 1 });
    const second = world.agent();
    await second.runner.round();
    expect(second.runner.detector.latest()).toEqual(first.runner.detector.latest());
    await world.run([first, second], 2, HEALTHY);
    expect(second.runner.detector.latest()).toEqual(first.runner.detector.latest());
  });

  it("judges what arrived while it was away", { tags: ["soak"] }, async () => {
    const world = runnerWorld(database.store());
    const first = world.agent();
    await world.run(first, 2, HEALTHY);
    world.pass(240_000);
    await world.calls({ canary: 100, canaryErrors: 40, baseline: 400 }, 200_000, world.now() - 20_000);
    const second = world.agent();
    await world.run(second, 1, { baseline: 10 });
    expect(second.runner.history.state().rollback).not.toBeNull();
    expect(world.target.share()).toBe(0);
  });
});

describe("a store that is away", () => {
  it("does not keep a decided rollback from switching the flag off, and the ledger catches up", {
    tags: ["soak"],
  }, async () => {
    const world = runnerWorld(database.store());
    const agent = world.agent();
    await world.run(agent, 2, HEALTHY);
    world.target.behave("fail");
    await world.run(agent, 3, ILL);
    expect(agent.runner.history.state().rollback).not.toBeNull();

    world.store.behave("fail");
    world.target.behave("work");
    await world.run(agent, 1);
    expect(world.target.share()).toBe(0);
    expect(agent.runner.problem()).toContain("the ledger cannot be read: the store is down");
    expect(typesOf(agent.told)).toContain("rollback");

    world.store.behave("work");
    await world.run(agent, 4, DRAINED);
    expect(await world.events("flip-readback")).toMatchObject([{ state: { share: 0.2 } }, { state: { share: 0 } }]);
    expect(agent.runner.history.state().rollback?.drain).toBe("proven");
    expect(world.target.writes).toEqual([0.2, 0]);
  });

  it("does not keep a person from rolling back, even when it hangs", { tags: ["soak"] }, async () => {
    const world = runnerWorld(database.store());
    const agent = world.agent();
    await world.run(agent, 2, HEALTHY);
    world.store.behave("hang");
    const asked = agent.runner.command({ command: "rollback", reason: "users complain", by: "ana" });
    expect(await asked).toEqual({ outcome: "done", problem: "" });
    expect(world.target.share()).toBe(0);
    world.store.behave("work");
    await world.runUntil(agent, "command", DRAINED);
    expect(await world.events("command")).toMatchObject([{ command: "rollback", reason: "users complain" }]);
  });

  it("keeps exposure from rising, because that needs a record", { tags: ["soak"] }, async () => {
    const world = runnerWorld(database.store());
    const agent = world.agent();
    await world.run(agent, 2, HEALTHY);
    world.store.behave("fail");
    await agent.runner.command({ command: "advance", reason: "hurry", by: "ana" });
    expect(world.target.share()).toBe(0.2);
    world.store.behave("work");
    await world.run(agent, 1);
    expect(world.target.share()).toBe(0.5);
  });

  it.each(["fail", "unreadable"] as const)("is not taken for an empty ledger: %s", { tags: ["soak"] }, async (mood) => {
    const world = runnerWorld(database.store());
    const first = world.agent();
    await world.run(first, 4, ILL);
    expect(world.target.share()).toBe(0);

    world.store.behave(mood);
    const second = world.agent();
    await world.run(second, 2);
    expect(second.runner.history.isKnown()).toBe(false);
    expect(second.runner.problem()).toContain("the ledger cannot be read");
    expect(world.target.share()).toBe(0);
    expect(await second.runner.command({ command: "rearm", reason: "x", by: "ana" })).toMatchObject({
      outcome: "refused",
    });
    world.store.behave("work");
    await world.run(second, 1, DRAINED);
    expect(second.runner.history.state().rollback).not.toBeNull();
    expect(world.target.share()).toBe(0);
    expect(await world.events("started")).toHaveLength(1);
  });

  it("is caught up with when it is back: nothing that arrived meanwhile stays unjudged", {
    tags: ["soak"],
  }, async () => {
    const world = runnerWorld(database.store());
    const agent = world.agent();
    await world.run(agent, 2, HEALTHY);
    world.store.behave("fail");
    await world.run(agent, 4, HEALTHY);
    expect(agent.runner.problem()).toContain("not judged");
    world.store.behave("work");
    await world.run(agent, 2, HEALTHY);
    expect(agent.runner.detector.latest()?.verdicts[0]?.evidence.n).toEqual({ canary: 120, baseline: 480 });
  });
});

describe("two agents on one store", () => {
  it("decide once, flip once and tell once", async () => {
    const world = runnerWorld(database.store());
    const [a, b] = [world.agent(), world.agent()];
    await world.run([a, b], 2, HEALTHY);
    await world.run([b, a], 3, ILL);
    await world.run([a, b], 4, DRAINED);
    expect(world.target.writes).toEqual([0.2, 0]);
    expect(sorted(typesOf([...a.told, ...b.told]))).toEqual(["drained", "rollback", "stage"]);
    expect(await world.events("started")).toHaveLength(1);
    expect(await world.events("decision")).toHaveLength(1);
    expect(await world.events("drain-proven")).toHaveLength(1);
    expect(a.runner.history.state()).toEqual(b.runner.history.state());
  });

  it("agree on the stored version of a fact that both wrote down at two moments, and tell it as one", {
    tags: ["soak"],
  }, async () => {
    const world = runnerWorld(database.store());
    const [a, b] = [world.agent(), world.agent({ skewMs: 300 })];
    await Promise.all([a.runner.round(), b.runner.round()]);
    await world.run([a, b], 4, HEALTHY);
    expect(a.runner.history.state()).toEqual(b.runner.history.state());
    expect(new Set(world.target.writes)).toEqual(new Set([0.2]));
    expect(new Set([...a.told, ...b.told].map(({ id }) => id)).size).toBe(1);
  });

  it("judge the same when one falls behind the other", { tags: ["soak"] }, async () => {
    const world = runnerWorld(database.store());
    const [quick, slow] = [world.agent(), world.agent()];
    await world.run([quick, slow], 1, HEALTHY);
    await world.run(quick, 6, { ...HEALTHY, canaryErrors: 1 });
    await world.run([slow, quick], 1, HEALTHY);
    await world.run([quick, slow], 1, HEALTHY);
    expect(slow.runner.detector.latest()).toEqual(quick.runner.detector.latest());
    expect(slow.runner.problem()).toBe("");
  });

  it("go on when both catch up after an outage and cut the time differently", { tags: ["soak"] }, async () => {
    const world = runnerWorld(database.store());
    const [a, b] = [world.agent(), world.agent()];
    await world.run([a, b], 2, HEALTHY);
    await world.run(a, 1, HEALTHY);
    world.pass(120_000);
    await Promise.all([a.runner.round(), b.runner.round()]);
    await world.run([a, b], 3, ILL);
    await world.run([a, b], 3, ILL);
    expect([a.runner.problem(), b.runner.problem()]).toEqual(["", ""]);
    expect(a.runner.detector.lastTick()).toBe(b.runner.detector.lastTick());
    expect(world.target.share()).toBe(0);
  });
});
