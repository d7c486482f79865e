import { describe, expect, it } from "vitest";
import { isGiven } from "../../agent/backtest/recorded-history.ts";
import { writeNotice } from "../../alerts/write-notice.ts";
import type { LedgerEntry, LedgerEvent } from "../../core/ledger.ts";
import type { Notice } from "../../core/notice.ts";
import { reasonText } from "../../core/undecided-reasons.ts";
import { noticesDue } from "../../lifecycle/notices-due.ts";
import { foldLedger } from "../../lifecycle/transitions.ts";
import { describeEntry } from "../../status/describe-entry.ts";
import { aMigration } from "../fixtures/a-migration.ts";

const MIGRATION = aMigration({});
const STATE = { flag: "f", share: 0, enabled: true, revision: "1" };
const ROLLBACK: LedgerEvent = { type: "command", command: "rollback", reason: "users complain" };

/** What a newer version may write: its types are not known here. */
const NEWER: readonly (readonly [what: string, event: LedgerEvent, text: RegExp])[] = (
  [
    ["entry", { type: "later", text: "x" }, /newer version/],
    ["decision", { type: "decision", decision: { kind: "later", reason: "x" }, judgement: null }, /newer version/],
    ["command", { type: "command", command: "later", reason: "x" }, /^asked to later: x$/],
    [
      "ending of a flag write",
      { type: "flip-result", action: "a", write: { outcome: "later", state: STATE } },
      /newer/,
    ],
  ] as const
).map(([what, event, text]) => [what, event as unknown as LedgerEvent, text] as const);

const entriesOf = (...events: readonly LedgerEvent[]): readonly LedgerEntry[] =>
  [{ type: "started", hash: "h", stage: 0, share: 0.05 } as const, ...events].map((event, i) => ({
    ...{ id: `e${i}`, at: i + 1, migration: MIGRATION.name, by: "ana", incident: "i", event },
  }));

const noticesOf = (entries: readonly LedgerEntry[]): readonly Notice[] =>
  noticesDue(MIGRATION, foldLedger(MIGRATION, entries), entries).map((due) =>
    writeNotice(due, { migration: MIGRATION, incident: "i", startedWith: MIGRATION.hash, link: "" }),
  );

describe("an older agent that reads a newer version's", () => {
  it.each(NEWER)("%s leaves the state as it is", (_what, event) => {
    expect(foldLedger(MIGRATION, entriesOf(ROLLBACK, event))).toEqual(foldLedger(MIGRATION, entriesOf(ROLLBACK)));
  });

  it.each(NEWER)("%s sends no notice of its own", (_what, event) => {
    const due = (entries: readonly LedgerEntry[]): readonly string[] => noticesOf(entries).map(({ id }) => id);
    expect(due(entriesOf(event))).toEqual(due(entriesOf()));
  });

  it.each(NEWER)("%s shows it in the ledger", (_what, event, text) => {
    expect(describeEntry({ ...{ id: "e", at: 0, migration: "m", by: "ana", incident: "" }, event })).toMatch(text);
  });

  it.each(NEWER)("%s has only commands replayed", (what, event) => {
    const entry = entriesOf(event).at(-1);
    expect(entry !== undefined && isGiven(entry)).toBe(what === "command");
  });

  it("reason of a late drain tells people that the drain is late", () => {
    const overdue = { type: "drain-overdue", reason: "later", exposure: null, flippedAt: 3 } as unknown as LedgerEvent;
    const entries = entriesOf(ROLLBACK, overdue);
    expect(noticesOf(entries).at(-1)?.title).toContain("NOT ROLLED BACK");
  });

  it("reason of an undecided rule is told by its name", () => {
    expect(reasonText("later-on" as "no-data")).toMatchObject({ meaning: "later on", passes: false });
  });
});
