import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createBuiltinTarget } from "../../alerts/flags/builtin.ts";
import { isReadFailure } from "../../alerts/flags/flag-target.ts";
import { recordingLog } from "../alerts/recording-log.ts";
import { temporaryDirectory } from "../alerts/temporary-directory.ts";
import { openTestStore, type TestStore } from "../store/test-store.ts";
import { runnerWorld } from "./runner-world.ts";

let database: TestStore;
beforeAll(async () => {
  database = await openTestStore();
});
afterAll(() => database.end());

const directory = temporaryDirectory();
let files = 0;
const INTERNAL = { segment: "tier", values: ["internal"] };
const CALLS = { canary: 20, baseline: 80, segments: { tier: "internal" } };

/** A migration by the builtin flag: first internal, then everybody. */
const world = () => {
  const real = runnerWorld(database.store(), {
    segments: "segments: [tier]",
    stages: "stages: [{ canary: 20%, for: 1m, segment: { tier: internal } }, { canary: 20%, for: 1h }]",
    route: "route: { flag: model, target: prod }",
  });
  const target = createBuiltinTarget({ file: join(directory, `${files++}`, "flags.json") }, { log: recordingLog() });
  const flag = target.bind({ flag: "model", target: "prod" }, { baseline: "old", canary: "new" });
  const served = async () => {
    const state = await flag.read();
    if (isReadFailure(state)) throw new Error(state.detail);
    return { share: state.share, audience: state.audience ?? null };
  };
  const agent = () => real.agent({ target: flag });
  return { ...real, flag, served, agent };
};

describe("a migration through a stage for a segment", () => {
  it("serves the segment alone, says so, and widens to everybody when both arms of it are clear", async () => {
    const { agent, run, runUntil, served, ledger } = world();
    const first = agent();
    await run(first, 2, CALLS);
    expect(await served()).toEqual({ share: 0.2, audience: INTERNAL });
    expect(first.told[0]).toMatchObject({
      type: "stage",
      title: expect.stringContaining("canary 20% of tier internal"),
    });
    expect(await ledger()).toContainEqual(
      expect.objectContaining({ event: expect.objectContaining({ type: "flip-intent", audience: INTERNAL }) }),
    );
    // a restart goes on where it was
    const second = agent();
    for (let ticks = 0; ticks < 60 && second.runner.history.state().stage === 0; ticks++) await run(second, 1, CALLS);
    expect(second.runner.history.state()).toMatchObject({ stage: 1 });
    await run(second, 1, CALLS);
    expect(await served()).toEqual({ share: 0.2, audience: null });
    expect(second.runner.problem()).toBe("");
    await runUntil(second, "verdict", CALLS);
  });

  it("does not take the right share of the wrong people for its own", { tags: ["soak"] }, async () => {
    const { agent, run, flag, served } = world();
    const one = agent();
    await run(one, 2, CALLS);
    await flag.setShare(0.2, null);
    await run(one, 2, CALLS);
    expect(one.runner.problem()).toContain(
      "serves 20% of everybody instead of 20% of tier internal: somebody else set it",
    );
    expect(await served()).toEqual({ share: 0.2, audience: null });
    expect(one.told.map(({ type }) => type)).toContain("page");
  });

  it("is rolled back by the segment's calls, for everybody, although those of the others are well", async () => {
    const { agent, run, calls, served } = world();
    const one = agent();
    await run(one, 2, CALLS);
    for (let ticks = 0; ticks < 20 && one.runner.history.state().rollback === null; ticks++) {
      await calls({ baseline: 400, segments: { tier: "external" } });
      await run(one, 1, { ...CALLS, canaryErrors: 10 });
    }
    expect(await served()).toEqual({ share: 0, audience: null });
  });

  it("is judged by nobody else's calls: errors of others are no harm of it", { tags: ["soak"] }, async () => {
    const { agent, run, calls, served } = world();
    const one = agent();
    await run(one, 2, CALLS);
    for (let ticks = 0; ticks < 6; ticks++) {
      await calls({ canary: 40, canaryErrors: 40, segments: { tier: "external" } });
      await run(one, 1, CALLS);
    }
    expect(one.runner.history.state().rollback).toBeNull();
    expect((await served()).audience).toEqual(INTERNAL);
  });

  it("comes back to its segment alone after a drill", { tags: ["soak"] }, async () => {
    const { agent, run, served, events } = world();
    const one = agent();
    await run(one, 2, CALLS);
    expect(await one.runner.drill({ reason: "weekly", by: "ana", isDry: false })).toMatchObject({ outcome: "begun" });
    for (let ticks = 0; ticks < 30 && (await events("drill-restored")).length === 0; ticks++)
      await run(one, 1, { baseline: 100, segments: { tier: "internal" } });
    expect((await events("flip-readback")).map(({ state: { share, audience = null } }) => [share, audience])).toEqual([
      [0.2, INTERNAL],
      [0, null],
      [0.2, INTERNAL],
    ]);
    expect(await served()).toEqual({ share: 0.2, audience: INTERNAL });
  });

  it("is kept to one share by two agents", { tags: ["soak"] }, async () => {
    const { agent, run, served, events } = world();
    await run([agent(), agent()], 4, CALLS);
    expect(await served()).toEqual({ share: 0.2, audience: INTERNAL });
    expect((await events("flip-intent")).length).toBe(1);
  });
});
