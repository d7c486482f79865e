import { describe, expect, it } from "vitest";
import { writeNotice } from "../../alerts/write-notice.ts";
import type { LedgerEntry, LedgerEvent } from "../../core/ledger.ts";
import { ack } from "../../lifecycle/commands/ack.ts";
import { refuseCommand } from "../../lifecycle/commands/commands.ts";
import { noticesDue } from "../../lifecycle/notices-due.ts";
import { foldLedger } from "../../lifecycle/transitions.ts";
import { aMigration } from "../fixtures/a-migration.ts";

const MIGRATION = aMigration();
const REQUEST = { command: "ack", reason: "seen", by: "ana" } as const;
const EXPOSURE = {
  ...{ since: 1, until: 2, canaryCalls: 3, baselineCalls: 9, lastCanaryStart: 1 },
  instances: ["pod-1"],
};

const command = (name: "ack" | "rearm" | "resume" | "rollback" | "pause", reason = "seen"): LedgerEvent => ({
  type: "command",
  command: name,
  reason,
});
const decision = (of: Extract<LedgerEvent, { type: "decision" }>["decision"]): LedgerEvent => ({
  type: "decision",
  decision: of,
  judgement: null,
});
const PAUSE = decision({ kind: "pause", rule: "error", reason: "error is beyond its limit" });
const PAGE = decision({ kind: "page", reason: "blind" });
const PAGED = decision({ kind: "page", reason: "blind", topic: "blind:1" });
const OVER = decision({ kind: "page", reason: "back", topic: "blind:1:over", over: "this" });
const STUCK = decision({ kind: "page", reason: "it does not end", topic: "stuck:0:1" });
const OVERDUE: LedgerEvent = { type: "drain-overdue", reason: "canary-calls", exposure: EXPOSURE, flippedAt: 1 };
const PROVEN: LedgerEvent = {
  ...{ type: "drain-proven", lastCanaryStart: null, probability: 1e-4, flippedAt: 1 },
  exposure: EXPOSURE,
};
const RETURNED: LedgerEvent = { type: "drain-reopened", exposure: EXPOSURE };

const entriesOf = (events: readonly LedgerEvent[]): readonly LedgerEntry[] =>
  [{ type: "started", hash: "h", stage: 0, share: 0.05 } as const, ...events].map((event, i) => ({
    ...{ id: `e${i}`, at: i + 1, migration: "m", by: "ana", incident: "m:1" },
    event,
  }));
const stateAfter = (...events: readonly LedgerEvent[]) => foldLedger(MIGRATION, entriesOf(events));
const open = (at: number, isCritical = true) => ({ at, isCritical, acknowledged: null });

describe("what people are called for", () => {
  it.each<[string, readonly LedgerEvent[], unknown]>([
    ["nothing, at the start", [], null],
    ["nothing, after a person's pause", [command("pause")], null],
    ["a pause of the agent's", [PAUSE], open(2, false)],
    ["a page, beside a pause", [PAUSE, PAGE], open(3)],
    ["still the page, after a pause", [PAGE, PAUSE], open(2)],
    [
      "nothing, when all of it is over",
      [PAGE, decision({ kind: "page", reason: "back", topic: "x", over: "all" })],
      null,
    ],
    ["still the rest, when one thing is over", [PAGE, decision({ kind: "page", reason: "b", over: "this" })], open(2)],
    ["a rollback, whoever decided it", [command("rollback")], open(2)],
    ["a stage that does not end", [STUCK], { ...open(2), isHold: true }],
    [
      "still that, when it is seen",
      [STUCK, command("ack")],
      { ...open(2), isHold: true, acknowledged: { by: "ana", at: 3 } },
    ],
    ["an incident, beside such a stage", [STUCK, PAGE], open(2)],
    ["still the incident, beside such a stage", [PAGE, STUCK], open(2)],
    ["nothing, once the ramp goes on", [PAUSE, command("resume")], null],
    ["nothing, once the ramp goes on after the page was over", [PAGED, PAUSE, OVER, command("resume")], null],
    ["the page, whatever becomes of the ramp", [PAUSE, PAGE, command("resume")], open(3)],
    ["nothing, once the drain is proven", [command("rollback"), OVERDUE, PROVEN], null],
    ["canary calls that are back", [command("rollback"), PROVEN, RETURNED], open(4)],
    ["nothing, after a re-arming", [command("rollback"), OVERDUE, command("rearm")], null],
  ])("is %s", (_what, events, call) => {
    expect(stateAfter(...events).call).toEqual(call);
  });

  it("is acknowledged by the first who says so", () => {
    const acknowledged = { by: "ana", at: 3 };
    expect(stateAfter(PAGE, command("ack")).call).toEqual({ ...open(2), acknowledged });
    expect(stateAfter(PAGE, command("ack"), command("ack")).call).toEqual({ ...open(2), acknowledged });
  });

  it("is not acknowledged any more when something new happens, be it less, and stays critical", () => {
    expect(stateAfter(command("rollback"), command("ack"), OVERDUE).call).toEqual(open(4));
    expect(stateAfter(PAGE, command("ack"), PAUSE).call).toEqual(open(4));
  });

  it("is nothing by an acknowledgement alone", () => {
    expect(stateAfter(command("ack")).call).toBeNull();
  });
});

