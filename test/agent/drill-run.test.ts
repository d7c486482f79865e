import { describe, expect, it } from "vitest";
import type { Decision } from "../../core/verdict.ts";
import { newestDrill } from "../../lifecycle/drills.ts";
import { drillWorld } from "./drill-world.ts";
import { stopsAt } from "./stops-at.ts";

const ROLLBACK: Decision = { kind: "rollback", rule: "error", reason: "ill" };
const PAGE: Decision = { kind: "page", reason: "odd", topic: "odd" };

const begun = async () => {
  const world = drillWorld();
  const agent = world.agent("one");
  await agent.start();
  await agent.align();
  return { world, agent };
};

describe("a drill, step by step", () => {
  it("lowers, proves and restores", async () => {
    const { world, agent } = await begun();
    expect(await agent.begin()).toBe("");
    await agent.round();
    expect(world.target.writes).toEqual([0.2, 0, 0.2]);
    expect(newestDrill(agent.history.entries())).toMatchObject({ outcome: "proven", restoredShare: 0.2 });
  });

  it("is refused once the last stage is done", async () => {
    const { agent } = await begun();
    await agent.decide({ kind: "advance", toStage: 2, reason: "r" });
    expect(await agent.begin()).toContain("last stage is done");
  });

  it("is refused, and not said to be begun, where another agent paged at the same moment; the next one begins", async () => {
    const { world, agent } = await begun();
    const other = world.agent("two");
    await other.history.refresh();
    await other.decide(PAGE);
    world.pass(1_000);
    expect(await agent.begin()).toContain("acknowledged");
    await agent.round();
    expect(world.target.writes).toEqual([0.2]);
    await agent.history.record({ type: "command", command: "ack", reason: "seen" }, { id: "ack" });
    expect(await agent.begin()).toBe("");
    await agent.round();
    expect(world.target.writes).toEqual([0.2, 0, 0.2]);
  });

  it("ends when the clock is set back by an hour, and does not keep the canary off for that hour", async () => {
    const { world, agent } = await begun();
    await agent.begin();
    await agent.align();
    world.pass(-3_600_000);
    await agent.round();
    expect(world.target.share()).toBe(0.2);
    expect(newestDrill(agent.history.entries())).toMatchObject({
      outcome: "interrupted",
      why: "the clock was set back",
    });
  });

  it("ends when the clock is set ahead by an hour", async () => {
    const { world, agent } = await begun();
    await agent.begin();
    await agent.align();
    world.pass(3_600_000);
    await agent.round();
    expect(world.target.share()).toBe(0.2);
    expect(newestDrill(agent.history.entries())).toMatchObject({ outcome: "interrupted", why: "it took too long" });
  });

  it("leaves the flag off where somebody else switched it off in between, and pages for that", async () => {
    const { world, agent } = await begun();
    await agent.begin();
    await agent.align();
    world.target.setByHand(0);
    expect(await agent.round()).toContain("somebody else set it");
    await agent.round();
    expect(world.target.share()).toBe(0);
    expect(newestDrill(agent.history.entries())).toMatchObject({ restoredAt: expect.any(Number), restoredShare: null });
    expect(agent.history.state()).toMatchObject({ drill: null, call: { isCritical: true } });
  });

  it("is nobody else's doing to an agent that had read the ledger before it", async () => {
    const { world, agent } = await begun();
    const other = world.agent("two");
    await other.history.refresh();
    await agent.begin();
    await agent.align();
    expect(await other.align()).toBe("");
    expect(world.ledger.of("decision")).toEqual([]);
    expect(world.target.share()).toBe(0);
  });

  it.each([
    ["a rollback", { type: "decision", decision: ROLLBACK, judgement: null }, "a real rollback was decided"],
    ["an abandon", { type: "command", command: "rollback", abandons: true, reason: "r" }, "it was abandoned"],
  ] as const)("is interrupted by %s, and says so", async (_name, event, why) => {
    const { world, agent } = await begun();
    await agent.begin();
    await agent.align();
    await agent.history.record(event, { id: "real", by: "bo" });
    await agent.round();
    expect(world.target.share()).toBe(0);
    expect(newestDrill(agent.history.entries())).toMatchObject({
      outcome: "interrupted",
      why: `${why}, and goes on from here`,
    });
  });

  it("is interrupted by a rollback that another agent put on record, before the share is raised again", async () => {
    const { world, agent } = await begun();
    const other = world.agent("two");
    await agent.begin();
    await agent.align();
    await other.history.refresh();
    await agent.history.record(
      { type: "drill-ended", drill: "100000000-1", outcome: "flipped", why: "" },
      { id: "ended" },
    );
    await other.decide(ROLLBACK);
    expect(await agent.align()).toBe("");
    expect(world.target.writes.filter((share) => share > 0)).toEqual([0.2]);
    expect(agent.history.state().rollback).toMatchObject({ isConfirmed: true });
  });
});

describe("the write that restores the share", () => {
  const abandon = { type: "command", command: "rollback", abandons: true, reason: "r" } as const;
  const rollback = { type: "decision", decision: ROLLBACK, judgement: null } as const;
  it.each([
    ["a rollback", rollback],
    ["an abandon", abandon],
  ])("loses to %s that comes while it is on its way", async (_name, event) => {
    const world = drillWorld();
    const held = stopsAt(world.target, 0.2);
    const agent = world.agent("one", held.flag);
    await agent.start();
    await agent.align();
    await agent.begin();
    await agent.align();
    held.hold();
    const restoring = agent.round();
    await held.reached;
    await agent.history.record(event, { id: "real", by: "bo" });
    const lowering = agent.align();
    await lowering;
    held.letGo();
    await restoring;
    await agent.round();
    expect(world.target.share()).toBe(0);
    expect(world.target.writes).toEqual([0.2, 0, 0]);
    expect(agent.history.state()).toMatchObject({ drill: null, rollback: { cutsDrill: true, isConfirmed: true } });
    expect(newestDrill(agent.history.entries())).toMatchObject({ outcome: "proven", restoredAt: null });
  });
});
