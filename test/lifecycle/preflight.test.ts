import { describe, expect, it } from "vitest";
import type { LedgerEntry, LedgerEvent } from "../../core/ledger.ts";
import type { Migration } from "../../core/migration.ts";
import type { Judgement, Verdict } from "../../core/verdict.ts";
import { decide } from "../../lifecycle/decide.ts";
import {
  type BaselineProbes,
  failedLines,
  PREFLIGHT_CHECKS,
  type PreflightFacts,
  preflight,
} from "../../lifecycle/preflight.ts";
import { entryHold, stageHold } from "../../lifecycle/stage-hold.ts";
import { type MigrationState, NOT_STARTED } from "../../lifecycle/state.ts";
import { foldLedger } from "../../lifecycle/transitions.ts";
import { aMigration, aRule } from "../fixtures/a-migration.ts";
import { anEvidence } from "../fixtures/an-evidence.ts";

const migration = aMigration({
  segments: ["tier"],
  rules: [aRule()],
  stages: [
    { kind: "canary", share: 0.05, forMs: 1000, approval: false },
    { kind: "canary", share: 0.5, forMs: 1000, approval: false },
  ],
});
const state: MigrationState = { ...NOT_STARTED, hash: migration.hash, asksDrill: true };
const NOW = Date.parse("2027-01-14T12:00:00Z");
const READY: PreflightFacts = {
  flag: { share: 0.05, mayWrite: true, because: "" },
  calls: { perArm: { canary: 5, baseline: 95 }, answered: 90, segments: ["tier"] },
  retirement: null,
  probes: { monitor: "old", periodMs: 3_600_000, newest: { at: NOW - 60_000, asked: 3, answered: 2, error: "" } },
  wayBack: { at: NOW - 3_600_000, isGood: true, why: "" },
};
const clear: Verdict = { rule: "error", severity: "rollback", outcome: "clear", evidence: anEvidence() };
const judged = (verdict: Verdict): Judgement => ({
  migration: "m",
  at: NOW,
  stage: 0,
  verdicts: [verdict],
  doubts: [],
});
const look = (facts: Partial<PreflightFacts> = {}, of = migration, judgement: Judgement | null = judged(clear)) =>
  preflight(of, state, { ...READY, ...facts }, judgement, NOW);
const outcomes = (checks: ReturnType<typeof look>) =>
  Object.fromEntries(checks.map(({ check, outcome }) => [check, outcome]));
const calls = (more: Partial<NonNullable<PreflightFacts["calls"]>>) => ({
  calls: { perArm: { canary: 5, baseline: 95 }, answered: 90, segments: ["tier"], ...more },
});

describe("before the first stage", () => {
  const unstarted = { ...NOT_STARTED, asksDrill: true } as const;
  const kept: MigrationState = { ...state, stage: -1, approvals: "entry" };
  const at = (facts: Partial<PreflightFacts>, of: MigrationState = unstarted) =>
    outcomes(preflight(migration, of, { ...READY, ...facts }, null, NOW));
  const none = calls({ perArm: { canary: 0, baseline: 0 }, answered: 0, segments: [] });

  it("nothing is asked of a canary, and nothing of a flag but that it can be read and written", () => {
    const found = at({
      flag: { share: 0.7, mayWrite: true, because: "" },
      ...calls({ perArm: { canary: 0, baseline: 3 } }),
      wayBack: null,
    });
    expect(found).toMatchObject({ flag: "ok", baseline: "ok", spans: "ok", segments: "ok" });
    expect([found.signals, found.drill]).toEqual(["not-measured", "not-measured"]);
  });

  it("no call at all is nothing that is known, and keeps nothing", () => {
    for (const of of [unstarted, kept]) {
      const found = at(none, of);
      expect(found).toMatchObject({ baseline: "not-measured", spans: "not-measured", segments: "not-measured" });
    }
    expect(at({ calls: null })).toMatchObject({ spans: "not-measured" });
  });

  it.each<[string, Partial<PreflightFacts>, string]>([
    ["the flag cannot be read", { flag: { problem: "401" } }, "flag"],
    ["the flag may not be written", { flag: { share: 0, mayWrite: false, because: "read only" } }, "flag"],
    ["the baseline is retired", { retirement: { retires: "2027-01-14", source: "v" } }, "baseline"],
    ["no baseline call is answered", calls({ answered: 0 }), "baseline"],
    ["no call carries the segment", calls({ segments: [] }), "segments"],
  ])("it is kept where %s", (_what, facts, check) => {
    expect(at({ flag: { share: 0, mayWrite: true, because: "" }, ...facts })).toMatchObject({ [check]: "failed" });
  });

  it("says why it does not begin, and nothing while it waits for a person", () => {
    const checks = preflight(migration, kept, { ...READY, flag: { problem: "401" } }, null, NOW);
    expect(entryHold(migration, kept, checks)).toMatchObject({
      reason: expect.stringMatching(/^the first of 2 stages does not begin: .*401/),
      blocks: ["preflight"],
    });
    const asks = { ...migration, stages: migration.stages.map((stage) => ({ ...stage, approval: true })) };
    expect(entryHold(asks, kept, checks)).toBeNull();
    expect(entryHold(migration, { ...kept, isPaused: true }, checks)).toBeNull();
    expect(entryHold(migration, state, checks)).toBeNull();
  });
});

