import type { Exposure, LedgerEntry, LedgerEvent } from "../../../core/ledger.ts";
import type { Migration } from "../../../core/migration.ts";
import type { Judgement, Verdict } from "../../../core/verdict.ts";
import { aMigration, aRule } from "../../fixtures/a-migration.ts";
import { anEvidence } from "../../fixtures/an-evidence.ts";

/** 2026-01-05 00:00 UTC, a Monday. */
export const START: number = Date.UTC(2026, 0, 5);
export const HOUR = 3_600_000;

/** Two stages of a day each, the second with an approval to leave it, and rules on errors and cost. */
export const THE_MIGRATION: Migration = aMigration({
  stages: [
    { kind: "canary", share: 0.05, forMs: 24 * HOUR, approval: false },
    { kind: "canary", share: 0.25, forMs: 24 * HOUR, approval: true },
  ],
  rules: [aRule(), aRule({ id: "cost_usd", signal: "cost_usd", unit: "relative", limit: 0.2, reference: "baseline" })],
});

/** A verdict on a rule, clear unless it is said otherwise. */
export const aVerdict = (fields: Partial<Verdict> = {}): Verdict =>
  ({
    rule: "error",
    severity: "rollback",
    outcome: "clear",
    evidence: anEvidence({ logE: -3, value: { canary: 0.01, baseline: 0.012 } }),
    ...fields,
  }) as Verdict;

/** What the cost of a call came to, as a verdict. */
export const aCost = (canary: number | null, calls: number): Verdict =>
  aVerdict({
    rule: "cost_usd",
    evidence: anEvidence({
      unit: "USD",
      n: { canary: calls, baseline: 4 * calls },
      events: null,
      value: { canary, baseline: 0.004 },
      interval: null,
      limit: 0.0048,
    }),
  });

/** A judgement of a stage at a moment. */
export const aJudgement = (at: number, verdicts: readonly Verdict[], stage = 0): Judgement => ({
  migration: "support-bot",
  at,
  stage,
  verdicts,
});

/** Canary calls, or none, since a moment. */
export const anExposure = (since: number, canaryCalls = 0): Exposure => ({
  since,
  until: since + 60_000,
  canaryCalls,
  baselineCalls: 500,
  lastCanaryStart: null,
  instances: canaryCalls > 0 ? ["pod-7"] : [],
});

/** Entries at hours after the start, by the agent unless somebody is named. */
export const ledgerOf = (
  ...facts: readonly (readonly [hours: number, event: LedgerEvent, by?: string])[]
): readonly LedgerEntry[] =>
  facts.map(([hours, event, by = "agent"], i) => ({
    id: `support-bot:${i}`,
    at: START + hours * HOUR,
    migration: "support-bot",
    by,
    incident: "support-bot:1",
    event,
  }));

export const started: LedgerEvent = { type: "started", hash: THE_MIGRATION.hash, stage: 0, share: 0.05 };

/** A migration that is paused, held, promoted, approved late, rolled back with a returned drain, and re-armed. */
export const WHOLE_LIFE: readonly LedgerEntry[] = ledgerOf(
  [0, started],
  [0, { type: "standing", standing: "running", stage: 0, share: 0.05 }],
  [
    6,
    {
      type: "decision",
      decision: { kind: "pause", rule: "cost_usd", reason: "cost_usd: +25%" },
      judgement: aJudgement(START + 6 * HOUR, [aCost(0.005, 100)]),
    },
  ],
  [8, { type: "command", command: "resume", reason: "a price list was old" }, "ana@example.com"],
  [
    30,
    {
      type: "decision",
      decision: { kind: "advance", toStage: 1, reason: "time is up and every rule is clear" },
      judgement: aJudgement(START + 30 * HOUR, [aVerdict(), aCost(0.0044, 1000)]),
    },
  ],
  [30, { type: "standing", standing: "running", stage: 1, share: 0.25 }],
  [54, { type: "standing", standing: "waiting-for-approval", stage: 1, share: 0.25 }],
  [60, { type: "command", command: "advance", reason: "numbers look good", stage: 1 }, "ana@example.com"],
  [
    70,
    {
      type: "verdict",
      verdict: aVerdict({ outcome: "breach", evidence: anEvidence({ since: START + 69 * HOUR }) }),
      tick: START + 70 * HOUR,
    },
  ],
  [
    70,
    {
      type: "decision",
      decision: { kind: "rollback", rule: "error", reason: "error: canary 19.7%" },
      judgement: aJudgement(
        START + 70 * HOUR,
        [aVerdict({ outcome: "breach", evidence: anEvidence({ since: START + 69 * HOUR }) })],
        2,
      ),
    },
  ],
  [
    70.001,
    {
      type: "flip-result",
      action: "a",
      write: { outcome: "failed", why: "transient", detail: "503", retryAfterMs: null },
    },
  ],
  [
    70.002,
    {
      type: "flip-result",
      action: "a",
      write: { outcome: "written", state: { flag: "f", share: 0, enabled: true, revision: "2" } },
    },
  ],
  [
    70.003,
    {
      type: "flip-readback",
      action: "a",
      state: { flag: "f", share: 0, enabled: true, revision: "2" },
      confirmed: true,
    },
  ],
  [
    70.1,
    {
      type: "drain-overdue",
      reason: "canary-calls",
      exposure: anExposure(START + 70 * HOUR, 4),
      flippedAt: START + 70.002 * HOUR,
    },
  ],
  [
    70.2,
    {
      type: "drain-proven",
      exposure: anExposure(START + 70.1 * HOUR),
      lastCanaryStart: null,
      probability: 1e-9,
      flippedAt: START + 70.002 * HOUR,
    },
  ],
  [71, { type: "drain-reopened", exposure: anExposure(START + 70.2 * HOUR, 2) }],
  [
    71.5,
    {
      type: "drain-proven",
      exposure: anExposure(START + 71 * HOUR),
      lastCanaryStart: null,
      probability: 1e-9,
      flippedAt: START + 70.002 * HOUR,
    },
  ],
  [80, { type: "command", command: "rearm", reason: "the prompt was fixed" }, "ben@example.com"],
);
