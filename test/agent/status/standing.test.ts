import { describe, expect, it } from "vitest";
import { incidentOf, standingOf } from "../../../agent/status/standing.ts";
import type { DrainState } from "../../../alerts/drain.ts";
import { type MigrationState, NOT_STARTED, type OpenRollback } from "../../../detectors/history.ts";
import { documentText, migrationOf } from "../config/documents.ts";

const migration = migrationOf(documentText());
const HOUR = 3_600_000;
const state = (fields: Partial<MigrationState> = {}): MigrationState => ({ ...NOT_STARTED, hash: "h", ...fields });
const rollback = (fields: Partial<OpenRollback> = {}): OpenRollback => ({
  incident: "m:0",
  decidedAt: 0,
  shareBefore: 0.05,
  flippedAt: 1_000,
  isConfirmed: true,
  drain: "pending",
  ...fields,
});
const EXPOSURE = { since: 0, until: 1, canaryCalls: 0, baselineCalls: 90, lastCanaryStart: null, instances: [] };

describe("where a migration stands", () => {
  it.each<[string, MigrationState, number, string]>([
    ["under way", state(), 0, "running"],
    ["paused", state({ isPaused: true }), 0, "paused"],
    ["time is up, nobody is asked", state(), 2 * HOUR, "running"],
    ["time is up, a person is asked", state({ stage: 1 }), HOUR, "waiting-for-approval"],
    ["a person will be asked later", state({ stage: 1 }), HOUR - 1, "running"],
    ["over", state({ stage: 2 }), 0, "done"],
    ["rolled back, drain open", state({ rollback: rollback() }), 0, "rolling-back"],
    ["rolled back, proven", state({ rollback: rollback({ drain: "proven" }) }), 0, "rolled-back"],
    ["rolled back, not followed", state({ rollback: rollback({ drain: "overdue" }) }), 0, "not-rolled-back"],
    ["rolled back while paused", state({ isPaused: true, rollback: rollback() }), 0, "rolling-back"],
  ])("%s", (_what, at, now, expected) => expect(standingOf(migration, at, now)).toBe(expected));
});

describe("an incident", () => {
  it.each<[string, OpenRollback, DrainState | null, string]>([
    ["before the flip", rollback({ flippedAt: null }), null, "the flag is not flipped yet"],
    ["after the flip", rollback(), null, "flipped at 00:00:01 UTC"],
    ["waiting", rollback(), { state: "draining", measureFrom: 0 }, "waiting for enough baseline calls"],
    [
      "proven",
      rollback(),
      { state: "proven", lastCanaryStart: 2_000, provenAt: 9, probability: 0, exposure: EXPOSURE },
      "last canary call at 00:00:02 UTC; 90 baseline calls since",
    ],
    [
      "proven at once",
      rollback(),
      { state: "proven", lastCanaryStart: null, provenAt: 9, probability: 0, exposure: EXPOSURE },
      "no canary call after the flip",
    ],
    [
      "not followed",
      rollback(),
      { state: "overdue", reason: "canary-calls", instances: ["pod-1", "pod-2"], measureFrom: 0, exposure: EXPOSURE },
      "canary calls still come from pod-1, pod-2",
    ],
    [
      "not seen",
      rollback(),
      { state: "overdue", reason: "no-traffic", instances: [], measureFrom: 0, exposure: null },
      "no proof in time: no traffic",
    ],
  ])("%s", (_what, open, drain, text) => {
    expect(incidentOf(state({ rollback: open }), drain, "why")).toMatchObject({
      id: "m:0",
      reason: "why",
      drainDetail: expect.stringContaining(text),
    });
  });

  it("is none without a rollback", () => expect(incidentOf(state(), null, "")).toBeNull());
});
