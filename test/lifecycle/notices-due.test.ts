import { describe, expect, it } from "vitest";
import { writeNotice } from "../../alerts/write-notice.ts";
import type { LedgerEntry, LedgerEvent } from "../../core/ledger.ts";
import { shortHash } from "../../core/migration.ts";
import type { Judgement } from "../../core/verdict.ts";
import { noticesDue } from "../../lifecycle/notices-due.ts";
import { foldLedger } from "../../lifecycle/transitions.ts";
import { documentText, migrationOf } from "../agent/config/documents.ts";
import { anEvidence } from "../fixtures/an-evidence.ts";

const migration = migrationOf(documentText());
const CONTEXT = { incident: "m:1000", link: "http://127.0.0.1:4320/" };

const OFF = { flag: "model", share: 0, enabled: false, revision: "r2" };
const ON = { flag: "model", share: 0.05, enabled: true, revision: "r1" };
const EXPOSURE = {
  since: 3_000,
  until: 60_000,
  canaryCalls: 3,
  baselineCalls: 90,
  lastCanaryStart: 50_000,
  instances: ["pod-1"],
};
const CLEAN = { ...EXPOSURE, canaryCalls: 0, lastCanaryStart: null, instances: [] };

const judgement: Judgement = {
  migration: "m",
  at: 2_000,
  stage: 0,
  verdicts: [
    {
      rule: "error",
      severity: "rollback",
      outcome: "breach",
      evidence: anEvidence({
        method: "one-sample and event-share",
        parts: [{ segment: "", logE: 9 }],
        logE: 9,
        threshold: 4.6,
        logEPass: -3,
        n: { canary: 60, baseline: 900 },
        events: { canary: 20, baseline: 9 },
        value: { canary: 0.33, baseline: 0.01 },
        interval: { lower: 0.2, upper: 0.5 },
      }),
    },
  ],
};

const STARTED: LedgerEvent = { type: "started", hash: migration.hash, stage: 0, share: 0.05 };
const ROLLBACK: LedgerEvent = {
  type: "decision",
  decision: { kind: "rollback", rule: "error", reason: "error breached its limit" },
  judgement,
};
const RESULT: LedgerEvent = { type: "flip-result", action: "a", write: { outcome: "written", state: OFF } };
const READBACK: LedgerEvent = { type: "flip-readback", action: "a", state: OFF, confirmed: true };
const LIED: LedgerEvent = { type: "flip-readback", action: "a", state: ON, confirmed: false };
const FAILED: LedgerEvent = {
  type: "flip-result",
  action: "a",
  write: { outcome: "failed", why: "auth", detail: "status 401", retryAfterMs: null },
};
const OVERDUE: LedgerEvent = { type: "drain-overdue", reason: "canary-calls", exposure: EXPOSURE, flippedAt: 3_000 };
const BLIND: LedgerEvent = { type: "drain-overdue", reason: "not-measured", exposure: null, flippedAt: 3_000 };
const PROVEN: LedgerEvent = {
  type: "drain-proven",
  exposure: CLEAN,
  lastCanaryStart: 4_000,
  probability: 1e-4,
  flippedAt: 3_000,
};
const command = (name: "advance" | "rollback" | "rearm" | "pause" | "resume"): LedgerEvent => ({
  type: "command",
  command: name,
  reason: "why not",
});
const decided = (decision: Extract<LedgerEvent, { type: "decision" }>["decision"]): LedgerEvent => ({
  type: "decision",
  decision,
  judgement,
});

/** The ledger of these events, a second apart. */
const ledgerOf = (events: readonly LedgerEvent[]): readonly LedgerEntry[] =>
  events.map((event, i) => ({
    id: `e${i}`,
    at: 1_000 * (i + 1),
    migration: "m",
    by: event.type === "command" ? "ana" : "agent",
    incident: "m:1000",
    event,
  }));

