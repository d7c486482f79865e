import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestStore, type TestStore } from "../store/test-store.ts";
import { DRAINED, HEALTHY, ILL, runnerWorld } from "./runner-world.ts";

let database: TestStore;
beforeAll(async () => {
  database = await openTestStore();
});
afterAll(() => database.end());

const typesOf = (notices: readonly { readonly type: string }[]): readonly string[] => notices.map(({ type }) => type);

describe("a migration under way", () => {
  it("begins at its first stage, with the flag set and read back, and says so once", async () => {
    const world = runnerWorld(database.store());
    const agent = world.agent();
    await world.run(agent, 3);
    expect(world.target.writes).toEqual([0.2]);
    expect(agent.runner.history.state()).toMatchObject({ hash: world.migration.hash, stage: 0, rollback: null });
    expect(await world.events("started")).toHaveLength(1);
    expect(await world.events("flip-readback")).toMatchObject([{ confirmed: true, state: { share: 0.2 } }]);
    expect(agent.told).toMatchObject([{ type: "stage", title: expect.stringContaining("stage 1 of 3, canary 20%") }]);
    expect(agent.runner.problem()).toBe("");
  });

  it("goes on while the canary is healthy, and nobody is bothered", { tags: ["soak"] }, async () => {
    const world = runnerWorld(database.store());
    const agent = world.agent();
    await world.run(agent, 8, HEALTHY);
    expect(agent.runner.history.state()).toMatchObject({ stage: 0, rollback: null, isPaused: false });
    expect(agent.runner.detector.latest()?.verdicts[0]?.evidence.n).toEqual({ canary: 120, baseline: 480 });
    expect(world.target.writes).toEqual([0.2]);
    expect(typesOf(agent.told)).toEqual(["stage"]);
  });

  it("rolls a failing canary back once: one decision, one write, one message, then the proof", async () => {
    const world = runnerWorld(database.store());
    const agent = world.agent();
    await world.run(agent, 2, HEALTHY);
    await world.run(agent, 3, ILL);
    expect(world.target.writes).toEqual([0.2, 0]);
    await world.run(agent, 4, DRAINED);

    const rollbacks = (await world.events("decision")).filter(({ decision }) => decision.kind === "rollback");
    expect(rollbacks).toMatchObject([
      { decision: { rule: "error" }, judgement: { verdicts: [{ outcome: "breach" }] } },
    ]);
    expect(await world.events("drain-proven")).toHaveLength(1);
    expect(typesOf(agent.told)).toEqual(["stage", "rollback", "drained"]);
    expect(agent.runner.history.state().rollback).toMatchObject({
      isConfirmed: true,
      drain: "proven",
      shareBefore: 0.2,
    });

    const before = await world.ledger();
    await world.run(agent, 5, DRAINED);
    expect(await world.ledger()).toEqual(before);
    expect(agent.told).toHaveLength(3);
    expect(world.target.writes).toEqual([0.2, 0]);
  });

  it("writes the intent down before it touches the flag, and the reading after", { tags: ["soak"] }, async () => {
    const world = runnerWorld(database.store());
    const agent = world.agent();
    await world.run(agent, 1, HEALTHY);
    await world.run(agent, 4, ILL);
    const types = (await world.ledger()).map(({ event }) => event.type);
    const from = types.lastIndexOf("decision");
    expect(types.slice(from, from + 4)).toEqual(["decision", "flip-intent", "flip-result", "flip-readback"]);
  });

  it("does not roll back to a baseline that is as ill, and pages once", { tags: ["soak"] }, async () => {
    const world = runnerWorld(database.store());
    const agent = world.agent();
    await world.run(agent, 12, { canary: 20, canaryErrors: 8, baseline: 80, baselineErrors: 32 });
    expect(agent.runner.history.state().rollback).toBeNull();
    expect(world.target.share()).toBe(0.2);
    expect(typesOf(agent.told)).toEqual(["stage", "page"]);
    expect(agent.told[1]?.summary).toContain("the baseline is beyond the limit too");
  });

  it("judges calls that arrive late, in the tick after they arrived", async () => {
    const world = runnerWorld(database.store());
    const agent = world.agent();
    await world.run(agent, 6, { baseline: 80 });
    await world.calls({ canary: 60, canaryErrors: 24 }, 15_000);
    await world.run(agent, 2, { baseline: 80 });
    expect(agent.runner.history.state().rollback).not.toBeNull();
    expect(agent.runner.detector.latest()?.verdicts[0]?.evidence.n.canary).toBe(60);
  });

  it("does not judge what happened before it began", { tags: ["soak"] }, async () => {
    const world = runnerWorld(database.store());
    await world.calls({ canary: 200, canaryErrors: 100, baseline: 200 }, 60_000);
    const agent = world.agent();
    await world.run(agent, 4, HEALTHY);
    expect(agent.runner.history.state().rollback).toBeNull();
    expect(agent.runner.detector.latest()?.verdicts[0]?.evidence.n.canary).toBeLessThanOrEqual(80);
  });
});

