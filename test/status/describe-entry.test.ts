import { describe, expect, it } from "vitest";
import type { LedgerEvent } from "../../core/ledger.ts";
import type { Verdict } from "../../core/verdict.ts";
import { describeEntry } from "../../status/describe-entry.ts";
import { aFinding } from "../fixtures/a-finding.ts";

const OFF = { flag: "model", share: 0, enabled: false, revision: "r" };
const EXPOSURE = {
  since: 3_600_000,
  until: 1,
  canaryCalls: 4,
  baselineCalls: 90,
  lastCanaryStart: null,
  instances: [],
};
const verdict = (fields: object): Verdict => ({ rule: "error", severity: "rollback", ...fields }) as unknown as Verdict;
const decision = (value: Extract<LedgerEvent, { type: "decision" }>["decision"]): LedgerEvent => ({
  type: "decision",
  decision: value,
  judgement: null,
});

describe("a line of the ledger", () => {
  it.each<[LedgerEvent, string]>([
    [{ type: "started", hash: "0123456789abcdef", stage: 0, share: 0.07 }, "started with document 0123456789ab at 7%"],
    [{ type: "verdict", verdict: verdict({ outcome: "breach" }), tick: 1 }, "error is breach"],
    [
      { type: "verdict", verdict: verdict({ outcome: "undecided", why: "no-data" }), tick: 1 },
      "error is undecided (no-data)",
    ],
    [
      {
        type: "finding",
        finding: aFinding(),
        attribution: { changed: [], text: "unknown", differences: [] },
        text: "code fence: code_fence up from 2% to 88%",
      },
      "found code fence: code_fence up from 2% to 88%",
    ],
    [decision({ kind: "continue" }), "decided to continue"],
    [decision({ kind: "advance", toStage: 1, reason: "clear" }), "decided to advance to stage 2: clear"],
    [decision({ kind: "pause", rule: "error", reason: "bad" }), "decided to pause: bad"],
    [decision({ kind: "rollback", rule: "error", reason: "bad" }), "decided to roll back: bad"],
    [decision({ kind: "page", reason: "look" }), "decided to page: look"],
    [decision({ kind: "page", reason: "back", topic: "x:1:over", over: "all" }), "told that it is over: back"],
    [{ type: "command", command: "rearm", reason: "fixed" }, "asked to rearm: fixed"],
    [{ type: "flip-intent", action: "a", flag: "model", target: "prod", share: 0 }, "is setting model on prod to 0%"],
    [{ type: "flip-result", action: "a", write: { outcome: "written", state: OFF } }, "the flag was written, now 0%"],
    [
      {
        type: "flip-result",
        action: "a",
        write: { outcome: "failed", why: "auth", detail: "status 401", retryAfterMs: null },
      },
      "the flag write failed (auth): status 401",
    ],
    [{ type: "flip-readback", action: "a", state: OFF, confirmed: true }, "read back 0%: confirmed"],
    [
      { type: "flip-readback", action: "a", state: { ...OFF, share: 0.2 }, confirmed: false },
      "read back 20%: NOT as written",
    ],
    [
      {
        type: "drain-proven",
        exposure: { ...EXPOSURE, canaryCalls: 0 },
        lastCanaryStart: 1,
        probability: 0.001,
        flippedAt: 1,
      },
      "drain proven: 90 baseline calls and no canary call since 01:00:00 UTC",
    ],
    [
      { type: "drain-overdue", reason: "canary-calls", exposure: EXPOSURE, flippedAt: 1 },
      "NOT ROLLED BACK: no drain in time (canary-calls); 4 canary calls since the flip",
    ],
    [
      { type: "drain-overdue", reason: "not-measured", exposure: null, flippedAt: 1 },
      "NOT ROLLED BACK: no drain in time (not-measured); unknown canary calls since the flip",
    ],
    [
      { type: "claim", notice: "n", channel: "slack", attempt: 2, turn: 1, owner: "0f3a9c1e-55aa" },
      "slack: try 2 claimed by run 0f3a9c1e",
    ],
    [{ type: "command", command: "advance", reason: "go", stage: 1, key: "k" }, "asked to advance from stage 2: go"],
    [
      { type: "delivery", notice: "n", channel: "slack", attempt: 2, delivery: { outcome: "delivered", detail: "ok" } },
      "slack: delivered (try 2; ok)",
    ],
  ])("%j reads %s", (event, text) => {
    expect(describeEntry({ id: "e", at: 0, migration: "m", by: "agent", incident: "", event })).toBe(text);
  });
});