const due = (events: readonly LedgerEvent[]) => {
  const ledger = ledgerOf(events);
  const state = foldLedger(migration, ledger);
  const startedWith = state.startedWith ?? migration.hash;
  const context = { ...CONTEXT, migration, startedWith, incident: `m:${state.since}` };
  return noticesDue(migration, state, ledger).map((each) => writeNotice(each, context));
};

const SCOPE = `m@${shortHash(migration.hash, 8)}`;

describe("the notices a ledger calls for", () => {
  it.each<[string, readonly LedgerEvent[], readonly string[]]>([
    ["none before the start", [], []],
    ["the start", [STARTED], [`${SCOPE}/stage/0/1000`]],
    ["a decided rollback says nothing before the flag moved or failed", [STARTED, ROLLBACK], []],
    ["one that is confirmed", [STARTED, ROLLBACK, RESULT, READBACK], ["m:1000/rollback"]],
    ["one found off already", [STARTED, ROLLBACK, READBACK], ["m:1000/rollback"]],
    ["one whose write failed", [STARTED, ROLLBACK, FAILED], ["m:1000/page/rollback-failed"]],
    ["one the flag system lied about", [STARTED, ROLLBACK, RESULT, LIED], ["m:1000/page/rollback-failed"]],
    ["one that could not be read back", [STARTED, ROLLBACK, RESULT], ["m:1000/page/rollback-failed"]],
    ["one that failed first and worked then", [STARTED, ROLLBACK, FAILED, RESULT, READBACK], ["m:1000/rollback"]],
    ["its drain", [STARTED, ROLLBACK, RESULT, READBACK, PROVEN], ["m:1000/rollback", "m:1000/drained"]],
    [
      "a drain that is late",
      [STARTED, ROLLBACK, RESULT, READBACK, OVERDUE],
      ["m:1000/rollback", "m:1000/page/not-rolled-back"],
    ],
    [
      "a drain that cannot be seen",
      [STARTED, ROLLBACK, RESULT, READBACK, BLIND],
      ["m:1000/rollback", "m:1000/page/not-rolled-back"],
    ],
    [
      "a drain that is late and comes",
      [STARTED, ROLLBACK, RESULT, READBACK, OVERDUE, PROVEN],
      ["m:1000/rollback", "m:1000/page/not-rolled-back", "m:1000/drained"],
    ],
    ["a person's rollback", [STARTED, command("rollback"), RESULT, READBACK], ["m:1000/rollback"]],
    [
      "after a re-arming only the new beginning",
      [STARTED, ROLLBACK, RESULT, READBACK, PROVEN, command("rearm")],
      [`${SCOPE}/stage/0/6000`],
    ],
    [
      "a pause by a rule",
      [STARTED, decided({ kind: "pause", rule: "error", reason: "x" })],
      ["m:1000/pause/error/2000"],
    ],
    ["a page", [STARTED, decided({ kind: "page", reason: "look" })], ["m:1000/page/look"]],
    [
      "a page and its end",
      [
        STARTED,
        decided({ kind: "page", reason: "down", topic: "blind:1" }),
        decided({ kind: "page", reason: "back", topic: "blind:1:over", over: "all" }),
      ],
      ["m:1000/page/blind:1", "m:1000/page/blind:1:over"],
    ],
    ["the next stage", [STARTED, decided({ kind: "advance", toStage: 1, reason: "clear" })], [`${SCOPE}/stage/1/2000`]],
    ["a person's advance", [STARTED, command("advance")], [`${SCOPE}/stage/1/2000`]],
    [
      "the end",
      [STARTED, command("advance"), decided({ kind: "advance", toStage: 2, reason: "clear" })],
      [`${SCOPE}/stage/1/2000`, `${SCOPE}/stage/done/3000`],
    ],
    [
      "one of two advances that meant the same stage",
      [
        STARTED,
        { type: "command", command: "advance", reason: "go", stage: 0 },
        decided({ kind: "advance", toStage: 1, reason: "clear" }),
        { type: "command", command: "advance", reason: "go", stage: 0 },
      ],
      [`${SCOPE}/stage/1/2000`],
    ],
    [
      "a first stage that its checks keep, and that begins then",
      [
        { ...STARTED, stage: -1, share: 0, approvals: "entry", held: ["the flag may not be written"] } as LedgerEvent,
        decided({ kind: "advance", toStage: 0, reason: "in order" }),
      ],
      [`${SCOPE}/stage/held/1000`, `${SCOPE}/stage/0/2000`],
    ],
    [
      "a later stage that waits for its approval",
      [
        STARTED,
        { type: "approval-due", stage: 0, hold: "too few calls" },
        { type: "approval-due", stage: 0, hold: "" },
      ],
      [`${SCOPE}/approval/0/2000`, `${SCOPE}/approval/0/3000`],
    ],
    [
      "one of two approvals: of a stage, and of a document",
      [
        STARTED,
        { type: "approval", stage: 0, reason: "looks good" },
        { type: "revision-approval", hash: "v2:12345678", reason: "tighter" },
      ],
      [`${SCOPE}/approved/0/2000`, `${SCOPE}/approved/12345678/3000`],
    ],
    [
      "a changed document, and its end",
      [
        STARTED,
        {
          ...{ type: "revision-pending", nth: 1, hash: "v2:12345678", of: migration.hash, file: "m.yaml" },
          ...{ changes: [], more: 0, problem: "" },
        },
        { type: "revision-gone", nth: 1, hash: "v2:12345678", file: "m.yaml" },
      ],
      [`${SCOPE}/revision/1/12345678`, `${SCOPE}/revision/1/12345678/gone`],
    ],
    ["nothing for a person's pause and resume", [STARTED, command("pause"), command("resume")], []],
  ])("%s", (_what, events, ids) => {
    const first = `${SCOPE}/stage/0/1000`;
    const found = due(events).map(({ id }) => id);
    expect(found.filter((id) => id !== first || ids.includes(first))).toEqual(ids);
    expect(new Set(found).size).toBe(found.length);
  });

  it("have ids that do not change as the ledger grows", () => {
    const story = [STARTED, ROLLBACK, FAILED, RESULT, READBACK, OVERDUE, PROVEN];
    const seen = new Set(story.flatMap((_event, i) => due(story.slice(0, i + 1)).map(({ id }) => id)));
    expect([...seen].sort()).toEqual(
      [
        "m:1000/drained",
        "m:1000/page/not-rolled-back",
        "m:1000/page/rollback-failed",
        "m:1000/rollback",
        `${SCOPE}/stage/0/1000`,
      ].sort(),
    );
  });

  it.each([
    ["all", "resolve"],
    ["this", "update"],
  ] as const)("end an incident with what is over only where it was all of it: %s", (over, phase) => {
    const [, notice] = due([STARTED, decided({ kind: "page", reason: "back", topic: "blind:1:over", over })]);
    expect(notice).toMatchObject({ type: "page", severity: "info", phase, title: "m: back" });
  });

  it("tell what was seen, what was done and what to do", () => {
    const [, rolledBack] = due([STARTED, ROLLBACK, RESULT, READBACK]);
    expect(rolledBack).toMatchObject({ type: "rollback", incident: "m:1000", at: 2_000, link: `${CONTEXT.link}#m` });
    expect(rolledBack?.summary).toContain("20 of 60");
    expect(rolledBack?.summary).toContain("went from 5% to 0% canary at");
    const [, failed] = due([STARTED, ROLLBACK, FAILED]);
    expect(failed?.summary).toContain("auth: status 401");
    const [, lied] = due([STARTED, ROLLBACK, RESULT, LIED]);
    expect(lied?.summary).toContain("written as 0%, but the flag reads 5%");
    const [, byHand] = due([STARTED, command("rollback"), READBACK]);
    expect(byHand?.summary).toContain("Asked for by ana: why not.");
    expect(byHand?.summary).toContain("was already at 0%");
    const [, , late] = due([STARTED, ROLLBACK, RESULT, READBACK, OVERDUE]);
    expect(late?.summary).toContain("pod-1");
  });
});
