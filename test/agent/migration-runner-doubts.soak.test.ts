import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createEngine } from "../../detectors/engine.ts";
import { aBatch, aSpan } from "../store/a-span.ts";
import { openTestStore, type TestStore } from "../store/test-store.ts";
import { HEALTHY, type RunnerAgent, type RunnerWorld, runnerWorld, type Traffic } from "./runner-world.ts";

let database: TestStore;
beforeAll(async () => {
  database = await openTestStore();
});
afterAll(() => database.end());

const MINUTE = 60_000;
const LONG = "stages: [{ canary: 20%, for: 10m }, { canary: 50%, for: 1m }]";

/** Lets `minutes` pass with calls in each, then a round: the agent catches up in slices of a minute. */
const pass = async (world: RunnerWorld, agents: readonly RunnerAgent[], minutes: number, traffic: Traffic) => {
  for (let minute = 0; minute < minutes; minute++) {
    world.pass(MINUTE);
    await world.calls(traffic, MINUTE);
  }
  await world.run(agents, 1, traffic);
};

const pages = ({ told }: RunnerAgent): readonly string[] =>
  told.filter(({ type }) => type === "page").map(({ summary }) => summary);

const whyOf = ({ runner }: RunnerAgent): string | undefined => {
  const verdict = runner.detector.latest()?.verdicts[0];
  return verdict?.outcome === "undecided" ? verdict.why : verdict?.outcome;
};

const STEADY: Traffic = { canary: 50, baseline: 200 };
const served = (model: string): Traffic => ({ ...STEADY, canaryFields: { response_model: model } });

describe("another model behind the canary's name", () => {
  it("is told once, by two agents and after a restart alike; a healthy canary goes on when there are calls enough", async () => {
    const world = runnerWorld(database.store(), { stages: LONG });
    const agents = [world.agent(), world.agent()];
    await world.run(agents, 1);
    await pass(world, agents, 12, served("m-1"));
    // The round that catches up looks at what an advance waits for, and the next one goes by it.
    await world.run(agents, 1, served("m-1"));
    expect(agents[0]?.runner.history.state().stage).toBe(1);
    await pass(world, agents, 8, served("m-2"));
    const told = agents.flatMap(pages);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain("response model of the canary was m-1, is m-2");
    expect(told[0]).toContain("pin the model's version");
    const later = world.agent();
    await world.run([...agents, later], 2, served("m-2"));
    expect([...agents, later].flatMap(pages)).toHaveLength(1);
    expect((await world.events("decision")).filter(({ decision }) => decision.kind === "page")).toHaveLength(1);
  });

  it("stands in the judgement with old and new, and a replay of the stored ticks says the same", async () => {
    const world = runnerWorld(database.store(), { stages: "stages: [{ canary: 20%, for: 4h }]" });
    const agent = world.agent();
    await world.run(agent, 1);
    await pass(world, [agent], 12, served("m-1"));
    await pass(world, [agent], 7, served("m-2"));
    const judgement = agent.runner.detector.latest();
    expect(whyOf(agent)).toBe("response-model-changed");
    expect(judgement?.doubts).toMatchObject([
      { reason: "response-model-changed", detail: "response model of the canary was m-1, is m-2" },
    ]);
    const engine = createEngine(world.migration);
    let replayed = null;
    for await (const tick of database.store().readTicks(world.migration.name, agent.runner.history.state().since + 1)) {
      replayed = engine.step(tick);
    }
    expect(replayed).toEqual(judgement);
  });
});

describe("a candidate that never ran", () => {
  it("holds a healthy migration, pages once, and goes on by itself when the app calls it", async () => {
    const world = runnerWorld(database.store(), { stages: LONG });
    const agents = [world.agent(), world.agent()];
    await world.run(agents, 1);
    await pass(world, agents, 12, { ...STEADY, canaryFields: { request_model: "old", response_model: "old" } });
    expect(agents[0]?.runner.history.state().stage).toBe(0);
    expect(agents.map(whyOf)).toEqual(["other-configuration", "other-configuration"]);
    const told = agents.flatMap(pages);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/100% of the newest \d+ canary calls come from old, where the document names new/);
    await pass(world, agents, 30, STEADY);
    expect(agents[0]?.runner.history.state().stage).toBe(1);
    expect(agents.flatMap(pages)).toHaveLength(1);
  });
});

