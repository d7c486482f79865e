import { describe, expect, it } from "vitest";
import type { LedgerEntry, LedgerEvent } from "../../core/ledger.ts";
import { COMMAND_TYPES, refuseCommand } from "../../lifecycle/commands/commands.ts";
import { decide } from "../../lifecycle/decide.ts";
import { drainState } from "../../lifecycle/drain.ts";
import { noticesDue } from "../../lifecycle/notices-due.ts";
import { standingOf } from "../../lifecycle/standing.ts";
import { desiredShare } from "../../lifecycle/state.ts";
import { foldLedger } from "../../lifecycle/transitions.ts";
import { aMigration } from "../fixtures/a-migration.ts";

const migration = aMigration();
const flag = { flag: "model", share: 0, enabled: true, revision: "r" };
const exposure = { since: 3, until: 9, canaryCalls: 0, baselineCalls: 99, lastCanaryStart: null, instances: [] };

const STARTED: LedgerEvent = { type: "started", hash: "h", stage: 0, share: 0.05, approvals: "entry" };
const ABANDON: LedgerEvent = { type: "command", command: "rollback", abandons: true, reason: "too dear" };
const ROLLBACK: LedgerEvent = { type: "command", command: "rollback", reason: "ill" };
const REARM: LedgerEvent = { type: "command", command: "rearm", reason: "again" };
const DOWN: readonly LedgerEvent[] = [
  { type: "flip-result", action: "a", write: { outcome: "written", state: flag } },
  { type: "flip-readback", action: "a", state: flag, confirmed: true },
];
const PROVEN: LedgerEvent = { type: "drain-proven", exposure, lastCanaryStart: null, probability: 0.001, flippedAt: 3 };

const ledgerOf = (...events: readonly LedgerEvent[]): readonly LedgerEntry[] =>
  events.map((event, i) => ({ id: `e${i}`, at: i + 1, migration: "m", by: "ana", incident: "m:1", event }));
const stateAfter = (...events: readonly LedgerEvent[]) => foldLedger(migration, ledgerOf(...events));

describe("a migration that is given up", () => {
  const over = stateAfter(STARTED, ABANDON, ...DOWN, PROVEN);

  it("serves nothing from then on, and is abandoned once that is proven", () => {
    const before = stateAfter(STARTED, ABANDON);
    expect([desiredShare(migration, before), standingOf(migration, before, 9)]).toEqual([0, "rolling-back"]);
    expect([desiredShare(migration, over), standingOf(migration, over, 9)]).toEqual([0, "abandoned"]);
  });

  it("calls nobody, unless canary calls do not stop", () => {
    expect(over.call).toBeNull();
    const late: LedgerEvent = { type: "drain-overdue", reason: "canary-calls", exposure, flippedAt: 3 };
    const overdue = stateAfter(STARTED, ABANDON, ...DOWN, late);
    expect([overdue.call?.isCritical, standingOf(migration, overdue, 9)]).toEqual([true, "not-rolled-back"]);
  });

  it("is told as that, and as no rollback", () => {
    const told = noticesDue(migration, over, ledgerOf(STARTED, ABANDON, ...DOWN, PROVEN)).map(({ news }) => news);
    expect(told).toMatchObject([
      { kind: "arrived" },
      { kind: "abandoned", by: "ana", reason: "too dear" },
      { kind: "drained", isAbandoned: true },
    ]);
  });

  it("is down for good: no re-arming, not even one that was given at the same time", () => {
    const request = { command: "rearm", by: "bob", reason: "again" } as const;
    expect(refuseCommand(migration, over, request)).toContain("ana abandoned it; nothing moves any more");
    const both = stateAfter(STARTED, ABANDON, ...DOWN, PROVEN, REARM, STARTED);
    expect([desiredShare(migration, both), standingOf(migration, both, 9)]).toEqual([0, "abandoned"]);
    expect(refuseCommand(migration, over, { command: "abandon", by: "bob", reason: "x" })).toContain(
      "ana abandoned it",
    );
    expect(decide(migration, over, { migration: "m", at: 0, stage: 0, verdicts: [] }, 1e12).kind).toBe("continue");
  });

  it("may have been rolled back before: the rollback stays the one it is", () => {
    const state = stateAfter(STARTED, ROLLBACK, ...DOWN, PROVEN, ABANDON);
    expect([state.rollback?.decidedAt, standingOf(migration, state, 9)]).toEqual([2, "abandoned"]);
    const told = noticesDue(migration, state, ledgerOf(STARTED, ROLLBACK, ...DOWN, PROVEN, ABANDON));
    expect(told.map(({ news }) => news.kind).toSorted()).toEqual(["abandoned", "arrived", "drained", "rolled-back"]);
  });

  it("is on record as a rollback, which an earlier version holds down as well", () => {
    expect(COMMAND_TYPES.abandon.recordedAs).toEqual({ command: "rollback", abandons: true });
    const { abandons: _, ...asRead } = ABANDON;
    expect(desiredShare(migration, stateAfter(STARTED, asRead))).toBe(0);
  });
});

describe("what was never served", () => {
  const sender = {
    ...{ service: "api", instance: "a", canaryCalls: 0, baselineCalls: 400, lastCanaryStart: null },
    ...{ lastCanaryReceived: null, longestGapMs: 0, mostDelayMs: 10, leastDelayMs: 0 },
    ...{ firstReceived: 0, lastReceived: 100_000, lastStart: 100_000 },
  };
  it("has nothing to drain, as soon as calls come in without a canary's", () => {
    const input = { flippedAt: 50_000, now: 100_000, shareBefore: 0, senders: [sender as never] };
    const calls = (baselineCalls: number) =>
      [{ service: "api", instance: "a", baselineCalls, canaryAfterFlip: 0 }] as never;
    expect(drainState({ ...input, calls: calls(20) })).toMatchObject({ state: "proven", probability: 0 });
    expect(drainState({ ...input, calls: calls(19) }).state).not.toBe("proven");
  });
});
