import { expect, it } from "vitest";
import { createReplay } from "../../../agent/backtest/replay.ts";
import type { LedgerEntry, LedgerEvent } from "../../../core/ledger.ts";
import type { Sample, Tick } from "../../../core/sample.ts";
import { documentText, migrationOf } from "../config/documents.ts";

const MINUTE = 60_000;
const PLAN = migrationOf(
  documentText({
    segments: "segments: [tier]",
    stages: "stages: [{ canary: 20%, for: 1h, segment: { tier: internal } }, { canary: 20%, for: 1h }]",
  }),
);
const entry = (at: number, event: LedgerEvent): LedgerEntry => ({
  ...{ id: `${event.type}:${at}`, at, migration: PLAN.name, by: "agent", incident: "" },
  event,
});
const sample = (n: number, sum: number): Sample => ({
  signal: "error",
  cohort: "canary",
  segment: "",
  n,
  sum,
  bins: {},
});
const calls = (n: number): Tick["calls"] => [{ cohort: "canary", segment: "", calls: n }];

/** Ten canary calls of the segment, all well, beside ninety of others that all failed. */
const tick = (minute: number, stage: number): Tick => ({
  ...{ migration: PLAN.name, from: minute * MINUTE, to: (minute + 1) * MINUTE, stage, share: 0.2 },
  ...{ calls: calls(100), samples: [sample(100, 90)] },
  parts: { abcd1234: { calls: calls(10), samples: [sample(10, 0)] } },
  ...(stage === 0 ? { judgedPart: "abcd1234" } : {}),
});

it("judges stored ticks by those whom their stage was for, and the next stage anew by everybody", () => {
  const started = { type: "started", hash: PLAN.hash, stage: 0, share: 0.2, approvals: "entry" } as const;
  const settings = { tickMs: MINUTE, settleMs: 2_000, from: null };
  const replay = createReplay(PLAN, [entry(MINUTE, started)], settings);
  for (let minute = 1; minute <= 20; minute++) replay.step(tick(minute, 0));
  expect(replay.result().calls.canary).toBe(200);
  const kinds = replay.result().decisions.map(({ decision }) => ("topic" in decision ? decision.topic : decision.kind));
  // There is no baseline in these ticks, and others than the segment have the candidate: both are told, and nothing is harm.
  expect(kinds).toEqual([expect.stringContaining("no-baseline"), expect.stringContaining("sample-ratio-mismatch")]);
  for (let minute = 21; minute <= 25; minute++) replay.step(tick(minute, 1));
  const { decisions, rules } = replay.result();
  expect(decisions.at(-1)).toMatchObject({ stage: 1, decision: { kind: "rollback" } });
  expect(rules[0]?.last?.evidence.n.canary).toBe(500);
});
