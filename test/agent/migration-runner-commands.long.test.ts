import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Command } from "../../core/ledger.ts";
import { openTestStore, type TestStore } from "../store/test-store.ts";
import { DRAINED, HEALTHY, ILL, type RunnerAgent, type RunnerWorld, runnerWorld } from "./runner-world.ts";

let database: TestStore;
beforeAll(async () => {
  database = await openTestStore();
});
afterAll(() => database.end());

const give = ({ runner }: RunnerAgent, command: Command, by = "ana") =>
  runner.command({ command, reason: "because", by });

/** The stage the ledger says, to an agent that starts now; what the others noted is in it. */
const stageOf = async (world: RunnerWorld, ...agents: readonly RunnerAgent[]): Promise<number> => {
  for (const { runner } of agents) await runner.history.refresh();
  const fresh = world.agent();
  await fresh.runner.history.refresh();
  return fresh.runner.history.state().stage;
};

const started = async (parts: Parameters<typeof runnerWorld>[1] = {}) => {
  const world = runnerWorld(database.store(), parts);
  const agent = world.agent();
  await world.run(agent, 2, HEALTHY);
  return { world, agent };
};

describe("a person's commands", () => {
  it("roll back at once, without waiting for a tick, under the person's name", async () => {
    const { world, agent } = await started();
    expect(await give(agent, "rollback")).toEqual({ outcome: "done", problem: "" });
    expect(world.target.share()).toBe(0);
    await world.run(agent, 4, DRAINED);
    expect(agent.told.map(({ type }) => type)).toEqual(["stage", "rollback", "drained"]);
    expect(agent.told[1]?.title).toContain("by ana");
    expect((await world.ledger()).find(({ event }) => event.type === "command")).toMatchObject({ by: "ana" });
  });

  it("say so when the flag system does not do what was asked", { tags: ["soak"] }, async () => {
    const { world, agent } = await started();
    world.target.behave("refuse-writes");
    expect(await give(agent, "rollback")).toEqual({ outcome: "done", problem: "flag model: the flag system is down" });
    await agent.notifier.pump();
    expect(agent.told.at(-1)?.title).toContain("ROLLBACK FAILED");
    world.target.behave("work");
    await world.run(agent, 1, DRAINED);
    expect(world.target.share()).toBe(0);
  });

  it("pause and resume the ramp while harm is judged on", { tags: ["soak"] }, async () => {
    const { world, agent } = await started();
    expect(await give(agent, "pause")).toEqual({ outcome: "done", problem: "" });
    await world.run(agent, 16, { canary: 40, baseline: 160 });
    expect(agent.runner.history.state()).toMatchObject({ stage: 0, isPaused: true });
    expect(await give(agent, "resume")).toEqual({ outcome: "done", problem: "" });
    await world.run(agent, 2, { canary: 40, baseline: 160 });
    expect(agent.runner.history.state().stage).toBe(1);
    await give(agent, "pause");
    await world.run(agent, 8, { canary: 100, canaryErrors: 50, baseline: 100 });
    expect(world.target.share()).toBe(0);
  });

  it("advance before the time is up, and the flag follows", async () => {
    const { world, agent } = await started();
    expect(await give(agent, "advance")).toEqual({ outcome: "done", problem: "" });
    expect(world.target.writes).toEqual([0.2, 0.5]);
  });

  it("re-arm after a rollback: the first stage again, judged from here on only, and able to roll back again", async () => {
    const { world, agent } = await started();
    await world.run(agent, 3, ILL);
    await world.run(agent, 4, DRAINED);
    expect(agent.runner.history.state().rollback?.drain).toBe("proven");
    expect(await give(agent, "rearm")).toEqual({ outcome: "done", problem: "" });
    expect(world.target.writes).toEqual([0.2, 0, 0.2]);
    await world.run(agent, 4, HEALTHY);
    expect(agent.runner.history.state()).toMatchObject({ rollback: null, stage: 0 });
    expect(agent.runner.detector.latest()?.verdicts[0]?.evidence.events).toEqual({ canary: 0, baseline: 0 });

    await world.run(agent, 4, ILL);
    await world.run(agent, 4, DRAINED);
    expect(world.target.writes).toEqual([0.2, 0, 0.2, 0]);
    expect(agent.told.map(({ type }) => type)).toEqual([
      "stage",
      "rollback",
      "drained",
      "stage",
      "rollback",
      "drained",
    ]);
    expect(new Set(agent.told.map(({ id }) => id)).size).toBe(6);
  });

  it("mean the same to an agent that starts after them", { tags: ["soak"] }, async () => {
    const { world, agent } = await started();
    await give(agent, "advance");
    await give(agent, "pause");
    const other = world.agent();
    await world.run(other, 1, HEALTHY);
    expect(other.runner.history.state()).toEqual(agent.runner.history.state());
    expect(other.told).toEqual([]);
  });
});

