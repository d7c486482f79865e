import { describe, expect, it } from "vitest";
import type { DrillOutcome, LedgerEntry, LedgerEvent } from "../../core/ledger.ts";
import { newestWayBack } from "../../lifecycle/way-back.ts";

const EXPOSURE = { since: 0, until: 1, canaryCalls: 3, baselineCalls: 9, lastCanaryStart: null, instances: ["pod-1"] };
const PROVEN: LedgerEvent = {
  ...{ type: "drain-proven", exposure: EXPOSURE, lastCanaryStart: null, probability: 0.001, flippedAt: 1 },
};
const REOPENED: LedgerEvent = { type: "drain-reopened", exposure: EXPOSURE };
const overdue = (reason: "canary-calls" | "too-little-traffic"): LedgerEvent => ({
  ...{ type: "drain-overdue", reason, exposure: EXPOSURE, flippedAt: 1 },
});
let drills = 0;
const drilled = (outcome: DrillOutcome | null, why = ""): readonly LedgerEvent[] => {
  drills += 1;
  const drill = `1-${drills}`;
  const begun = { reason: "weekly", rule: "error", share: 0.2, until: 99_000, owner: "run" };
  return [
    { type: "drill-started", drill, ...begun },
    ...(outcome === null ? [] : [{ type: "drill-ended", drill, outcome, why } as const]),
  ];
};
const entries = (events: readonly LedgerEvent[]): readonly LedgerEntry[] =>
  events.map((event, i) => ({ id: `e${i}`, at: i + 1, migration: "m", by: "ana", incident: "m:1", event }));

const good = (at: number) => ({ at, isGood: true, why: "" });
const bad = (at: number, why: string) => ({ at, isGood: false, why });
const WENT_ON = "canary calls went on after a real rollback";

describe("the newest try of the way back", () => {
  it.each<[string, readonly LedgerEvent[], unknown]>([
    ["is none before there was one", [], null],
    ["is none while the first runs", drilled(null), null],
    ["is a drill that was proven", drilled("proven"), good(2)],
    ["is a drill whose drain could not be measured", drilled("flipped"), good(2)],
    ["is a drill that failed, and why", [...drilled("proven"), ...drilled("failed", "refused")], bad(4, "refused")],
    ["is the drill before one that was interrupted", [...drilled("proven"), ...drilled("interrupted", "x")], good(2)],
    ["is the drill before one that runs", [...drilled("proven"), ...drilled(null)], good(2)],
    ["is a real rollback that was proven", [...drilled("failed", "refused"), PROVEN], good(3)],
    ["is a real rollback that did not get through", [...drilled("proven"), overdue("canary-calls")], bad(3, WENT_ON)],
    ["is the same one once it did", [overdue("canary-calls"), PROVEN], good(2)],
    [
      "is no rollback that too few calls say too little of",
      [...drilled("proven"), overdue("too-little-traffic")],
      good(2),
    ],
    ["is a real rollback whose canary calls came back", [PROVEN, REOPENED], bad(2, WENT_ON)],
  ])("%s", (_what, events, expected) => {
    expect(newestWayBack(entries(events))).toEqual(expected);
  });
});