const UNNAMED = { migration: "", cohort: "", request_model: "renamed", response_model: "renamed" } as const;

describe("calls that fit no arm", () => {
  it("hold a healthy migration and are paged once, with what they carry", async () => {
    const world = runnerWorld(database.store(), { stages: LONG });
    const agent = world.agent();
    await world.run(agent, 1);
    for (let minute = 0; minute < 12; minute++) {
      await pass(world, [agent], 1, STEADY);
      const end_ms = world.now() - MINUTE;
      const lost = { ...UNNAMED, service: world.service, end_ms };
      await database.store().insertSpans(aBatch(Array.from({ length: 60 }, () => aSpan(lost))));
    }
    expect(agent.runner.history.state().stage).toBe(0);
    expect(whyOf(agent)).toBe("calls-of-no-arm");
    expect(pages(agent)).toHaveLength(1);
    expect(pages(agent)[0]).toMatch(
      /of the newest \d+ calls of support-api-\d+ \(\d.*%\) fit no arm and are in no rule: renamed/,
    );
  });
});

describe("a share that is not the configured one", () => {
  it("holds a healthy migration, and pages once", async () => {
    const world = runnerWorld(database.store(), {
      stages: "stages: [{ canary: 20%, for: 16m }, { canary: 50%, for: 1m }]",
    });
    const agent = world.agent();
    await world.run(agent, 1);
    // Twenty percent are configured; half of the calls are the canary's.
    await pass(world, [agent], 21, { canary: 150, baseline: 150 });
    expect(whyOf(agent)).toBe("sample-ratio-mismatch");
    expect(agent.runner.history.state().stage).toBe(0);
    await pass(world, [agent], 1, { canary: 150, baseline: 150 });
    expect(pages(agent).filter((text) => text.includes("The canary's share of users"))).toHaveLength(1);
    expect(pages(agent)[0]).toContain("where 20% are configured");
    expect((await world.events("verdict")).at(-1)?.verdict).toMatchObject({ why: "sample-ratio-mismatch" });
  });
});

describe("a stage whose time is up", () => {
  it("says once why it does not end, when a rule never saw a call, and what is wrong with late ones", async () => {
    const rules =
      "rules: [{ signal: error, limit: 5%, unit: absolute, severity: rollback }, { signal: quality, limit: 5, unit: points, direction: drop, severity: rollback }]";
    const world = runnerWorld(database.store(), { rules, stages: "stages: [{ canary: 20%, for: 1m }]" });
    const agent = world.agent();
    await world.run(agent, 11, HEALTHY);
    expect(pages(agent)).toEqual([]);
    await world.run(agent, 10, HEALTHY);
    expect(pages(agent)).toHaveLength(1);
    expect(pages(agent)[0]).toContain("he time of stage 1 of 1 is up and it does not end");
    expect(pages(agent)[0]).toContain(
      "no call of one of the arms carried the signal (quality: 0 canary and 0 baseline calls with the signal)",
    );
  });

  it("does not end on calls that come in minutes late, and goes on by itself when they are in time again", async () => {
    const world = runnerWorld(database.store(), { stages: LONG });
    const agent = world.agent();
    await world.run(agent, 1);
    const late = (): Traffic => ({ ...STEADY, canaryFields: { received_ms: world.now() + 120_000 } });
    for (let minute = 0; minute < 12; minute++) {
      world.pass(MINUTE);
      await world.calls(late(), MINUTE);
    }
    await world.run(agent, 1, STEADY);
    expect(whyOf(agent)).toBe("ingest-lag");
    expect(agent.runner.history.state().stage).toBe(0);
    await pass(world, [agent], 11, STEADY);
    expect(agent.runner.history.state().stage).toBe(1);
  });
});
