// @module-tag soak
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FindLife } from "../../agent/models/find-life.ts";
import { openTestStore, type TestStore } from "../store/test-store.ts";
import { HEALTHY, type RunnerAgent, runnerWorld } from "./runner-world.ts";

let database: TestStore;
beforeAll(async () => {
  database = await openTestStore();
});
afterAll(() => database.end());

const LONG = { stages: "stages: [{ canary: 20%, for: 90d }]" };
const DAY = 86_400_000;
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
/** The baseline of the runner's world is retired on this day; no table knows its candidate. */
const endsOn =
  (day: string): FindLife =>
  (model) =>
    model === "old"
      ? { retires: day, notBefore: null, announced: null, source: "vendor", seen: null, name: model, table: "t" }
      : null;
const told = ({ told: all }: RunnerAgent): readonly string[] =>
  all.filter(({ id }) => id.includes("/retirement/")).map(({ id }) => id.split("/").slice(-2).join("/"));

describe("the baseline's retirement", () => {
  it("is told once for each mark, by whichever of two agents, and not again after a restart", async () => {
    const world = runnerWorld(database.store(), LONG);
    const [far, near] = [31, 20].map((ahead) => dayOf(world.now() + ahead * DAY)) as [string, string];
    let day = far;
    const parts = { findLife: (model: string) => endsOn(day)(model) };
    const agents = [world.agent(parts), world.agent(parts)];
    await world.run(agents, 2, HEALTHY);
    expect(agents.flatMap(told)).toEqual([`${far}/90`]);

    const restarted = world.agent(parts);
    await world.run([...agents, restarted], 2, HEALTHY);
    expect([...agents, restarted].flatMap(told)).toEqual([`${far}/90`]);
    // The vendor names an earlier day.
    day = near;
    await world.run([...agents, restarted], 2, HEALTHY);
    expect([...agents, restarted].flatMap(told).toSorted()).toEqual([`${near}/30`, `${far}/90`].toSorted());
    expect((await world.events("retirement")).map(({ withinDays }) => withinDays)).toEqual([90, 30]);
    // It is news, and calls nobody.
    expect(restarted.runner.history.state().call).toBeNull();
  });

  it("is told to nobody while no table knows it", async () => {
    const world = runnerWorld(database.store(), LONG);
    const agent = world.agent();
    await world.run(agent, 2, HEALTHY);
    expect(told(agent)).toEqual([]);
    expect(await world.events("retirement")).toEqual([]);
  });
});
