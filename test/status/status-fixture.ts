import type { MigrationView, StatusView, VerdictView } from "../../status/status-page.ts";
import { anEvidence } from "../fixtures/an-evidence.ts";

export const NOW: number = Date.UTC(2026, 10, 20, 2, 14, 9);

const evidence = anEvidence({
  logE: 9.41,
  threshold: 8.52,
  n: { canary: 287, baseline: 5412 },
  events: { canary: 58, baseline: 61 },
  value: { canary: 0.2021, baseline: 0.0113 },
  interval: { lower: 0.131, upper: 0.288 },
});

export const VERDICTS: readonly VerdictView[] = [
  {
    title: "error rate at most 5%",
    unit: "share",
    verdict: { rule: "error", severity: "rollback", outcome: "breach", evidence },
  },
  {
    title: "latency p99 at most 200 ms above baseline",
    unit: "ms",
    verdict: {
      rule: "latency_ms.p99.absolute-increase",
      severity: "rollback",
      outcome: "clear",
      evidence: {
        ...evidence,
        method: "tail-share",
        logE: -3.2,
        value: { canary: 1840, baseline: 1795 },
        interval: null,
        limit: 1995,
      },
    },
  },
  {
    title: "refusals within 5 points, by input_type",
    unit: "share",
    verdict: {
      rule: "refusal",
      severity: "pause",
      outcome: "undecided",
      why: "too-few",
      evidence: {
        ...evidence,
        logE: 0.4,
        segment: "input_type=faq",
        value: { canary: 0.03, baseline: null },
        limit: null,
      },
    },
  },
];

export const MIGRATION: MigrationView = {
  name: "support-bot-to-gpt-5",
  owner: "support-platform",
  standing: "rolling-back",
  stage: "canary 5%",
  stageIndex: 0,
  stageCount: 4,
  stageSince: NOW - 3_840_000,
  shareConfigured: 0,
  shareObserved: 0.0487,
  calls: { canary: 287, baseline: 5412 },
  newestCall: NOW - 1500,
  lastTick: NOW - 4000,
  incident: {
    id: "inc-7f3a",
    openedAt: NOW - 14_000,
    reason: "error rate 20.2% (58 of 287 calls, 99% interval 13.1% to 28.8%) is above the limit of 5%",
    drain: "draining",
    drainDetail: "flag flipped and read back 11 s ago; last canary call 9 s ago",
  },
  verdicts: VERDICTS,
  doubts: [],
  hold: null,
};

export const STATUS: StatusView = {
  now: NOW,
  version: "0.1.0",
  startedAt: NOW - 93_784_000,
  problems: [],
  migrations: [MIGRATION],
  monitors: [],
  pipeline: [
    { name: "spans received", value: 48_213, unit: "spans", alarming: false },
    { name: "spans dropped in the apps", value: 12, unit: "spans", alarming: true },
    { name: "oldest unsaved", value: 340, unit: "ms", alarming: false },
  ],
  ledger: [
    {
      at: NOW - 11_000,
      migration: "support-bot-to-gpt-5",
      by: "agent",
      text: "flag support-model read back: share 0, confirmed",
    },
    {
      at: NOW - 12_000,
      migration: "support-bot-to-gpt-5",
      by: "agent",
      text: "rollback: error rate 20.2% is above the limit of 5%",
    },
  ],
};