describe("a command that makes no sense now is refused with what to do", () => {
  const twoStages = "stages: [{ canary: 20%, for: 1m }, { canary: 50%, for: 1m, approval: true }]\napprovers: [ana]";
  it.each<[string, readonly Command[], Command, string, string]>([
    ["resume without a pause", [], "resume", "ana", "it is not paused"],
    ["a second pause", ["pause"], "pause", "ana", "it is paused already"],
    ["advance while paused", ["pause"], "advance", "ana", "it is paused; resume it first"],
    ["re-arm without a rollback", [], "rearm", "ana", "it is not rolled back"],
    [
      "advance after a rollback",
      ["rollback"],
      "advance",
      "ana",
      "it is rolled back; nothing moves until it is re-armed",
    ],
    ["resume after a rollback", ["rollback"], "resume", "ana", "nothing moves until it is re-armed"],
    ["a second rollback", ["rollback"], "rollback", "ana", "nothing moves until it is re-armed"],
    ["an approval by somebody else", [], "advance", "bob", "the next stage needs one of its approvers (ana)"],
    ["advance beyond the end", ["advance", "advance"], "advance", "ana", "the last stage is done"],
  ])("%s", async (_what, before, command, by, expected) => {
    const { world, agent } = await started({ stages: twoStages });
    for (const each of before) expect(await give(agent, each)).toMatchObject({ outcome: "done" });
    await agent.runner.history.refresh();
    const ledger = await world.ledger();
    expect(await give(agent, command, by)).toEqual({
      outcome: "refused",
      problem: expect.stringContaining(`${world.migration.name}: `) && expect.stringContaining(expected),
    });
    expect(await world.ledger()).toEqual(ledger);
  });

  it("anything before the first round", async () => {
    const agent = runnerWorld(database.store()).agent();
    expect(await give(agent, "rollback")).toMatchObject({
      outcome: "refused",
      problem: expect.stringContaining("has not started yet"),
    });
  });

  it("but an approval by an approver is taken, and the last stage leads to the end", async () => {
    const { agent } = await started({ stages: twoStages });
    expect(await give(agent, "advance", "ana")).toMatchObject({ outcome: "done" });
    await give(agent, "advance", "bob");
    expect(agent.runner.history.state().stage).toBe(2);
  });
});

