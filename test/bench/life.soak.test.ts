import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reportOf } from "../../bench/life/make-report.ts";
import { liveLife } from "../../bench/life/story.ts";
import { transitionsOf } from "../../bench/life/transitions.ts";
import { DAY_MS, type LifeWorld, openLife } from "../../bench/life/world.ts";
import type { LedgerEntry } from "../../core/ledger.ts";
import { foldLedger } from "../../lifecycle/transitions.ts";
import { renderReportMarkdown } from "../../status/report/render-markdown.ts";

const MINUTES = 60_000;
let world: LifeWorld;
let entries: readonly LedgerEntry[];
const acts: string[] = [];

/** Six weeks take some minutes, and more beside other work. */
beforeAll(async () => {
  world = await openLife();
  await liveLife(world, { act: (name) => void acts.push(name), step: () => undefined });
  entries = await world.ledger();
}, 30 * MINUTES);
afterAll(() => world.close());

/** A transition in two or three words; null for what is told elsewhere, or may come or not with other calls. */
const called = ({ event, by }: LedgerEntry): string | null => {
  switch (event.type) {
    case "decision":
      if (event.decision.kind === "advance") return `advance to ${event.decision.toStage + 1}`;
      return event.decision.kind === "rollback" ? `roll back: ${event.decision.rule}` : null;
    case "command":
      return `${by.split("@")[0]}: ${event.revision === undefined ? event.command : "revise"}`;
    case "drill-drained":
      return `drill: ${event.drain}`;
    case "drill-restored":
      return `back at ${event.share}`;
    case "started":
    case "drain-proven":
    case "drain-overdue":
    case "drain-reopened":
      return event.type;
    default:
      return null;
  }
};

describe("a migration of six weeks", () => {
  it("goes through every kind of stage, a pause, a revision and drills, and ends in a rollback that is proven", () => {
    expect(transitionsOf(entries).flatMap((entry) => called(entry) ?? [])).toEqual([
      ...["started", "advance to 2", "advance to 3", "drill: too-little-traffic", "back at 0.5", "ana: advance"],
      ...["advance to 5", "drill: too-little-traffic", "back at 0.05", "ana: pause", "ana: resume", "advance to 6"],
      ...["ben: revise", "drill: too-little-traffic", "back at 0.25", "ben: advance", "advance to 8"],
      ...["drill: proven", "back at 0.99", "advance to 9", "roll back: error", "ben: ack", "drain-proven"],
    ]);
  });

  it("lets happen what is told of it, in its order", () => {
    expect(acts.at(-1)).toBe("somebody is at the incident");
    expect(acts).toHaveLength(12);
  });

  it("is rolled back on day ten of its observation, within the working day on which its provider fell ill", () => {
    const at = (find: (entry: LedgerEntry) => boolean): number => entries.find(find)?.at ?? Number.NaN;
    const observed = at(
      ({ event }) => event.type === "decision" && called({ event } as LedgerEntry) === "advance to 9",
    );
    const rolledBack = at(({ event }) => event.type === "decision" && event.decision.kind === "rollback");
    const days = (rolledBack - observed) / DAY_MS;
    expect(days).toBeGreaterThan(9 + 16 / 24);
    expect(days).toBeLessThan(10);
  });

  it("is one state, whoever folds its ledger", () => {
    const { migration, history } = world.runner();
    const state = foldLedger(migration, entries);
    expect(state).toEqual(history.state());
    expect(state).toMatchObject({ rollback: { drain: "proven", isConfirmed: true }, stage: 8 });
    expect(world.runner().snapshot()).toMatchObject({ standing: "rolled-back", share: 0, problem: "" });
  });

  it("leaves a report of all of it, which says that the shadow was a stub", async () => {
    const report = await reportOf(world);
    const markdown = renderReportMarkdown(report);
    expect(report.phases.map(({ kind }) => kind).filter((kind) => kind === "stage")).toHaveLength(9);
    expect(report.drills.map(({ outcome }) => outcome)).toEqual(["flipped", "flipped", "flipped", "proven"]);
    expect(report.handoffs?.handoffs?.arms[0]).toMatchObject({ arm: "baseline" });
    expect(markdown).toContain("a stub of this simulation");
    expect(markdown).toContain("the baseline ends on 30 November");
  });
});
