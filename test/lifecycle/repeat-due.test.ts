import { describe, expect, it } from "vitest";
import { repeatedNotice } from "../../alerts/incident-notices.ts";
import { repeatDue, repeatedOf } from "../../lifecycle/repeat-due.ts";
import { aNotice } from "../alerts/a-notice.ts";

const HOUR = 3_600_000;
const SINCE = Date.UTC(2026, 10, 30, 2);
const CALL = { at: SINCE, isCritical: true, acknowledged: null };

describe("a repeat is due", () => {
  it.each<[string, Parameters<typeof repeatDue>, number | null]>([
    ["not while nobody is called", [null, HOUR, SINCE + 9 * HOUR], null],
    ["not where nothing is repeated", [CALL, null, SINCE + 9 * HOUR], null],
    ["not of a pause", [{ ...CALL, isCritical: false }, HOUR, SINCE + 9 * HOUR], null],
    ["not once somebody is at it", [{ ...CALL, acknowledged: { by: "ana", at: 1 } }, HOUR, SINCE + 9 * HOUR], null],
    ["not before its time", [CALL, HOUR, SINCE + HOUR - 1], null],
    ["not before what happened, by a clock that was set back", [CALL, HOUR, SINCE - 9 * HOUR], null],
    ["first after the interval", [CALL, HOUR, SINCE + HOUR], 1],
    ["once, after a time when nobody could tell", [CALL, HOUR, SINCE + 5.5 * HOUR], 5],
  ])("%s", (_what, given, nth) => {
    const due = nth === null ? null : { nth, at: SINCE + nth * HOUR, since: SINCE };
    expect(repeatDue(...given)).toEqual(due);
  });
});

describe("what is repeated", () => {
  const due = { nth: 2, at: SINCE + 2 * HOUR, since: SINCE };

  it("is the newest critical thing told since", () => {
    const told = [
      aNotice({ id: "before", at: SINCE - 1 }),
      aNotice({ id: "rollback", at: SINCE }),
      aNotice({ id: "overdue", at: SINCE + 60_000, type: "page" }),
      aNotice({ id: "ack", at: SINCE + 70_000, type: "ack", severity: "info" }),
    ];
    expect(repeatedOf(told, due)?.id).toBe("overdue");
    expect(repeatedOf([], due)).toBeNull();
  });

  it("says how often, since when, where it stands, and how it stops; its id is the same in every agent", () => {
    const original = aNotice({ incident: "m:1", isUrgent: true, title: "x".repeat(150) });
    const notice = repeatedNotice(original, due, { standing: "not-rolled-back", everyMs: HOUR });
    expect(notice).toMatchObject({
      ...{ id: `m:1/repeat/${SINCE}/2`, at: due.at, phase: "update", severity: "critical", isUrgent: true },
      facts: [["Told before", "2"], ["Open since", "2026-11-30T02:00:00Z"], ...original.facts],
    });
    expect(notice.title).toHaveLength(150);
    expect(notice.summary).toContain("told 3 times now, and nobody has acknowledged it");
    expect(notice.summary).toContain("stands at: not rolled back");
    expect(notice.summary).toContain("leeway ack support-bot");
  });
});
