import { monitorNotice } from "../../../alerts/monitor-notices.ts";
import type { NoticeContext } from "../../../alerts/notice-draft.ts";
import { writeNotice } from "../../../alerts/write-notice.ts";
import type { Notice } from "../../../core/notice.ts";
import { UNDECIDED_REASONS } from "../../../core/undecided-reasons.ts";
import type { Verdict } from "../../../core/verdict.ts";
import type { NewsDue } from "../../../lifecycle/news.ts";
import { aMigration, aRule } from "../../fixtures/a-migration.ts";
import { anEvidence } from "../../fixtures/an-evidence.ts";

/** The night of the golden files: the decision fell at 02:14:09 UTC. */
const AT = Date.UTC(2026, 10, 20, 2, 14, 9);

const migration = aMigration({
  name: "support-bot-to-gpt-5",
  owner: "support-platform",
  runbook: "https://wiki.example/llm/rollback",
  baseline: { model: "gpt-4o-2024-08-06", provider: null, prompt: null },
  candidate: { model: "gpt-5-2026-08", provider: null, prompt: null },
  route: { flag: "support-model", target: "unleash" },
  segments: ["tenant"],
  stages: [
    { kind: "canary", share: 0.05, forMs: 4 * 3_600_000, approval: false },
    { kind: "canary", share: 0.25, forMs: 24 * 3_600_000, approval: true },
  ],
  rules: [aRule(), aRule({ id: "refusal", signal: "refusal", limit: 0.02, severity: "pause" })],
});

const context: Omit<NoticeContext, "at"> = {
  migration,
  incident: "support-bot-to-gpt-5/2026-11-20T02:14:09Z",
  startedWith: migration.hash,
  link: "https://leeway.example/",
  dashboard: { url: "https://grafana.example", dashboard: "leeway-migration", datasource: null },
};

const evidence = anEvidence({ segment: "tenant=acme", since: AT - 26 * 60_000, until: AT });
const breach: Verdict = { rule: "error", severity: "rollback", outcome: "breach", evidence };
const refusals: Verdict = {
  ...{ rule: "refusal", severity: "pause", outcome: "breach" },
  evidence: anEvidence({
    ...{ since: AT - 95 * 60_000, until: AT, limit: 0.02, logE: 7.4, interval: { lower: 0.024, upper: 0.061 } },
    ...{
      value: { baseline: 0.0051, canary: 0.0402 },
      events: { baseline: 15, canary: 33 },
      n: { baseline: 2_940, canary: 821 },
    },
  }),
};
const exposure = {
  ...{ since: AT + 1_200, until: AT + 70_000, canaryCalls: 12, baselineCalls: 640, lastCanaryStart: AT + 64_000 },
  instances: ["support-api-7d9f-x2k4p", "support-api-7d9f-q8zzt"],
};
const flippedAt = AT + 412;
const state = { flag: "support-model", share: 0, enabled: false, revision: "r2" };
const doubt = UNDECIDED_REASONS["other-configuration"];

const CHANGED = {
  ...{ nth: 1, hash: `v2:${"1f".repeat(32)}`, of: migration.hash, file: "migrations/support-bot.yaml" },
  changes: [
    { effect: "looser", text: "rule error: error at most 10% (rollback) instead of error at most 5% (rollback)" },
    { effect: "tighter", text: "rule latency_ms is new: latency_ms at most 5% above the baseline (pause)" },
    { effect: "other", text: "owner: platform instead of support-platform" },
  ] as const,
  ...{ more: 2, problem: "" },
};

const told = (news: NewsDue, { after = 0, inIncident = true } = {}): Notice =>
  writeNotice({ at: AT + after, inIncident, news }, context);