describe("a command that comes twice", () => {
  const threeStages = "stages: [{ canary: 20%, for: 1m }, { canary: 50%, for: 1m }, { canary: 80%, for: 1m }]";
  const ask = ({ runner }: RunnerAgent, command: Command, more: { stage?: number; key?: string } = {}) =>
    runner.command({ command, reason: "because", by: "ana", ...more });
  it("advances one stage when two people say so at once, to one agent: the second hears where it is", async () => {
    const { world, agent } = await started({ stages: threeStages });
    const answers = await Promise.all([ask(agent, "advance"), ask(agent, "advance")]);
    expect(answers).toEqual([
      { outcome: "done", problem: "" },
      {
        outcome: "refused",
        problem: `${world.migration.name}: advance was given for stage 1 of 3; it is at stage 2 now`,
      },
    ]);
    expect([await stageOf(world, agent), world.target.share()]).toEqual([1, 0.5]);
  });

  it("advances one stage when two people say so at once, to two agents, over and over", {
    tags: ["soak"],
  }, async () => {
    const world = runnerWorld(database.store(), { stages: threeStages });
    const agents = [world.agent(), world.agent()];
    await world.run(agents, 2, HEALTHY);
    for (const stage of [1, 2, 3]) {
      await Promise.all(agents.map((agent) => ask(agent, "advance")));
      expect(await stageOf(world, ...agents)).toBe(stage);
    }
    for (const { notifier, runner } of agents) {
      await runner.round();
      await notifier.pump();
    }
    const told = agents.flatMap((agent) => agent.told.map(({ title }) => title)).toSorted();
    expect(new Set(told).size).toBe(told.length);
    expect(told).toHaveLength(4);
  });

  it("is refused at another stage than the one it names, before and after", async () => {
    const { agent } = await started({ stages: threeStages });
    for (const [stage, text] of [
      [1, "advance was given for stage 2 of 3; it is at stage 1 now"],
      [7, "advance was given for stage 8 of 3; it is at stage 1 now"],
    ] as const)
      expect(await ask(agent, "advance", { stage })).toMatchObject({
        outcome: "refused",
        problem: expect.stringContaining(text),
      });
    expect(await ask(agent, "advance", { stage: 0 })).toMatchObject({ outcome: "done" });
    await ask(agent, "advance");
    await ask(agent, "advance");
    expect(await ask(agent, "advance", { stage: 0 })).toMatchObject({
      problem: expect.stringContaining("advance was given for stage 1 of 3; its last stage is done now"),
    });
  });

  it.each<[Command, readonly Command[]]>([
    ["pause", []],
    ["resume", ["pause"]],
    ["rollback", []],
    ["rearm", ["rollback"]],
    ["advance", []],
  ])(
    "%s under one key is carried out once and answered alike, at once and later",
    { tags: ["soak"] },
    async (command, before) => {
      const { world, agent } = await started({ stages: threeStages });
      for (const each of before) await ask(agent, each);
      await agent.runner.history.refresh();
      const counted = (await world.events("command")).length;
      const both = await Promise.all([ask(agent, command, { key: "k" }), ask(agent, command, { key: "k" })]);
      expect([...both, await ask(agent, command, { key: "k" })]).toEqual(
        Array.from({ length: 3 }, () => ({ outcome: "done", problem: "" })),
      );
      const other = world.agent();
      await other.runner.history.refresh();
      expect(await ask(other, command, { key: "k" })).toEqual({ outcome: "done", problem: "" });
      await world.run(agent, 1, HEALTHY);
      expect(await world.events("command")).toHaveLength(counted + 1);
      expect(await ask(agent, command === "pause" ? "rollback" : "pause", { key: "k" })).toMatchObject({
        outcome: "refused",
        problem: expect.stringContaining("another command was given under this key"),
      });
    },
  );

  it.each<[Command, readonly Command[]]>([
    ["pause", []],
    ["resume", ["pause"]],
    ["rollback", []],
    ["rearm", ["rollback"]],
  ])("%s to two agents at once is one fact", { tags: ["soak"] }, async (command, before) => {
    const world = runnerWorld(database.store());
    const agents = [world.agent(), world.agent()];
    await world.run(agents, 2, HEALTHY);
    const [first] = agents;
    for (const each of before) if (first !== undefined) await ask(first, each);
    for (const { runner } of agents) await runner.history.refresh();
    const counted = (await world.events("command")).length;
    await Promise.all(agents.map((agent) => ask(agent, command)));
    await world.run(agents, 1, HEALTHY);
    expect(await world.events("command")).toHaveLength(counted + 1);
    expect(agents[0]?.runner.history.state()).toEqual(agents[1]?.runner.history.state());
  });

  it("pauses again after a resume: that is another pause", { tags: ["soak"] }, async () => {
    const { world, agent } = await started();
    for (const command of ["pause", "resume", "pause", "resume"] as const)
      expect(await ask(agent, command)).toEqual({ outcome: "done", problem: "" });
    await world.run(agent, 1, HEALTHY);
    expect(await world.events("command")).toHaveLength(4);
  });
});