describe("whether the baseline answers a sentinel", () => {
  const heard = (newest: Partial<NonNullable<BaselineProbes["newest"]>> | null) => ({
    probes: {
      ...{ monitor: "old", periodMs: 3_600_000 },
      newest: newest === null ? null : { at: NOW - 600_000, asked: 3, answered: 3, error: "", ...newest },
    },
  });
  it.each<[string, Partial<PreflightFacts>, string, string]>([
    ["it does", heard({}), "ok", "the baseline gpt-old answered 3 of 3 probes of sentinel old 10 min ago"],
    ["it answered one", heard({ answered: 1, error: "500" }), "ok", "the baseline gpt-old answered 1 of 3 probes"],
    [
      "it answered none",
      heard({ answered: 0, error: "404" }),
      "failed",
      "none of 3 probes of sentinel old 10 min ago (404): see",
    ],
    ["it has not asked", heard(null), "not-measured", "asks every 60 min: leeway status says why"],
    ["there is none", { probes: "none" }, "not-measured", "no sentinel asks the baseline gpt-old: one under monitors"],
    ["it cannot be read", { probes: null }, "not-measured", "could not be read"],
  ])("%s", (_what, facts, outcome, line) => {
    expect(look(facts).find(({ check }) => check === "sentinel")).toMatchObject({
      outcome,
      line: expect.stringContaining(line),
    });
  });
});

describe("the drill that more traffic waits for", () => {
  const DAY_MS = 86_400_000;
  const tried = (daysAgo: number, isGood = true, why = "") => ({
    wayBack: { at: NOW - daysAgo * DAY_MS, isGood, why },
  });
  const at = (facts: Partial<PreflightFacts>, more: Partial<MigrationState> = {}, of = migration) =>
    preflight(of, { ...state, ...more }, { ...READY, ...facts }, judged(clear), NOW).find(
      ({ check }) => check === "drill",
    );

  it.each([
    ["was never held", { wayBack: null }, "failed", "the way back was never tried: leeway drill support-bot"],
    [
      "failed",
      tried(1, false, "refused"),
      "failed",
      "the way back failed when it was tried last (refused): mend that, then leeway drill support-bot",
    ],
    [
      "is old",
      tried(7.1),
      "failed",
      "the way back was tried 7.1 d ago, and is to be tried every 7 days: leeway drill support-bot",
    ],
    ["is a week old", tried(7), "ok", "the way back was tried 7.0 d ago"],
    ["is of a clock that is a little ahead", tried(-0.01), "ok", "the way back was tried 0 s ago"],
    [
      "is of a clock that was set back",
      tried(-30),
      "failed",
      "the way back was tried by a clock that was 30.0 d ahead: leeway drill support-bot",
    ],
  ] as const)("%s", (_what, facts, outcome, line) => {
    expect(at(facts)).toEqual({ check: "drill", outcome, line });
  });

  it("is asked for in every life of the migration", () => {
    const entry = (event: LedgerEvent, at: number): LedgerEntry => ({
      ...{ id: `e${at}`, at, migration: migration.name, by: "ana", incident: "m:1" },
      event,
    });
    const lives = foldLedger(migration, [
      entry({ type: "started", hash: migration.hash, stage: 0, share: 0.05, asksDrill: true }, 1),
      entry({ type: "command", command: "rollback", reason: "ill" }, 2),
      entry({ type: "command", command: "rearm", reason: "mended" }, 3),
    ]);
    expect(at({ wayBack: null }, lives)?.outcome).toBe("failed");
  });

  it("is not asked for where nobody meets the candidate yet, where no stage follows, nor by earlier versions", () => {
    const baseline = { kind: "baseline", forMs: 1000, approval: false } as const;
    const later = aMigration({ stages: [baseline, ...migration.stages] });
    expect(at({ wayBack: null }, {}, later)?.outcome).toBe("not-measured");
    expect(at({ wayBack: null }, { stage: -1 })?.outcome).toBe("not-measured");
    expect(at({ wayBack: null }, { stage: 1 })?.outcome).toBe("ok");
    expect(at({ wayBack: null }, { asksDrill: false })?.outcome).toBe("not-measured");
  });

  it("is left out where the document says so", () => {
    expect(at({ wayBack: null }, {}, aMigration({ ...migration, preflightSkips: ["drill"] }))).toBeUndefined();
  });
});

