import { describe, expect, test } from "vitest";
import type { Command, LedgerEntry, LedgerEvent } from "../../core/ledger.ts";
import { seededRandom } from "../../core/seeded-random.ts";
import type { Evidence, Judgement, Verdict } from "../../core/verdict.ts";
import { decide } from "../../detectors/decide.ts";
import { applyEntry, desiredShare, foldLedger, type MigrationState, NOT_STARTED } from "../../detectors/history.ts";
import { aMigration, aRule } from "../fixtures/a-migration.ts";
import { anEvidence } from "../fixtures/an-evidence.ts";

const HOUR = 3_600_000;
const migration = aMigration({
  rules: [aRule(), aRule({ signal: "tokens_total", severity: "pause" })],
  stages: [
    { share: 0.05, forMs: HOUR, approval: false },
    { share: 0.25, forMs: HOUR, approval: true },
    { share: 0.99, forMs: HOUR, approval: false },
  ],
});

const evidence = (logE: number): Evidence =>
  anEvidence({
    logE,
    threshold: 6,
    n: { canary: 100, baseline: 1900 },
    events: null,
    value: { canary: 0.2, baseline: 0.01 },
  });

const breach = (name: string, severity: "rollback" | "pause", logE = 9): Verdict => ({
  rule: name,
  severity,
  outcome: "breach",
  evidence: evidence(logE),
});
const clear = (name: string): Verdict => ({
  rule: name,
  severity: "rollback",
  outcome: "clear",
  evidence: evidence(0),
});
const undecided = (name: string, why: "not-proven" | "baseline-ill-too" | "no-data"): Verdict => ({
  rule: name,
  severity: "rollback",
  outcome: "undecided",
  why,
  evidence: evidence(0),
});

const judgement = (...verdicts: readonly Verdict[]): Judgement => ({
  migration: "simulated",
  at: 0,
  stage: 0,
  verdicts,
});
const running: MigrationState = { ...NOT_STARTED, hash: "h" };

let serial = 0;
const entry = (event: LedgerEvent, at = 1000): LedgerEntry => ({
  id: `e${serial++}`,
  at,
  migration: "simulated",
  by: "agent",
  incident: "i1",
  event,
});
const command = (name: Command): LedgerEvent => ({ type: "command", command: name, reason: "because" });
const decision = (kind: "rollback" | "pause"): LedgerEvent => ({
  type: "decision",
  decision: { kind, rule: "error", reason: "r" },
  judgement: null,
});

describe("decide", () => {
  const situations: readonly [string, MigrationState, readonly Verdict[], number, string][] = [
    ["a rollback breach rolls back at once", running, [breach("error", "rollback"), clear("x")], 0, "rollback"],
    [
      "harm outranks a pause, even a stronger one",
      running,
      [breach("t", "pause", 99), breach("error", "rollback")],
      0,
      "rollback",
    ],
    [
      "harm is not masked by a pause in force",
      { ...running, isPaused: true },
      [breach("error", "rollback")],
      0,
      "rollback",
    ],
    [
      "harm is not masked by an approval that is due",
      { ...running, stage: 1 },
      [breach("error", "rollback")],
      0,
      "rollback",
    ],
    ["a pause breach pauses", running, [breach("t", "pause"), clear("x")], 0, "pause"],
    [
      "a rule pauses once; then it is a person's call",
      { ...running, pausedFor: ["t"] },
      [breach("t", "pause")],
      0,
      "continue",
    ],
    ["all clear before the time is up waits", running, [clear("a"), clear("b")], HOUR - 1, "continue"],
    ["all clear when the time is up advances", running, [clear("a"), clear("b")], HOUR, "advance"],
    ["undecided never advances", running, [clear("a"), undecided("b", "not-proven")], 99 * HOUR, "continue"],
    ["no data never advances", running, [undecided("b", "no-data")], 99 * HOUR, "continue"],
    ["no advance while paused", { ...running, isPaused: true }, [clear("a")], HOUR, "continue"],
    ["an ill baseline pages", running, [undecided("error", "baseline-ill-too")], 0, "page"],
    ["nothing before the start", NOT_STARTED, [breach("error", "rollback")], 0, "continue"],
  ];

  test.each(situations)("%s", (_name, state, verdicts, now, kind) => {
    expect(decide(migration, state, judgement(...verdicts), now).kind).toBe(kind);
  });

  test("a stage that asks for approval waits for a person", () => {
    const state = { ...running, stage: 1 };
    expect(decide(migration, state, { ...judgement(clear("a")), stage: 1 }, 9 * HOUR).kind).toBe("continue");
  });

  test("a judgement of an earlier stage does not advance the next one", () => {
    const state = { ...running, stage: 2 };
    expect(decide(migration, state, { ...judgement(clear("a")), stage: 1 }, 9 * HOUR).kind).toBe("continue");
  });

  test("the reason of a rollback carries its numbers", () => {
    const verdict: Verdict = {
      ...breach("error", "rollback"),
      outcome: "breach",
      evidence: { ...evidence(9), segment: "input_type=faq", events: { canary: 20, baseline: 19 } },
    };
    expect(decide(migration, running, judgement(verdict), 0)).toMatchObject({
      reason:
        "error in input_type=faq: 20% (20 of 100 canary calls), limit 5%, baseline 1% (19 of 1900); log e 9.0 of 6.0",
    });
  });

  test("people are paged once for one reason", () => {
    const ill = judgement(undecided("error", "baseline-ill-too"));
    const first = decide(migration, running, ill, 0);
    const state = applyEntry(running, migration, entry({ type: "decision", decision: first, judgement: null }));
    expect(decide(migration, state, ill, 0).kind).toBe("continue");
  });

  test("after a rollback nothing is decided until a person re-arms", () => {
    const rolledBack = applyEntry(running, migration, entry(decision("rollback")));
    expect(decide(migration, rolledBack, judgement(breach("error", "rollback")), 0).kind).toBe("continue");
    const rearmed = applyEntry(rolledBack, migration, entry(command("rearm"), 5000));
    expect(decide(migration, rearmed, judgement(breach("error", "rollback")), 0).kind).toBe("rollback");
    expect(rearmed).toMatchObject({ stage: 0, since: 5000, stageSince: 5000, rollback: null });
  });
});