describe("where it stands", () => {
  it("is written down whenever it changes, once, also by two agents and after a command", {
    tags: ["soak"],
  }, async () => {
    const world = runnerWorld(database.store());
    const agents = [world.agent(), world.agent()];
    await world.run(agents, 2, HEALTHY);
    await agents[0]?.runner.command({ command: "pause", reason: "a look", by: "ana" });
    await world.run(agents, 1, HEALTHY);
    await agents[1]?.runner.command({ command: "resume", reason: "fine", by: "ana" });
    await world.run(agents, 4, ILL);
    await world.run(agents, 4, DRAINED);
    const standings = (await world.events("standing")).map(({ standing, share }) => [standing, share]);
    expect(standings).toEqual([
      ["running", 0.2],
      ["paused", 0.2],
      ["running", 0.2],
      ["rolling-back", 0],
      ["rolled-back", 0],
    ]);
  });
});

describe("the ramp", () => {
  it("advances when every rule is clear and the time is up, not before", async () => {
    const world = runnerWorld(database.store());
    const agent = world.agent();
    await world.run(agent, 11, { canary: 40, baseline: 160 });
    expect(agent.runner.history.state().stage).toBe(0);
    await world.run(agent, 4, { canary: 40, baseline: 160 });
    expect(agent.runner.history.state().stage).toBe(1);
    expect(world.target.writes).toEqual([0.2, 0.5]);
    expect(typesOf(agent.told)).toEqual(["stage", "stage"]);
  });

  it("never advances on too little evidence, however long it takes", { tags: ["soak"] }, async () => {
    const world = runnerWorld(database.store());
    const agent = world.agent();
    await world.run(agent, 20, { canary: 1, baseline: 4 });
    expect(agent.runner.history.state().stage).toBe(0);
    expect(agent.runner.detector.latest()?.verdicts[0]).toMatchObject({ outcome: "undecided", why: "too-few" });
  });

  it("ends after the last stage with its share kept, and says so", { tags: ["soak"] }, async () => {
    const world = runnerWorld(database.store(), { stages: "stages: [{ canary: 20%, for: 1s }]" });
    const agent = world.agent();
    await world.run(agent, 8, { canary: 40, baseline: 160 });
    expect(agent.runner.history.state().stage).toBe(1);
    expect(world.target.writes).toEqual([0.2]);
    expect(agent.told.at(-1)?.title).toBe(`${world.migration.name}: done, the candidate keeps 20%`);
    await world.run(agent, 8, ILL);
    expect(world.target.share()).toBe(0);
  });

  it("stops once at a rule of severity pause, and a person's word to go on stands", { tags: ["soak"] }, async () => {
    const world = runnerWorld(database.store(), {
      rules: "rules: [{ signal: error, limit: 5%, unit: absolute, severity: pause }]",
    });
    const agent = world.agent();
    await world.run(agent, 5, ILL);
    expect(agent.runner.history.state().isPaused).toBe(true);
    expect(world.target.share()).toBe(0.2);
    await agent.runner.command({ command: "resume", reason: "known", by: "ana" });
    await world.run(agent, 2, ILL);
    expect(agent.runner.history.state().isPaused).toBe(false);
    expect(typesOf(agent.told)).toEqual(["stage", "pause"]);
  });
});
