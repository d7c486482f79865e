import { describe, expect, it } from "vitest";
import type { Stage } from "../../core/migration.ts";
import type { Judgement, UndecidedReason, Verdict } from "../../core/verdict.ts";
import { decide } from "../../lifecycle/decide.ts";
import { stageHold } from "../../lifecycle/stage-hold.ts";
import { type MigrationState, NOT_STARTED } from "../../lifecycle/state.ts";
import { aMigration, aRule } from "../fixtures/a-migration.ts";
import { anEvidence } from "../fixtures/an-evidence.ts";

const HOUR = 3_600_000;
const RULES = [aRule(), aRule({ id: "latency", signal: "latency_ms", quantile: 0.99, reference: "baseline" })];
const CANARY: Stage = { kind: "canary", share: 0.05, forMs: HOUR, approval: false };
const at = (stage: Stage) => aMigration({ rules: RULES, stages: [stage, CANARY] });
const running: MigrationState = { ...NOT_STARTED, hash: "h" };

const undecided = (rule: string, why: UndecidedReason, baseline = 100): Verdict => ({
  ...{ rule, severity: "rollback", outcome: "undecided", why },
  evidence: anEvidence({ n: { canary: 0, baseline } }),
});
const clear = (rule: string): Verdict => ({ rule, severity: "rollback", outcome: "clear", evidence: anEvidence() });
const judged = (verdicts: readonly Verdict[], more: Partial<Judgement> = {}): Judgement => ({
  ...{ migration: "m", at: 0, stage: 0, verdicts, calls: { canary: 0, baseline: 100 } },
  ...more,
});

const BASELINE: Stage = { kind: "baseline", forMs: HOUR, approval: false };
const learned = [undecided("error", "no-data"), undecided("latency", "no-data")];

describe("a stage that learns the baseline", () => {
  it.each<[string, Judgement, string | null]>([
    ["ends when its time is up and the baseline is known", judged(learned), null],
    [
      "waits for a quantile that has no place yet",
      judged([undecided("error", "no-data"), undecided("latency", "baseline-warming-up")]),
      "the baseline needs more calls first (latency",
    ],
    [
      "waits for a signal that no baseline call carried",
      judged([undecided("error", "no-data"), undecided("latency", "no-data", 0)]),
      "no call of one of the arms carried the signal (latency)",
    ],
    ["needs no baseline value of a rule that compares with none", judged([undecided("error", "no-data", 0)]), null],
    [
      "waits for the first call",
      judged(learned, { calls: { canary: 0, baseline: 0 } }),
      "no baseline call has come in",
    ],
  ])("%s", (_what, judgement, why) => {
    const migration = at(BASELINE);
    const hold = stageHold(migration, running, judgement, HOUR);
    if (why === null) expect(hold).toBeNull();
    else expect(hold?.reason).toContain(`stage 1 of 2 is up and it does not end: ${why}`);
    expect(decide(migration, running, judgement, HOUR).kind === "advance").toBe(why === null);
    expect(decide(migration, running, judgement, HOUR - 1).kind).not.toBe("advance");
  });

  it("does not end on data in doubt", () => {
    const doubts = [{ reason: "ingest-lag", detail: "", since: 0 }] as const;
    expect(decide(at(BASELINE), running, judged(learned, { doubts }), HOUR).kind).not.toBe("advance");
  });
});

describe("a shadow stage", () => {
  const migration = at({ kind: "shadow", mirrored: 1, forMs: HOUR, approval: false });

  it("never passes by time alone, whatever the rules say", () => {
    const judgement = judged([clear("error"), clear("latency")]);
    expect(decide(migration, { ...running, pagedFor: ["stuck:0:0"] }, judgement, 1000 * HOUR).kind).toBe("continue");
    expect(stageHold(migration, running, judgement, HOUR)?.reason).toContain("nothing measures the shadow's answers");
  });

  it.each([
    ["clear", null],
    ["undecided", "the shadow's answers do not let it pass yet (12 of 400 answers)"],
    ["breach", "the shadow's answers do not let it pass (12 of 400 answers)"],
  ] as const)("is let go by evidence alone: %s", (outcome, why) => {
    const judgement = judged([], { shadow: { outcome, reason: "12 of 400 answers" } });
    const hold = stageHold(migration, running, judgement, HOUR);
    if (why === null) expect(hold).toBeNull();
    else expect(hold?.reason).toContain(why);
    // More pairs may end it by themselves: people are told when it has taken twice its time.
    if (outcome === "undecided") expect(decide(migration, running, judgement, HOUR).kind).toBe("continue");
    const decision = decide(migration, running, judgement, why === null ? HOUR : 2 * HOUR);
    expect(decision.kind).toBe(why === null ? "advance" : outcome === "breach" ? "pause" : "page");
    // What let it pass is on record with the decision.
    expect("reason" in decision ? decision.reason : "").toContain("12 of 400 answers");
  });

  it("stops at a proven breach once: whoever resumes has seen it", () => {
    const shadow = { outcome: "breach", reason: "at least 9% of 400 pairs are regressions" } as const;
    const judgement = judged([], { shadow });
    expect(decide(migration, running, judgement, 0)).toEqual({
      ...{ kind: "pause", rule: "shadow" },
      reason: "answers of the shadow: at least 9% of 400 pairs are regressions",
    });
    expect(decide(migration, { ...running, isPaused: true, pausedFor: ["shadow"] }, judgement, 0).kind).toBe(
      "continue",
    );
    expect(decide(migration, { ...running, pausedFor: ["shadow"] }, judgement, HOUR).kind).not.toBe("advance");
    // Of the stage before it says nothing.
    expect(decide(migration, { ...running, stage: 1 }, judgement, 0).kind).not.toBe("pause");
  });
});

