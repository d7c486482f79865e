import { describe, expect, it } from "vitest";
import { noticesToTell } from "../../agent/notices-to-tell.ts";
import type { LedgerEntry, LedgerEvent } from "../../core/ledger.ts";
import { foldLedger } from "../../lifecycle/transitions.ts";
import { aMigration } from "../fixtures/a-migration.ts";

const HOUR = 3_600_000;
const MIGRATION = aMigration();
const PLACE = { incident: "support-bot:0", link: "" };
const PAGE: LedgerEvent = { type: "decision", decision: { kind: "page", reason: "blind" }, judgement: null };
const ACK: LedgerEvent = { type: "command", command: "ack", reason: "seen" };
const PAUSE: LedgerEvent = { type: "command", command: "pause", reason: "wait" };

/** The ids of what is told at `hours` after the first of `events`, which happen one after the other each hour. */
const idsAt = (hours: number, everyMs: number | null, ...events: readonly LedgerEvent[]): readonly string[] => {
  const started: LedgerEvent = { type: "started", hash: "h", stage: 0, share: 0.05 };
  const entries = [started, ...events].map(
    (event, i): LedgerEntry => ({
      ...{ id: `e${i}`, at: Math.max(0, i - 1) * HOUR, migration: "support-bot", by: "ana", incident: PLACE.incident },
      event,
    }),
  );
  const history = { state: () => foldLedger(MIGRATION, entries), entries: () => entries };
  return noticesToTell(MIGRATION, history, PLACE, { repeatMs: everyMs, now: hours * HOUR }).map(({ id }) => id);
};
const repeats = (ids: readonly string[]): readonly string[] => ids.filter((id) => id.includes("/repeat/"));

describe("an open page", () => {
  it("is told again each time, as one notice by its number", () => {
    expect(repeats(idsAt(3.9, 4 * HOUR, PAGE))).toEqual([]);
    expect(repeats(idsAt(4, 4 * HOUR, PAGE))).toEqual(["support-bot:0/repeat/0/1"]);
    expect(repeats(idsAt(7.9, 4 * HOUR, PAGE))).toEqual(["support-bot:0/repeat/0/1"]);
    expect(repeats(idsAt(13, 4 * HOUR, PAGE))).toEqual(["support-bot:0/repeat/0/3"]);
  });

  it("is told once where nothing is repeated, and no more once somebody is at it", () => {
    expect(repeats(idsAt(99, null, PAGE))).toEqual([]);
    expect(repeats(idsAt(99, 4 * HOUR, PAGE, ACK))).toEqual([]);
    expect(idsAt(99, 4 * HOUR, PAGE, ACK)).toContain(`support-bot:0/ack/${HOUR}`);
  });

  it("is told again when it is another one, counted from there", () => {
    const another: LedgerEvent = { type: "decision", decision: { kind: "page", reason: "stuck" }, judgement: null };
    expect(repeats(idsAt(7, 4 * HOUR, PAGE, ACK, another))).toEqual([`support-bot:0/repeat/${2 * HOUR}/1`]);
  });

  it("is nothing a person's pause opens", () => {
    expect(repeats(idsAt(99, 4 * HOUR, PAUSE))).toEqual([]);
  });
});
