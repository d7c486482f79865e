import { describe, expect, it } from "vitest";
import { type GroupStanding, groupOf, holdUntil } from "../../../alerts/policy/hold.ts";
import { muted } from "../../../alerts/policy/mute.ts";
import { NO_POLICY } from "../../../alerts/policy/notify-policy.ts";
import type { Notice } from "../../../core/notice.ts";
import { aNotice, NOTICE_TYPES } from "../a-notice.ts";

const NOW = Date.UTC(2026, 10, 30, 23);
const MORNING = Date.UTC(2026, 11, 1, 7);
const POLICY = { ...NO_POLICY, groupWait: 30_000, groupInterval: 300_000 };
const QUIET = { ...POLICY, quietHours: { from: 22 * 60, to: 7 * 60, zone: "UTC" } };
const FIRST: GroupStanding = { lastSaid: null, waiting: null };
const PAUSE = aNotice({ type: "pause", severity: "warning", phase: "open" });
const STAGE = aNotice({ type: "stage", severity: "info", phase: "update", incident: "" });
const URGENT: readonly (readonly [string, Notice])[] = [
  ["a rollback", aNotice()],
  ["NOT ROLLED BACK", aNotice({ type: "page", phase: "update", isUrgent: true })],
];
const PROMPT: readonly (readonly [string, Notice])[] = [
  ...URGENT,
  ["the end of an incident", aNotice({ type: "drained", severity: "info", phase: "resolve" })],
  ["an acknowledgement", aNotice({ type: "ack", severity: "info", phase: "acknowledge" })],
  ["a drill", aNotice({ type: "drill", severity: "info", phase: "open" })],
  ["that a drill is over", aNotice({ type: "drill", severity: "info", phase: "resolve" })],
  ["a test", aNotice({ type: "test", severity: "info", phase: "update" })],
];

describe("a notice waits", () => {
  it.each<[string, typeof POLICY | typeof QUIET | typeof NO_POLICY, Notice, GroupStanding, number | null]>([
    ["not at all, without a policy", NO_POLICY, PAUSE, { lastSaid: NOW, waiting: null }, null],
    ["for others", POLICY, PAUSE, FIRST, 30_000],
    ["with those that wait already", POLICY, PAUSE, { lastSaid: null, waiting: NOW + 10_000 }, 10_000],
    ["for the interval after what was told", POLICY, PAUSE, { lastSaid: NOW - 100_000, waiting: null }, 200_000],
    ["for others again, long after", POLICY, PAUSE, { lastSaid: NOW - 3_600_000, waiting: null }, 30_000],
    ["for the morning, if it is of a stage", QUIET, STAGE, FIRST, MORNING - NOW],
    ["for nobody's morning, if it is more than that", QUIET, PAUSE, FIRST, 30_000],
    ["for the morning, whatever else waits", QUIET, STAGE, { lastSaid: null, waiting: NOW + 5_000 }, MORNING - NOW],
  ])("%s", (_what, policy, notice, group, wait) => {
    expect(holdUntil(policy, notice, group, NOW)).toBe(wait === null ? null : NOW + wait);
  });

  it.each(PROMPT)("for nothing: %s", (_what, notice) => {
    for (const waiting of [null, NOW + 10_000])
      expect(holdUntil(QUIET, notice, { lastSaid: NOW, waiting }, NOW)).toBeNull();
  });

  it("with those of its incident, and outside one with those of its migration", () => {
    expect(groupOf(PAUSE)).toBe(PAUSE.incident);
    expect(groupOf(STAGE)).toBe(STAGE.migration);
  });
});

describe("an open rollback", () => {
  it("silences the pauses of its incident, and nothing else", () => {
    const facts = { overtaken: null, hasHeard: false, silences: [] };
    const types = NOTICE_TYPES.filter((type) => muted(aNotice({ type }), { ...facts, isRolledBack: true }) !== null);
    expect(types).toEqual(["pause"]);
    expect(muted(PAUSE, { ...facts, isRolledBack: false })).toBeNull();
  });
});