describe("an observation", () => {
  const migration = aMigration({
    rules: RULES,
    stages: [CANARY, { kind: "observe", holdback: 0.01, forMs: HOUR, approval: false }],
  });
  const observing = { ...running, stage: 1 };

  it("ends when its time is up and its rules are clear", () => {
    const judgement = judged([clear("error"), clear("latency")], { stage: 1 });
    expect(decide(migration, observing, judgement, HOUR)).toMatchObject({ kind: "advance", toStage: 2 });
    expect(decide(migration, observing, judgement, HOUR - 1).kind).toBe("continue");
  });

  it("is rolled back by a breach on its last day as on its first", () => {
    const breach: Verdict = { ...clear("error"), outcome: "breach" };
    expect(decide(migration, observing, judged([breach], { stage: 1 }), 0).kind).toBe("rollback");
  });
});

describe("the gate of a stage", () => {
  const gated = (fields: Partial<Stage>) => aMigration({ rules: RULES, stages: [{ ...CANARY, ...fields } as Stage] });
  const slow = [clear("error"), undecided("latency", "too-few")];

  it("lets it end without the rules it leaves out, and says so while it holds", () => {
    expect(decide(gated({}), running, judged(slow), HOUR).kind).toBe("continue");
    expect(decide(gated({ gate: ["error"] }), running, judged(slow), HOUR)).toMatchObject({
      kind: "advance",
      reason: "time is up and the rules of its gate are clear (error)",
    });
    const held = stageHold(gated({ gate: ["latency"] }), running, judged(slow), HOUR)?.reason;
    expect(held).toMatch(/too few calls to judge yet \(latency.*\); its gate does not wait for error$/);
  });

  it("leaves no rule's breach without its effect", () => {
    const breach: Verdict = { ...clear("latency"), outcome: "breach" };
    for (const severity of ["rollback", "pause"] as const)
      expect(
        decide(gated({ gate: ["error"] }), running, judged([clear("error"), { ...breach, severity }]), HOUR).kind,
      ).toBe(severity);
  });

  it("waits for a rule that was not judged at all", () => {
    expect(decide(gated({ gate: ["error", "latency"] }), running, judged([clear("error")]), HOUR).kind).not.toBe(
      "advance",
    );
  });

  it.each([
    [{ canary: 99, baseline: 900 }, "fewer calls than the stage asks for (99 of 100 canary calls)"],
    [{ canary: 100, baseline: 900 }, null],
    [undefined, "fewer calls than the stage asks for (0 of 100 canary calls)"],
  ])("waits for its calls: %j", (calls, why) => {
    const { calls: _, ...uncounted } = judged([clear("error"), clear("latency")]);
    const judgement = calls === undefined ? uncounted : { ...uncounted, calls };
    const hold = stageHold(gated({ minCalls: 100 }), running, judgement, HOUR);
    expect(hold?.reason ?? null).toEqual(why === null ? null : expect.stringContaining(why));
    expect(decide(gated({ minCalls: 100 }), running, judgement, HOUR).kind === "advance").toBe(why === null);
  });
});

describe("hours in which nothing advances", () => {
  const migration = aMigration({ rules: RULES, stages: [CANARY], not: [{ from: 0, to: 120, zone: "UTC" }] });
  const all = judged([clear("error"), clear("latency")]);

  it("hold a stage and say until when, and are paged to nobody", () => {
    expect(decide(migration, running, all, 1.5 * HOUR).kind).toBe("continue");
    expect(stageHold(migration, running, all, 1.5 * HOUR)?.reason).toBe(
      "the time of stage 1 of 1 is up and it does not end: no stage ends before 1970-01-01T02:00:00Z (not: 00:00-02:00 UTC)",
    );
    expect(decide(migration, running, all, 2 * HOUR).kind).toBe("advance");
    expect(stageHold(migration, running, all, 0.5 * HOUR)).toBeNull();
    expect(decide(migration, running, all, 24.5 * HOUR).kind).toBe("continue");
  });

  it("hold no rollback and no pause", () => {
    const breach: Verdict = { ...clear("error"), outcome: "breach" };
    expect(decide(migration, running, judged([breach]), 0.5 * HOUR).kind).toBe("rollback");
    expect(decide(migration, running, judged([{ ...breach, severity: "pause" }]), 0.5 * HOUR).kind).toBe("pause");
  });
});