describe("leeway ack", () => {
  it.each<[string, readonly LedgerEvent[], string | null]>([
    ["without an incident", [], "there is nothing to acknowledge: no incident is open"],
    ["of one that is over", [command("rollback"), PROVEN], "there is nothing to acknowledge: no incident is open"],
    ["of an open one", [PAUSE], null],
    ["of one that somebody is at", [PAGE, command("ack")], "ana acknowledged it at 1970-01-01T00:00:00Z"],
    ["of what came after", [PAGE, command("ack"), PAUSE], null],
    ["of a page after another", [PAGE, command("ack"), decision({ kind: "page", reason: "stuck" })], null],
  ])("%s", (_what, events, refusal) => {
    expect(refuseCommand(MIGRATION, stateAfter(...events), REQUEST)).toBe(refusal);
  });

  it("of two agents at once is one fact, and the next one another", () => {
    const before = entriesOf([PAGE]);
    const key = ack.key(foldLedger(MIGRATION, before), before);
    const after = entriesOf([PAGE, command("ack"), PAGE]);
    expect(key).toBe("command:1:ack:0");
    expect(ack.key(foldLedger(MIGRATION, after), after)).toBe("command:1:ack:1");
  });

  it("is told in the incident, with what the person said", () => {
    const texts = ["seen", "restarting pod-1"].map((reason) => {
      const entries = entriesOf([PAGE, command("ack", reason)]);
      const due = noticesDue(MIGRATION, foldLedger(MIGRATION, entries), entries).find(
        ({ news }) => news.kind === "acknowledged",
      );
      return due === undefined
        ? null
        : writeNotice(due, { migration: MIGRATION, incident: "m:1", startedWith: "h", link: "" });
    });
    expect(texts[0]).toMatchObject({
      ...{ id: "m:1/ack/3", type: "ack", phase: "acknowledge", severity: "info", incident: "m:1" },
      title: `Acknowledged ${MIGRATION.name}: ana is at it`,
    });
    expect(texts[0]?.summary).not.toContain("seen");
    expect(texts[1]?.summary).toContain("ana: restarting pod-1.");
  });
});

describe("a person's command that ends the incident", () => {
  const closedBy = (...events: readonly LedgerEvent[]) => {
    const entries = entriesOf(events).map((entry) => ({ ...entry, incident: entry.at > 3 ? "m:new" : "m:old" }));
    return noticesDue(MIGRATION, foldLedger(MIGRATION, entries), entries)
      .filter(({ news }) => news.kind === "closed")
      .map((due) => writeNotice(due, { migration: MIGRATION, incident: "m:new", startedWith: "h", link: "" }));
  };

  it("is told where the incident went: the ramp goes on", () => {
    expect(closedBy(PAUSE, command("resume", "it was the test"))).toMatchObject([
      { id: "m:old/closed/3", incident: "m:old", type: "ack", phase: "resolve", severity: "info" },
    ]);
  });

  it("is told in the incident that a re-arming leaves, where no drain was proven", () => {
    const entries = [command("rollback"), command("rearm", "pods are gone")];
    expect(closedBy(...entries)).toMatchObject([
      { id: "m:old/closed/3", title: expect.stringContaining("re-armed it") },
    ]);
    expect(closedBy(command("rollback"), PROVEN, command("rearm"))).toEqual([]);
  });

  it.each<[string, readonly LedgerEvent[]]>([
    ["a pause of a person's own", [command("pause"), command("resume")]],
    ["a page beside the pause, which goes on", [PAUSE, PAGE, command("resume")]],
    ["a page that somebody is at, beside the pause", [PAGE, command("ack"), PAUSE, command("resume")]],
    ["an acknowledgement", [PAGE, command("ack")]],
  ])("is none: %s", (_what, events) => {
    expect(closedBy(...events)).toEqual([]);
  });
});