describe("the pre-flight", () => {
  it("waits for no signal that the stage's gate does not wait for", () => {
    const rules = [aRule(), aRule({ id: "tickets", signal: "support_tickets" })];
    const [first] = migration.stages;
    const blind: Verdict = { ...clear, rule: "tickets", outcome: "undecided", why: "no-data" };
    const judgement = { ...judged(clear), verdicts: [clear, blind] };
    const gated = (gate?: readonly string[]) =>
      aMigration({
        segments: ["tier"],
        rules,
        stages: first === undefined ? [] : [{ ...first, ...(gate && { gate }) }],
      });
    expect(outcomes(look({}, gated(["error"]), judgement))).toMatchObject({ signals: "ok" });
    expect(outcomes(look({}, gated(), judgement))).toMatchObject({ signals: "failed" });
  });

  it("does not hold the 0% of a drill against the flag, nor what it serves before it is restored", () => {
    const drill = {
      drill: "0-1",
      owner: "o",
      startedAt: NOW - 9,
      until: NOW + 60_000,
      flippedAt: null,
      isConfirmed: true,
    };
    for (const [endedAt, share] of [
      [null, 0],
      [null, 0.05],
      [NOW, 0],
      [NOW, 0.05],
    ] as const) {
      const flag = { share, mayWrite: true, because: "" };
      const during = { ...state, drill: { ...drill, endedAt } };
      const checks = preflight(migration, during, { ...READY, flag }, judged(clear), NOW);
      expect(outcomes(checks)).toMatchObject({ flag: "not-measured" });
      expect(failedLines(checks)).toEqual([]);
    }
    const late = { ...state, drill: { ...drill, until: NOW - 1, endedAt: NOW - 2 } };
    const [flag] = failedLines(
      preflight(migration, late, { ...READY, flag: { share: 0, mayWrite: true, because: "" } }, judged(clear), NOW),
    );
    expect(flag).toContain("serves 0% and was left at 5%");
  });

  it.each<[string, number, number, string]>([
    ["too few baseline calls to expect a canary call", 0, 132, "not-measured"],
    ["enough to expect some", 0, 134, "failed"],
    ["one canary call, beside which many baseline calls are to be expected", 1, 0, "failed"],
    ["neither arm", 0, 0, "failed"],
  ])("says what it makes of %s", (_what, canary, baseline, outcome) => {
    expect(outcomes(look(calls({ perArm: { canary, baseline }, answered: baseline })))).toMatchObject({
      spans: outcome,
    });
  });

  it("expects no call of a part of the traffic whose size it does not know", () => {
    const [first] = migration.stages;
    const audience = { segment: "tier", values: ["internal"] };
    const stages = [{ ...first, audience } as Migration["stages"][number], ...migration.stages.slice(1)];
    const facts = calls({ perArm: { canary: 0, baseline: 9_000 } });
    expect(outcomes(look(facts, aMigration({ segments: ["tier"], stages })))).toMatchObject({ spans: "not-measured" });
  });

  it("is in order where all of it is", () => {
    expect(look().map(({ check, outcome }) => [check, outcome])).toEqual(PREFLIGHT_CHECKS.map((each) => [each, "ok"]));
  });

  it.each<[string, Partial<PreflightFacts>, string, string]>([
    ["a flag that cannot be read", { flag: { problem: "401" } }, "flag", "cannot be read: 401"],
    ["a flag that somebody set", { flag: { share: 0.2, mayWrite: true, because: "" } }, "flag", "serves 20%"],
    ["a flag nobody may write", { flag: { share: 0.05, mayWrite: false, because: "read only" } }, "flag", "read only"],
    [
      "a retired baseline",
      { retirement: { retires: "2027-01-14", source: "v" } },
      "baseline",
      "retired since 2027-01-14",
    ],
    ["a baseline that answers nobody", calls({ answered: 0 }), "baseline", "none of the 95 baseline calls"],
    ["no canary call", calls({ perArm: { canary: 0, baseline: 134 } }), "spans", "no canary call came"],
    ["no call at all", calls({ perArm: { canary: 0, baseline: 0 } }), "spans", "no canary and no baseline call"],
    ["a segment that no call carries", calls({ segments: ["other"] }), "segments", "leeway.segment.tier"],
  ])("fails at %s, with what to do", (_what, facts, check, line) => {
    const checks = look(facts);
    expect(outcomes(checks)[check]).toBe("failed");
    expect(failedLines(checks).join("\n")).toContain(line);
  });

  it("fails at a rule whose signal nobody sends", () => {
    const blind: Verdict = { ...clear, outcome: "undecided", why: "no-data" };
    expect(failedLines(look({}, migration, judged(blind)))).toEqual([expect.stringContaining("what error is about")]);
  });

  it.each<[string, Partial<PreflightFacts>, readonly string[]]>([
    ["nothing could be read", { flag: null, calls: null }, ["flag", "baseline", "spans", "segments"]],
    [
      "the system cannot tell whether it may be written",
      { flag: { share: 0.05, mayWrite: null, because: "x" } },
      ["flag"],
    ],
    ["an older store does not count answers", calls({ answered: null, segments: null }), ["baseline", "segments"]],
  ])("takes what is unknown for neither pass nor failure: %s", (_what, facts, names) => {
    const checks = look(facts);
    expect(checks.filter(({ outcome }) => outcome === "not-measured").map(({ check }) => check)).toEqual(names);
    expect(failedLines(checks)).toEqual([]);
  });

  it("leaves out what the document skips", () => {
    const of = { ...migration, preflightSkips: ["segments", "flag"] };
    expect(look({}, of).map(({ check }) => check)).toEqual(["baseline", "sentinel", "spans", "signals", "drill"]);
  });
});

describe("an advance", () => {
  const bad = look(calls({ segments: [] }));

  it("waits for a look, and for what it finds; the stage says what holds it, and people are told once", () => {
    expect(decide(migration, state, judged(clear), NOW, look()).kind).toBe("advance");
    expect(decide(migration, state, judged(clear), NOW, null).kind).toBe("continue");
    const held = decide(migration, state, judged(clear), NOW, bad);
    expect(held).toMatchObject({ kind: "page", reason: expect.stringContaining("leeway.segment.tier") });
    const told = { ...state, pagedFor: [held.kind === "page" ? (held.topic ?? held.reason) : ""] };
    expect(decide(migration, told, judged(clear), NOW, bad).kind).toBe("continue");
    expect(stageHold(migration, state, judged(clear), NOW, bad)?.blocks).toEqual(["preflight"]);
    expect(stageHold(migration, state, judged(clear), NOW, look())).toBeNull();
  });

  it("is all that waits: a breach rolls back whatever the pre-flight says", () => {
    const breach: Verdict = { ...clear, outcome: "breach" };
    for (const checks of [null, bad, look()])
      expect(decide(migration, state, judged(breach), NOW, checks).kind).toBe("rollback");
  });
});
