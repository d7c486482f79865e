import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { otherwise } from "../../core/exhaustive.ts";
import type { LedgerEntry } from "../../core/ledger.ts";
import { commandType } from "../../lifecycle/commands/commands.ts";
import {
  approvalDueKey,
  approvalKey,
  claimId,
  commandKey,
  decisionKey,
  deliveryId,
  documentKey,
  drainKey,
  fallbackKey,
  findingKey,
  flipIntentId,
  flipKey,
  flipReadbackId,
  flipResultId,
  foundOffKey,
  foundOnKey,
  idInMigration,
  labelledKey,
  noticeId,
  rehashedKey,
  retirementKey,
  revisionApprovalKey,
  revisionGoneKey,
  revisionPendingKey,
  silenceEndedId,
  silenceId,
  standingKey,
  startedKey,
  triagedKey,
} from "../../lifecycle/ledger-ids.ts";
import { NOT_STARTED } from "../../lifecycle/state.ts";
import { aFinding } from "../fixtures/a-finding.ts";
import { aRollback } from "../fixtures/a-rollback.ts";

const life = { ...NOT_STARTED, since: 7, stage: 1 };
const rollback = aRollback({ incident: "", decidedAt: 9, shareBefore: 1 });
const state = { flag: "f", share: 0, enabled: true, revision: "r1" } as const;
const finding = aFinding({ segment: "input_type=json" });

describe("the ids of ledger entries", () => {
  // What is stored under them is found again by them: none of these may ever change.
  it.each([
    [idInMigration("m", startedKey), "m:started"],
    [rehashedKey("v2:ab"), "rehashed:v2:ab"],
    [standingKey("m:started", "rolled-back"), "standing:m:started:rolled-back"],
    [commandKey(life, "rollback"), "command:7:rollback"],
    [commandKey(life, "advance", 0), "command:7:advance:0"],
    [decisionKey(life, { kind: "rollback", rules: ["error"] } as never), "decision:7:rollback"],
    [decisionKey(life, { kind: "pause", rule: "error" } as never), "decision:7:pause:error"],
    [decisionKey(life, { kind: "advance", toStage: 2 } as never), "decision:7:advance:2"],
    [decisionKey(life, { kind: "page", reason: "why" }), "decision:7:page:why"],
    [decisionKey(life, { kind: "page", reason: "why", topic: "blind" } as never), "decision:7:page:blind"],
    [findingKey(life, finding), `finding:7:${finding.family}:${finding.feature}:input_type=json:${finding.direction}`],
    [drainKey("drain-proven", { decidedAt: 9, returns: 0 }), "drain-proven:9"],
    [drainKey("drain-overdue", { decidedAt: 9, returns: 0 }), "drain-overdue:9"],
    [drainKey("drain-reopened", { decidedAt: 9, returns: 1 }), "drain-reopened:9:1"],
    [drainKey("drain-proven", { decidedAt: 9, returns: 1 }), "drain-proven:9:1"],
    [flipKey(life, 0.05), "flip:7:stage-1:0.05"],
    [flipKey({ ...life, rollback }, 0), "flip:7:rollback:0"],
    [flipKey({ ...life, rollback: { ...rollback, returns: 2 } }, 0), "flip:7:rollback:0:2"],
    [foundOffKey("flip:7:rollback:0"), "found-off:flip:7:rollback:0"],
    [fallbackKey("flip:7:rollback:0", { flag: "f", target: "t" }, false), "flip:7:rollback:0:fallback:t/f"],
    [fallbackKey("flip:7:rollback:0", { flag: "f", target: "t" }, true), "flip:7:rollback:0:fallback:t/f:blind"],
    [foundOnKey("flip:7:stage-0:1:fallback:t/f"), "found-on:flip:7:stage-0:1:fallback:t/f"],
    [documentKey("v2:ab", "cd"), "document:v2:ab:cd"],
    [flipIntentId("a"), "flip-intent:a"],
    [flipResultId("a", { outcome: "written", state } as never), "flip-result:a:written:r1"],
    [flipResultId("a", { outcome: "unchanged", state } as never), "flip-result:a:unchanged:r1"],
    [flipResultId("a", { outcome: "failed", why: "conflict" } as never), "flip-result:a:conflict"],
    [flipReadbackId("a", true, state as never), "flip-readback:a:true:r1"],
    [approvalKey({ since: 7, stage: 1 }, "ana"), "approval:7:1:ana"],
    [revisionApprovalKey({ since: 7 }, "v2:ab", "ana"), "revision-approval:7:v2:ab:ana"],
    [triagedKey({ since: 7 }, 3), "triaged:7:3"],
    [labelledKey({ since: 7 }, "ab", "ana"), "labelled:7:ab:ana"],
    [retirementKey({ model: "old", retires: "2027-01-14", withinDays: 30 }), "retirement:old:2027-01-14:30"],
    [revisionPendingKey(2, "v2:ab"), "revision-pending:2:v2:ab"],
    [revisionGoneKey(2, "v2:ab"), "revision-gone:2:v2:ab"],
    [approvalDueKey({ since: 7, stage: 1, stageSince: 9 }, true), "approval-due:7:1:9:held"],
    [approvalDueKey({ since: 7, stage: 1, stageSince: 9 }, false), "approval-due:7:1:9"],
    [noticeId("m:7/rollback"), "notice:m:7/rollback"],
    [claimId("m:7/rollback", "slack-2", 1, 2), "claim:m:7/rollback:slack-2:1:2"],
    [silenceId("1a2b3c4d"), "silence:1a2b3c4d"],
    [silenceEndedId("1a2b3c4d"), "silence-ended:1a2b3c4d"],
    [deliveryId("m:7/rollback", "slack-2", 3), "delivery:m:7/rollback:slack-2:3"],
  ])("%s", (made, known) => {
    expect(made).toBe(known);
  });
});