/** The notices that wake people, as the agent writes them. */
export const GOLDEN_NOTICES: readonly (readonly [name: string, notice: Notice])[] = [
  [
    "rollback",
    told({
      ...{ kind: "rolled-back", cause: { verdict: breach }, shareBefore: 0.05 },
      flip: { outcome: "confirmed", state, flippedAt, wrote: true },
    }),
  ],
  [
    "rollback proven",
    told(
      {
        ...{ kind: "drained", decidedAt: AT, flippedAt, returns: 0 },
        drain: {
          ...{ state: "proven", provenAt: AT + 24_000, lastCanaryStart: AT + 1_150, probability: 0.95 ** 170 },
          exposure: { ...exposure, canaryCalls: 0, baselineCalls: 170, instances: [] },
        },
      },
      { after: 24_000 },
    ),
  ],
  [
    "NOT ROLLED BACK",
    told(
      {
        ...{ kind: "not-rolled-back", cause: { verdict: breach }, flippedAt },
        drain: { state: "overdue", reason: "canary-calls", instances: exposure.instances, exposure },
      },
      { after: 70_000 },
    ),
  ],
  [
    "rollback failed",
    told({
      ...{ kind: "rollback-failed", cause: { verdict: breach }, shareBefore: 0.05 },
      flip: { outcome: "failed", why: "auth", detail: "HTTP 403: the token may not change flags", retryAfterMs: null },
    }),
  ],
  ["pause", told({ kind: "paused", verdict: refusals, share: 0.05 })],
  [
    "pause in shadow",
    told({
      kind: "shadow-stopped",
      reason:
        "answers of the shadow: input_type=payment: at least 4.1% of 2,210 pairs are regressions, limit 1%, most of them refusal-new",
    }),
  ],
  [
    "stage",
    told(
      { kind: "arrived", asks: true, stage: 1, by: "agent", reason: "time is up and every rule is clear" },
      { inIncident: false },
    ),
  ],
  [
    "first stage is held",
    told(
      {
        ...{ kind: "arrived", asks: false, stage: -1, by: "agent" },
        reason: "what has to be in order before is not: flag support-model on unleash may not be written",
      },
      { inIncident: false },
    ),
  ],
  [
    "waits for approval, not everything clear",
    told(
      {
        ...{ kind: "approval-due", stage: 0 },
        hold: "the time of stage 1 of 2 is up and it does not end: too few calls to tell (refusal)",
      },
      { inIncident: false },
    ),
  ],
  ["waits for approval", told({ kind: "approval-due", stage: 0, hold: "" }, { inIncident: false })],
  [
    "one of two approved a stage",
    told({ kind: "half-approved", by: "ann", reason: "clear since noon", stage: 0 }, { inIncident: false }),
  ],
  [
    "one of two approved a document",
    told({ kind: "half-approved", by: "ann", reason: "a tighter limit", hash: CHANGED.hash }, { inIncident: false }),
  ],
  ["document changed", told({ kind: "revision-pending", ...CHANGED }, { inIncident: false })],
  [
    "document changed, cannot be taken up",
    told(
      { kind: "revision-pending", ...CHANGED, problem: "the flag that routes a migration cannot change under way" },
      { inIncident: false },
    ),
  ],
  [
    "document put back",
    told({ kind: "revision-gone", nth: 1, hash: CHANGED.hash, file: CHANGED.file }, { inIncident: false }),
  ],
  [
    "page of a doubt",
    told({
      ...{ kind: "page", topic: `other-configuration:0:${AT}` },
      reason: `${doubt.meaning}: 31% of the canary's calls asked for gpt-4o-mini; nothing is promoted on such data: ${doubt.advice}`,
    }),
  ],
  [
    "drift",
    monitorNotice(
      { monitor: "support", type: "drift", link: context.link },
      {
        kind: "drift",
        drift: {
          ...{
            series: "model=gpt-4o",
            signal: "error",
            unit: "share",
            direction: "increase",
            since: AT - 3_600_000,
            at: AT,
          },
          ...{ expected: 0.03, limit: 0.033, seen: 0.061, interval: { lower: 0.05, upper: 0.07 }, n: 2_400 },
          ...{ logE: 17.2, threshold: 16.1, designEffect: 1, changed: [] },
        },
      },
    ),
  ],
];
