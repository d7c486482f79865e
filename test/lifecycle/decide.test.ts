import { describe, expect, test } from "vitest";
import type { Command, LedgerEntry, LedgerEvent } from "../../core/ledger.ts";
import type { ApprovalMeaning, Migration } from "../../core/migration.ts";
import { seededRandom } from "../../core/seeded-random.ts";
import type { Doubt, DoubtReason, Evidence, Judgement, UndecidedReason, Verdict } from "../../core/verdict.ts";
import { decide } from "../../lifecycle/decide.ts";
import type { PreflightCheck } from "../../lifecycle/preflight.ts";
import { desiredShare, type MigrationState, NOT_STARTED } from "../../lifecycle/state.ts";
import { applyEntry, foldLedger } from "../../lifecycle/transitions.ts";
import { aMigration, aRule } from "../fixtures/a-migration.ts";
import { anEvidence } from "../fixtures/an-evidence.ts";

const HOUR = 3_600_000;
const migration = aMigration({
  rules: [aRule(), aRule({ signal: "tokens_total", severity: "pause" })],
  stages: [
    { kind: "canary", share: 0.05, forMs: HOUR, approval: false },
    { kind: "canary", share: 0.25, forMs: HOUR, approval: false },
    { kind: "canary", share: 0.99, forMs: HOUR, approval: true },
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
const undecided = (name: string, why: UndecidedReason): Verdict => ({
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
    ["undecided never advances", running, [clear("a"), undecided("b", "not-proven")], HOUR, "continue"],
    ["what needs more calls for too long is spoken about", running, [undecided("b", "not-proven")], 2 * HOUR, "page"],
    ["no data while there is time waits", running, [undecided("b", "no-data")], HOUR - 1, "continue"],
    ["no data when the time is up is spoken about", running, [undecided("b", "no-data")], HOUR, "page"],
    [
      "a stage under pause is a person's affair already",
      { ...running, isPaused: true },
      [undecided("b", "no-data")],
      99 * HOUR,
      "continue",
    ],
    ["a rule whose detector failed is spoken about at once", running, [undecided("b", "detector-failed")], 0, "page"],
    ["late calls alone are no page", running, [undecided("b", "ingest-lag")], 0, "continue"],
    [
      "a rule that was resumed and is still broken keeps the stage, which is said",
      { ...running, pausedFor: ["t"] },
      [breach("t", "pause")],
      HOUR,
      "page",
    ],
    ["no advance while paused", { ...running, isPaused: true }, [clear("a")], HOUR, "continue"],
    ["an ill baseline pages", running, [undecided("error", "baseline-ill-too")], 0, "page"],
    ["nothing before the start", NOT_STARTED, [breach("error", "rollback")], 0, "continue"],
  ];

  test.each(situations)("%s", (_name, state, verdicts, now, kind) => {
    expect(decide(migration, state, judgement(...verdicts), now).kind).toBe(kind);
  });

  test.each<[string, ApprovalMeaning, number, string]>([
    ["that asks for approval is not entered without a person", "entry", 1, "continue"],
    ["that asks for approval is left by itself once it was entered", "entry", 2, "advance"],
    ["of an earlier version's migration is entered by itself", "leaving", 1, "advance"],
    ["of an earlier version's migration is not left without a person", "leaving", 2, "continue"],
  ])("a stage %s", (_what, approvals, stage, kind) => {
    const state = { ...running, approvals, stage };
    expect(decide(migration, state, { ...judgement(clear("a")), stage }, 9 * HOUR).kind).toBe(kind);
  });

  describe("the first stage", () => {
    const before = { ...running, stage: -1 };
    const found = (outcome: PreflightCheck["outcome"]): PreflightCheck => ({
      check: "flag",
      outcome,
      line: "the flag",
    });
    const at = (now: number, checks: readonly PreflightCheck[] | null, state = before, of = migration) =>
      decide(of, state, { ...judgement(clear("a")), stage: -1 }, now, checks);

    test("that a person has to approve is not entered without one", () => {
      const stages = migration.stages.map((stage) => ({ ...stage, approval: true }));
      expect(at(9 * HOUR, [found("ok")], before, { ...migration, stages }).kind).toBe("continue");
    });

    test("that its checks kept begins when they are in order, and what is not measured keeps it not", () => {
      const begins = { kind: "advance", toStage: 0, reason: "what kept its first stage is in order" };
      for (const checks of [[], [found("ok")], [found("not-measured")]]) expect(at(0, checks)).toEqual(begins);
    });

    test("is kept while one fails, nobody looked, it is paused, or no stage ends by itself", () => {
      expect(at(0, [found("failed")]).kind).toBe("continue");
      expect(at(0, null).kind).toBe("continue");
      expect(at(0, [], { ...before, isPaused: true }).kind).toBe("continue");
      // The epoch began on a Thursday.
      const closed: Migration = { ...migration, not: [{ days: [4], zone: "UTC" }] };
      expect(at(0, [], before, closed).kind).toBe("continue");
    });

    test("is spoken about when it is kept for two minutes, once", () => {
      const page = { kind: "page", reason: expect.stringContaining("the first of 3 stages does not begin: ") };
      expect(at(119_999, [found("failed")]).kind).toBe("continue");
      expect(at(120_000, [found("failed")])).toMatchObject(page);
      expect(at(120_000, [found("failed")], { ...before, pagedFor: ["stuck:-1:0"] }).kind).toBe("continue");
    });
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
        "error in input_type=faq: canary 20% (20 of 100 calls), limit 5%, baseline 1% (19 of 1,900 calls); 99% interval of the canary 13.1% to 27.9%; log e 9.0 of 6.0",
    });
  });

  test("people are paged once for one reason", () => {
    const ill = judgement(undecided("error", "baseline-ill-too"));
    const first = decide(migration, running, ill, 0);
    const state = applyEntry(running, migration, entry({ type: "decision", decision: first, judgement: null }));
    expect(decide(migration, state, ill, 0).kind).toBe("continue");
  });

  const doubt = (reason: DoubtReason, detail = "seen", since = 7): Doubt => ({ reason, detail, since });
  const paged = (state: MigrationState, judged: Judgement, now = 0): MigrationState => {
    const decided = decide(migration, state, judged, now);
    return applyEntry(state, migration, entry({ type: "decision", decision: decided, judgement: null }));
  };

  test("doubts keep even clear rules from promoting, and are no breach", () => {
    for (const reason of ["ingest-lag", "incomplete-spans"] as const) {
      const judged = { ...judgement(clear("a")), doubts: [doubt(reason)] };
      expect(decide(migration, running, judged, HOUR).kind).toBe("continue");
    }
  });

  test("harm goes before every doubt", () => {
    const judged = { ...judgement(breach("error", "rollback")), doubts: [doubt("sample-ratio-mismatch")] };
    expect(decide(migration, running, judged, 0).kind).toBe("rollback");
  });

  test("a share that is off is told once a stage, however its numbers move", () => {
    const off = (detail: string): Judgement => ({
      ...judgement(clear("a")),
      doubts: [doubt("sample-ratio-mismatch", detail)],
    });
    const told = paged(running, off("10% where 5% are configured"));
    expect(told.pagedFor).toHaveLength(1);
    expect(decide(migration, told, off("11% where 5% are configured"), 1).kind).toBe("continue");
    const next = { ...told, stage: 1, stageSince: HOUR };
    expect(decide(migration, next, { ...off("30% where 25% are configured"), stage: 1 }, HOUR).kind).toBe("page");
  });

  test("each change of the model is told once", () => {
    const change = (detail: string): Judgement => ({
      ...judgement(clear("a")),
      doubts: [doubt("response-model-changed", detail)],
    });
    const told = paged(running, change("was m-1, is m-2"));
    expect(decide(migration, told, change("was m-1, is m-2"), 1).kind).toBe("continue");
    expect(decide(migration, told, change("was m-2, is m-3"), 1).kind).toBe("page");
  });

  test("what was paged by itself is not paged again when the time is up", () => {
    const told = paged(running, judgement(undecided("b", "baseline-ill-too")));
    expect(decide(migration, told, judgement(undecided("b", "baseline-ill-too")), 9 * HOUR).kind).toBe("continue");
  });

  test("why a stage does not end is told once, names the rules, the gravest reason first", () => {
    const judged = judgement(
      undecided("tokens", "too-few"),
      undecided("quality", "no-data"),
      undecided("thumbs", "no-data"),
    );
    expect(decide(migration, running, judged, HOUR)).toMatchObject({
      kind: "page",
      reason:
        "the time of stage 1 of 3 is up and it does not end: no call of one of the arms carried the signal (quality: 100 canary and 1,900 baseline calls with the signal; thumbs: 100 canary and 1,900 baseline calls with the signal); too few calls to judge yet (tokens: 100 canary and 1,900 baseline calls with the signal)",
    });
    expect(decide(migration, paged(running, judged, HOUR), judged, 3 * HOUR).kind).toBe("continue");
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

describe("a breach that one user or conversation is behind", () => {
  const resting = (name: string, agrees: boolean, fields: Partial<Evidence["withoutHeaviest"]> = {}): Verdict => {
    const one = { arm: "canary", cluster: "user:0123456789abcdef", calls: 0.61, events: 0.88 } as const;
    const rest = { n: { canary: 39, baseline: 1900 }, value: { canary: 0.011, baseline: 0.01 }, limit: 0.05 };
    return {
      ...breach(name, "rollback"),
      evidence: {
        ...{ ...evidence(9), unit: "share" },
        withoutHeaviest: { removed: [one], agrees, logE: agrees ? 5 : -1, ...rest, ...fields },
      },
    };
  };

  test("pauses where the rest does not agree, and says on whom it rests, without a name", () => {
    const decision = decide(migration, running, judgement(resting("error", false)), 0);
    expect(decision).toMatchObject({ kind: "pause", rule: "error" });
    expect(decision).toMatchObject({
      reason: expect.stringContaining(
        "rests on one user (01234567): 61% of the canary's calls of late, 88% of its bad events; without it canary 1.1% (39 calls), limit 5%, baseline 1%",
      ),
    });
    expect(JSON.stringify(decision)).not.toContain("0123456789abcdef");
  });

  test("pauses once: a person who resumes is not paused for it again", () => {
    const one = judgement(resting("error", false));
    expect(decide(migration, { ...running, isPaused: true, pausedFor: ["error"] }, one, 0).kind).toBe("continue");
    expect(decide(migration, { ...running, pausedFor: ["error"] }, one, 0).kind).toBe("continue");
  });

  test("rolls back as soon as the rest agrees, also after that pause", () => {
    const state = { ...running, isPaused: true, pausedFor: ["error"] };
    expect(decide(migration, state, judgement(resting("error", true)), 0)).toMatchObject({ kind: "rollback" });
  });

  test("hides no breach of another rule", () => {
    const both = judgement(resting("error", false), breach("latency", "rollback", 7));
    expect(decide(migration, running, both, 0)).toMatchObject({ kind: "rollback", rule: "latency" });
  });

  test("says so where nobody else is there", () => {
    const alone = resting("error", false, { n: { canary: 0, baseline: 0 } });
    expect(decide(migration, running, judgement(alone), 0)).toMatchObject({
      kind: "pause",
      reason: expect.stringContaining("no canary call is left without it"),
    });
  });
});
