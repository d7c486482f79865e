import { describe, expect, it } from "vitest";
import { type MuteFacts, muted } from "../../../alerts/policy/mute.ts";
import { createSilences, type Silence, silenceOf } from "../../../alerts/policy/silences.ts";
import type { LedgerEntry, LedgerEvent } from "../../../core/ledger.ts";
import type { Notice } from "../../../core/notice.ts";
import { aNotice, NOTICE_TYPES } from "../a-notice.ts";

const HOUR = 3_600_000;
type Begun = Extract<LedgerEvent, { readonly type: "silence" }>;

const entry = (at: number, event: LedgerEvent): LedgerEntry => ({
  ...{ id: `e${at}`, at, migration: "leeway:agent", by: "ana", incident: "" },
  event,
});
const begun = (at: number, changes: Partial<Begun> = {}): LedgerEntry =>
  entry(at, {
    ...{ type: "silence", silence: "s1", subject: "support-*", types: [], until: 2 * HOUR, reason: "load test" },
    ...changes,
  });
const ended = (at: number): LedgerEntry => entry(at, { type: "silence-ended", silence: "s1", reason: "over" });
const inForce = (now: number, ...entries: readonly LedgerEntry[]): readonly string[] => {
  const silences = createSilences();
  silences.take(entries);
  silences.take(entries);
  return silences.active(now).map(({ id }) => id);
};
const SILENCE: Silence = {
  ...{ id: "s1", subject: "support-*", types: [], from: 0, until: HOUR, by: "ana", reason: "load test" },
};

describe("a silence", () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ["is in force until its time", inForce(2 * HOUR - 1, begun(0)), ["s1"]],
    ["is over at its time", inForce(2 * HOUR, begun(0)), []],
    ["is over when somebody ends it", inForce(HOUR, begun(0), ended(HOUR)), []],
    ["is over, also where its end is read first", inForce(HOUR, ended(HOUR), begun(0)), []],
    ["is not over before somebody ends it", inForce(HOUR - 1, begun(0), ended(HOUR)), ["s1"]],
    ["is the first of its name", inForce(3 * HOUR, begun(0), begun(1, { until: 9 * HOUR })), []],
    ["is one of several", inForce(0, begun(0), begun(1, { silence: "s2", until: HOUR })), ["s2", "s1"]],
  ])("%s", (_what, found, expected) => {
    expect(found).toEqual(expected);
  });

  it.each<[string, Partial<Silence>, Partial<Notice>, boolean]>([
    ["is for its names", {}, { migration: "support-bot" }, true],
    ["is for no others", {}, { migration: "billing" }, false],
    ["is for its types", { types: ["pause"] }, { type: "pause" }, true],
    ["is for no others", { types: ["stage", "drift"] }, { type: "pause" }, false],
  ])("%s", (_what, silence, notice, isFor) => {
    expect(silenceOf([{ ...SILENCE, ...silence }], aNotice(notice)) !== null).toBe(isFor);
  });
});

describe("a silence of everything", () => {
  const facts: MuteFacts = {
    overtaken: null,
    isRolledBack: false,
    hasHeard: false,
    silences: [{ ...SILENCE, subject: "*" }],
  };

  it("mutes what can be silenced, and nothing else", () => {
    const types = NOTICE_TYPES.filter((type) => muted(aNotice({ type }), facts) !== null);
    expect(types).toEqual(["stage", "pause", "page", "drift"]);
  });

  it("mutes no NOT ROLLED BACK", () => {
    expect(muted(aNotice({ type: "page", phase: "update", isUrgent: true }), facts)).toBeNull();
  });

  it("mutes the end of what nobody heard of, and of nothing else", () => {
    const back = aNotice({ type: "drift", phase: "resolve", severity: "warning" });
    expect(muted(back, facts)).toMatchObject({ outcome: "muted", silence: "s1" });
    expect(muted(back, { ...facts, hasHeard: true })).toBeNull();
  });

  it("says who, until when and why", () => {
    expect(muted(aNotice({ type: "stage" }), facts)).toEqual({
      ...{ outcome: "muted", silence: "s1" },
      detail: "silenced by ana until 1970-01-01T01:00:00Z: load test",
    });
  });
});
