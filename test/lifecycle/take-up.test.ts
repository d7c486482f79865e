import { describe, expect, it } from "vitest";
import type { LedgerEntry, LedgerEvent } from "../../core/ledger.ts";
import { refuseCommand } from "../../lifecycle/commands/commands.ts";
import { hashInForce } from "../../lifecycle/in-force.ts";
import { desiredShare, judgedFrom, NOT_STARTED } from "../../lifecycle/state.ts";
import { takeUp } from "../../lifecycle/take-up.ts";
import { foldLedger } from "../../lifecycle/transitions.ts";
import { documentText, migrationOf, type PARTS } from "../agent/config/documents.ts";

const stages = (...shares: readonly number[]): string =>
  `stages: [${shares.map((share) => `{ canary: ${share}%, for: 1h }`).join(", ")}]`;

const of = (parts: Partial<Record<keyof typeof PARTS, string>>) => migrationOf(documentText(parts));
const BEFORE = of({ stages: stages(5, 25, 50) });

const at = (stage: number, plan: readonly number[]) =>
  takeUp(BEFORE, of({ stages: stages(...plan) }), { ...NOT_STARTED, hash: BEFORE.hash, stage });

describe("where a migration stands in a changed plan", () => {
  it.each([
    ["the same one", 1, [5, 25, 50], 1, 0.25, true],
    ["one more before it, which is passed", 1, [5, 10, 25, 50], 2, 0.25, true],
    ["one less before it", 1, [25, 50], 0, 0.25, true],
    ["another share: the last one at or below what is served", 1, [5, 10, 30, 50], 1, 0.1, false],
    ["all below: the last one", 2, [5, 10], 1, 0.1, false],
    ["done, and no stage added", 3, [5, 50], 2, 0.5, true],
    ["done, and a stage added behind: it is still to come", 3, [5, 50, 99], 1, 0.5, false],
  ])("%s", (_what, stage, plan, expected, share, keepsTime) => {
    expect(at(stage, plan)).toMatchObject({ revision: { stage: expected, share, keepsTime, restarts: false } });
  });

  it("is refused where the whole plan serves more than now", () => {
    expect(at(0, [10, 50])).toEqual({
      problem: expect.stringMatching(/serves more than the 5% of now, and a revision raises nothing/),
    });
  });

  it("never serves more than before, whatever both plans are", () => {
    const plans = [[1], [5, 25, 50], [10, 20, 99], [50, 60], [1, 5, 6, 100]];
    for (const [from, to] of plans.flatMap((a) => plans.map((b) => [a, b] as const))) {
      const [before, after] = [of({ stages: stages(...from) }), of({ stages: stages(...to) })];
      for (let stage = -1; stage <= from.length; stage++) {
        const state = { ...NOT_STARTED, hash: before.hash, stage };
        const taken = takeUp(before, after, state);
        if ("revision" in taken) expect(taken.revision.share).toBeLessThanOrEqual(desiredShare(before, state));
      }
    }
  });
});

describe("what a revision may change", () => {
  const state = { ...NOT_STARTED, hash: BEFORE.hash, stage: 1 };
  it.each([
    [{ route: "route: { flag: other, target: builtin }" }, /flag that routes a migration cannot change under way/],
    [{ candidate: "candidate: { model: newest }" }, /another baseline or candidate is another migration/],
  ])("not %j", (parts, problem) => {
    expect(takeUp(BEFORE, of({ stages: stages(5, 25, 50), ...parts }), state)).toEqual({
      problem: expect.stringMatching(problem),
    });
  });

  it.each([
    ["a limit", { rules: "rules: [{ signal: error, limit: 4%, unit: absolute, severity: rollback }]" }],
    ["the calls that belong to it", { match: "match: { service: other }" }],
    ["the segments", { segments: "segments: [language]" }],
  ])("%s, and then everything is judged anew", (_what, parts) => {
    const taken = takeUp(BEFORE, of({ stages: stages(5, 25, 50), ...parts }), state);
    expect(taken).toMatchObject({ revision: { stage: 1, restarts: true } });
  });

  it("by an approver of the document in force alone", () => {
    const guarded = of({ stages: stages(5, 25, 50), owner: "owner: team\napprovers: [ana]" });
    const revision = takeUp(guarded, of({ stages: stages(5, 25), owner: "owner: team\napprovers: [bob]" }), state);
    const asked = (by: string) =>
      refuseCommand(guarded, state, { command: "revise", reason: "x", by, identity: "proven", revision });
    expect([asked("ana"), asked("bob")]).toEqual([null, expect.stringMatching(/one of its approvers \(ana\)/)]);
    expect(refuseCommand(guarded, state, { command: "revise", reason: "x", by: "ana" })).toMatch(/nothing to take up/);
  });
});

describe("a ledger with a revision", () => {
  const AFTER = of({
    stages: stages(5, 10, 25, 50),
    rules: "rules: [{ signal: error, limit: 9%, unit: absolute, severity: rollback }]",
  });
  const entry = (event: LedgerEvent, time: number): LedgerEntry => ({
    ...{ id: `${time}`, at: time, migration: "m", by: "ana", incident: "", event },
  });
  const advance: LedgerEvent = {
    type: "decision",
    decision: { kind: "advance", toStage: 1, reason: "" },
    judgement: null,
  };
  const before = [
    entry({ type: "started", hash: BEFORE.hash, stage: 0, share: 0.05, approvals: "entry" }, 1),
    entry(advance, 2),
  ];
  const taken = takeUp(BEFORE, AFTER, foldLedger(BEFORE, before));
  const command = { type: "command", command: "revise", reason: "x", ...("revision" in taken ? taken : {}) } as const;

  it("goes on by it where it stood, judged from there, at the share it had", () => {
    const entries = [...before, entry(command, 3)];
    const state = foldLedger(AFTER, entries);
    expect(state).toMatchObject({ hash: AFTER.hash, stage: 2, since: 1, stageSince: 2, revisions: 1 });
    expect([judgedFrom(state), desiredShare(AFTER, state), hashInForce(entries)]).toEqual([3, 0.25, AFTER.hash]);
  });

  it("stays rolled back", () => {
    const rolledBack = [...before, entry({ type: "command", command: "rollback", reason: "x" }, 3)];
    const state = foldLedger(AFTER, [...rolledBack, entry(command, 4)]);
    expect(state.rollback).toMatchObject({ decidedAt: 3, shareBefore: 0.25 });
    expect(desiredShare(AFTER, state)).toBe(0);
  });
});
