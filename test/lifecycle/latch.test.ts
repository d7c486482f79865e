import { describe, expect, test } from "vitest";
import type { FlagState } from "../../core/flag.ts";
import type { Command, LedgerEntry, LedgerEvent } from "../../core/ledger.ts";
import { decide } from "../../lifecycle/decide.ts";
import { desiredShare, type MigrationState, NOT_STARTED } from "../../lifecycle/state.ts";
import { applyEntry, foldLedger } from "../../lifecycle/transitions.ts";
import { anyJudgement, type Draw, forAll, RULES } from "../detectors/properties/generate.ts";
import { aMigration } from "../fixtures/a-migration.ts";

const STAGES = [0.05, 0.25, 0.5, 0.99].map((share) => ({
  kind: "canary" as const,
  share,
  forMs: 1000,
  approval: false,
}));
const MIGRATION = aMigration({ rules: RULES, stages: STAGES });
const COMMANDS: readonly Command[] = ["advance", "pause", "resume", "rollback", "rearm"];

const flagAt = (share: number): FlagState => ({ flag: "model", share, enabled: true, revision: "r" });
const EXPOSURE = { since: 0, until: 1, canaryCalls: 0, baselineCalls: 9, lastCanaryStart: null, instances: [] };

/** Any event, sensible or not: two agents, a person and a flag system may write in any order. */
const anyEvent = (draw: Draw): LedgerEvent => {
  const share = draw.pick([0, 0.05, 0.25, 0.99]);
  const verdicts = anyJudgement(draw, RULES, STAGES.length).verdicts;
  return draw.pick<() => LedgerEvent>([
    () => ({ type: "started", hash: draw.pick(["a", "b"]), stage: draw.whole(0, 3), share }),
    () => ({ type: "command", command: draw.pick(COMMANDS), reason: "x" }),
    () => ({ type: "command", command: "advance", reason: "x", stage: draw.whole(0, 4) }),
    () => ({ type: "claim", notice: "n", channel: "c", attempt: 1, turn: 1, owner: "o" }),
    () => ({ type: "decision", decision: { kind: "rollback", rule: "error", reason: "" }, judgement: null }),
    () => ({ type: "decision", decision: { kind: "pause", rule: "tokens", reason: "" }, judgement: null }),
    () => ({ type: "decision", decision: { kind: "advance", toStage: draw.whole(0, 4), reason: "" }, judgement: null }),
    () => ({ type: "decision", decision: { kind: "page", reason: "ill" }, judgement: null }),
    () => ({ type: "flip-intent", action: "a", flag: "model", target: "prod", share }),
    () => ({ type: "flip-result", action: "a", write: { outcome: "written", state: flagAt(share) } }),
    () => ({ type: "flip-readback", action: "a", state: flagAt(share), confirmed: draw.chance(0.5) }),
    () => ({ type: "drain-proven", exposure: EXPOSURE, lastCanaryStart: null, probability: 0.001, flippedAt: 1 }),
    () => ({ type: "drain-overdue", reason: "no-traffic", exposure: null, flippedAt: 1 }),
    () => ({ type: "verdict", verdict: verdicts[0] ?? draw.pick(verdicts), tick: 1 }),
  ])();
};

const isRearm = ({ event }: LedgerEntry): boolean => event.type === "command" && event.command === "rearm";

describe("exposure after a rollback", () => {
  test("is nothing until a person re-arms, whatever comes in whatever order", () => {
    let [latched, rearmed] = [0, 0];
    forAll(2_000, (draw) => {
      let state: MigrationState = NOT_STARTED;
      let isLatched = false;
      for (let i = 0; i < 60; i++) {
        const event = draw.chance(0.4)
          ? ({
              type: "decision",
              decision: decide(MIGRATION, state, anyJudgement(draw, RULES, 4), i),
              judgement: null,
            } as const)
          : anyEvent(draw);
        const entry = { id: `e${i}`, at: i, migration: "m", by: draw.pick(["agent", "ana"]), incident: "", event };
        const before = state;
        state = applyEntry(state, MIGRATION, entry);
        if (isLatched && !isRearm(entry)) {
          expect(desiredShare(MIGRATION, state)).toBe(0);
          expect(state.rollback?.decidedAt).toBe(before.rollback?.decidedAt);
          latched += 1;
        }
        if (isLatched && isRearm(entry)) {
          // A new start is at the first stage, not where it was.
          expect(desiredShare(MIGRATION, state)).toBe(state.hash === null ? 0 : STAGES[0]?.share);
          rearmed += 1;
        }
        isLatched = state.rollback !== null;
      }
    });
    expect(Math.min(latched, rearmed)).toBeGreaterThan(500);
  });

  test("never rises without an advance or a re-arming that stands in the ledger", () => {
    forAll(2_000, (draw) => {
      let state: MigrationState = { ...NOT_STARTED, hash: "a" };
      for (let i = 0; i < 40; i++) {
        const entry = { id: `e${i}`, at: i, migration: "m", by: "agent", incident: "", event: anyEvent(draw) };
        const next = applyEntry(state, MIGRATION, entry);
        const { event } = entry;
        const mayRise =
          isRearm(entry) ||
          (event.type === "command" && event.command === "advance") ||
          (event.type === "decision" && event.decision.kind === "advance");
        if (!mayRise) expect(desiredShare(MIGRATION, next)).toBeLessThanOrEqual(desiredShare(MIGRATION, state));
        state = next;
      }
    });
  });

  test("the same ledger folds to the same state, however often and in whatever parts it is read", () => {
    forAll(500, (draw) => {
      const entries = Array.from({ length: 40 }, (_, i) => ({
        id: `e${i}`,
        at: i,
        migration: "m",
        by: "agent",
        incident: "",
        event: anyEvent(draw),
      }));
      const cut = draw.whole(0, entries.length);
      const inParts = entries
        .slice(cut)
        .reduce((state, entry) => applyEntry(state, MIGRATION, entry), foldLedger(MIGRATION, entries.slice(0, cut)));
      expect(inParts).toEqual(foldLedger(MIGRATION, JSON.parse(JSON.stringify(entries))));
    });
  });
});