const fixture = readFileSync(new URL("../fixtures/earlier/v1/support-answers.ledger.jsonl", import.meta.url), "utf8");
const stored = fixture
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as LedgerEntry);

/** The id of a stored entry as it is made today, from those before it; null for kinds that the ledger of then has none of. */
const idNow = ({ migration, event }: LedgerEntry, before: readonly LedgerEntry[]): string | null => {
  switch (event.type) {
    case "started":
      return idInMigration(migration, startedKey);
    case "command": {
      const [first] = before;
      const key = commandType(event.command)?.key({ since: first?.at ?? 0, stage: event.stage ?? 0 }, before);
      return idInMigration(migration, key ?? "");
    }
    case "flip-intent":
      return flipIntentId(event.action);
    case "flip-result":
      return flipResultId(event.action, event.write);
    case "flip-readback":
      return flipReadbackId(event.action, event.confirmed, event.state);
    case "approval":
    case "revision-approval":
    case "triaged":
    case "labelled":
      return null;
    case "retirement":
      return idInMigration(migration, retirementKey(event));
    case "notice":
      return noticeId(event.notice.id);
    case "claim":
      return claimId(event.notice, event.channel, event.attempt, event.turn);
    case "delivery":
      return deliveryId(event.notice, event.channel, event.attempt);
    case "rehashed":
    case "document":
    case "revision-pending":
    case "revision-gone":
    case "approval-due":
    case "standing":
    case "verdict":
    case "finding":
    case "decision":
    case "drain-proven":
    case "drain-overdue":
    case "drain-reopened":
    case "silence":
    case "silence-ended":
    case "drill-started":
    case "drill-drained":
    case "drill-ended":
    case "drill-restored":
      return null;
    default:
      return otherwise(event, null);
  }
};

describe("the ledger of an earlier version", () => {
  it("has the ids that are made today", () => {
    const made = stored.map((entry, i) => idNow(entry, stored.slice(0, i)));
    expect(made).toEqual(stored.map(({ id }) => id));
    expect(new Set(stored.map(({ event }) => event.type)).size).toBeGreaterThanOrEqual(8);
  });
});
