import { describe, expect, it } from "vitest";
import type { DrainState } from "../../lifecycle/drain.ts";
import { type MigrationState, NOT_STARTED, type OpenRollback } from "../../lifecycle/state.ts";
import { incidentView } from "../../status/incident-view.ts";
import { aFlippedRollback } from "../fixtures/a-rollback.ts";

const state = (fields: Partial<MigrationState> = {}): MigrationState => ({ ...NOT_STARTED, hash: "h", ...fields });
const EXPOSURE = { since: 0, until: 1, canaryCalls: 0, baselineCalls: 90, lastCanaryStart: null, instances: [] };

describe("an incident", () => {
  it.each<[string, OpenRollback, DrainState | null, string]>([
    ["before the flip", aFlippedRollback({ flippedAt: null }), null, "the flag is not flipped yet"],
    ["after the flip", aFlippedRollback(), null, "flipped at 00:00:01 UTC"],
    ["waiting", aFlippedRollback(), { state: "draining", waitingFor: [] }, "waiting for enough baseline calls"],
    [
      "waiting for some",
      aFlippedRollback(),
      { state: "draining", waitingFor: ["pod-1", "pod-2"] },
      "waiting until pod-1, pod-2 have been silent for long enough",
    ],
    [
      "proven",
      aFlippedRollback(),
      { state: "proven", lastCanaryStart: 2_000, provenAt: 9, probability: 0, exposure: EXPOSURE },
      "last canary call at 00:00:02 UTC; 90 baseline calls since",
    ],
    [
      "proven at once",
      aFlippedRollback(),
      { state: "proven", lastCanaryStart: null, provenAt: 9, probability: 0, exposure: EXPOSURE },
      "no canary call after the flip",
    ],
    [
      "not followed",
      aFlippedRollback(),
      { state: "overdue", reason: "canary-calls", instances: ["pod-1", "pod-2"], exposure: EXPOSURE },
      "canary calls still come from pod-1, pod-2",
    ],
    [
      "not seen",
      aFlippedRollback(),
      { state: "overdue", reason: "no-traffic", instances: [], exposure: null },
      "no proof in time: no traffic",
    ],
    [
      "not seen by itself",
      aFlippedRollback(),
      { state: "overdue", reason: "too-little-traffic", instances: ["pod-2"], exposure: null },
      "no proof in time: too little traffic; not proven silent: pod-2",
    ],
  ])("%s", (_what, open, drain, text) => {
    expect(incidentView({ state: state({ rollback: open }), drain, rollbackReason: "why" })).toMatchObject({
      id: "m:0",
      reason: "why",
      drainDetail: expect.stringContaining(text),
    });
  });

  it("is none without a rollback", () =>
    expect(incidentView({ state: state(), drain: null, rollbackReason: "" })).toBeNull());
});