describe("the ledger's fold", () => {
  const started = entry({ type: "started", hash: "h", stage: 0, share: 0.05 }, 10);

  test("follows stages, pauses and the steps of a rollback", () => {
    const off = { flag: "f", share: 0, enabled: false, revision: "2" };
    const state = foldLedger(migration, [
      started,
      entry({ type: "decision", decision: { kind: "advance", toStage: 1, reason: "" }, judgement: null }, 20),
      entry(command("pause"), 30),
      entry(command("resume"), 40),
      entry(decision("rollback"), 50),
      entry({ type: "flip-intent", action: "a", flag: "f", target: "t", share: 0 }, 51),
      entry({ type: "flip-result", action: "a", write: { outcome: "written", state: off } }, 52),
      entry({ type: "flip-readback", action: "a", state: off, confirmed: true }, 53),
    ]);
    expect(state).toMatchObject({
      stage: 1,
      stageSince: 20,
      isPaused: false,
      rollback: { decidedAt: 50, flippedAt: 52, shareBefore: 0.25, isConfirmed: true, drain: "pending" },
    });
  });

  test("a failed write is no flip", () => {
    const state = foldLedger(migration, [
      started,
      entry(decision("rollback")),
      entry({
        type: "flip-result",
        action: "a",
        write: { outcome: "failed", why: "auth", detail: "", retryAfterMs: null },
      }),
    ]);
    expect(state.rollback).toMatchObject({ flippedAt: null, isConfirmed: false });
  });

  test("a second decision to roll back changes nothing of the first", () => {
    const once = foldLedger(migration, [started, entry(decision("rollback"), 50)]);
    expect(foldLedger(migration, [started, entry(decision("rollback"), 50), entry(decision("rollback"), 60)])).toEqual(
      once,
    );
  });

  test("exposure never rises after a rollback, whatever follows, until a person re-arms", () => {
    const off = { flag: "f", share: 0, enabled: false, revision: "2" };
    const events: readonly LedgerEvent[] = [
      command("pause"), command("resume"), command("advance"), command("rollback"), decision("pause"), decision("rollback"),
      { type: "decision", decision: { kind: "advance", toStage: 2, reason: "" }, judgement: null },
      { type: "flip-readback", action: "a", state: off, confirmed: true },
      { type: "flip-result", action: "a", write: { outcome: "written", state: off } },
    ]; // biome-ignore format: a list
    const random = seededRandom(7);
    for (let run = 0; run < 200; run++) {
      let state = foldLedger(migration, [started, entry(decision("rollback"))]);
      for (let step = 0; step < 20; step++) {
        state = applyEntry(state, migration, entry(events[Math.floor(random() * events.length)] as LedgerEvent));
        expect(desiredShare(migration, state)).toBe(0);
      }
    }
  });

  test("the holdback share stays after the last stage", () => {
    expect(desiredShare(migration, { ...running, stage: 3 })).toBe(0.99);
  });
});
