import { describe, expect, it } from "vitest";
import { createOpenIncidents } from "../../alerts/open-incidents.ts";
import type { Command, LedgerEntry, LedgerEvent } from "../../core/ledger.ts";
import type { Notice } from "../../core/notice.ts";
import { aNotice } from "./a-notice.ts";

const entry = (at: number, event: LedgerEvent): LedgerEntry => ({
  id: JSON.stringify([at, event.type]),
  at,
  migration: "support-bot",
  by: "agent",
  incident: "incident-1",
  event,
});
const written = (notice: Notice): LedgerEntry => entry(notice.at, { type: "notice", notice, channels: ["a"] });
const delivered = (notice: Notice, channel = "a"): LedgerEntry =>
  entry(notice.at + 1, {
    type: "delivery",
    notice: notice.id,
    channel,
    attempt: 1,
    delivery: { outcome: "delivered", detail: "" },
  });
const command = (at: number, name: Command): LedgerEntry => entry(at, { type: "command", command: name, reason: "" });

const opened = aNotice({ id: "opened", at: 100 });
const overdue = aNotice({ id: "overdue", at: 200, type: "page", phase: "update" });
const drained = aNotice({ id: "drained", at: 300, type: "drained", phase: "resolve", severity: "info" });
const back = aNotice({ id: "back", at: 400, type: "page" });
const paused = aNotice({ id: "paused", at: 100, type: "pause", severity: "warning" });

/** Ids of what is told again after these entries, taken in any order and twice. */
const openAfter = (entries: readonly LedgerEntry[], channel = "a"): readonly string[] => {
  const orders = [entries, entries.toReversed(), [...entries, ...entries]];
  const found = orders.map((order) => {
    const incidents = createOpenIncidents(["a"], (name) => (name === "former" ? "a" : name));
    for (const each of order) incidents.take([each]);
    return incidents.of(channel).flatMap(({ notices }) => notices.map(({ id }) => id));
  });
  for (const each of found) expect(each).toEqual(found[0]);
  return found[0] ?? [];
};

describe("what is told again of an incident", () => {
  it("is what was delivered, oldest first, whatever the order in which it becomes known", () => {
    const entries = [written(opened), delivered(opened), written(overdue), delivered(overdue)];
    expect(openAfter(entries)).toEqual(["opened", "overdue"]);
    expect(openAfter(entries, "b")).toEqual([]);
  });

  it("is nothing that was not delivered, or through another channel; but what was under a former name", () => {
    expect(openAfter([written(opened)])).toEqual([]);
    expect(openAfter([written(opened), delivered(opened, "b")])).toEqual([]);
    expect(openAfter([written(opened), delivered(opened, "former")])).toEqual(["opened"]);
  });

  it("is nothing once the end is known, before that is delivered; what is newer opens it anew", () => {
    const entries = [written(opened), delivered(opened), written(drained)];
    expect(openAfter(entries)).toEqual([]);
    expect(openAfter([...entries, written(back), delivered(back)])).toEqual(["back"]);
  });

  it("is nothing after a person re-armed, whatever it was", () => {
    expect(openAfter([written(opened), delivered(opened), command(500, "rearm")])).toEqual([]);
    expect(openAfter([command(50, "rearm"), written(opened), delivered(opened)])).toEqual(["opened"]);
  });

  it("is no pause that a person let go on, and all that is critical", () => {
    const entries = [written(paused), delivered(paused), command(150, "resume")];
    expect(openAfter(entries)).toEqual([]);
    expect(openAfter([...entries, written(overdue), delivered(overdue)])).toEqual(["paused", "overdue"]);
    expect(openAfter([written(paused), delivered(paused), command(150, "ack")])).toEqual(["paused"]);
  });

  it("is nothing outside an incident", () => {
    const alone = aNotice({ id: "alone", incident: "" });
    expect(openAfter([written(alone), delivered(alone)])).toEqual([]);
  });
});
