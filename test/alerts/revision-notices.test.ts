import { describe, expect, it } from "vitest";
import { whoApproves } from "../../alerts/approval-notice.ts";
import { revisionTopic } from "../../alerts/revision-notices.ts";
import { writeNotice } from "../../alerts/write-notice.ts";
import type { Delivery, Notice } from "../../core/notice.ts";
import type { NewsDue } from "../../lifecycle/news.ts";
import { aMigration } from "../fixtures/a-migration.ts";
import { aNotice } from "./a-notice.ts";
import { scripted, startNotifier } from "./start-notifier.ts";

const migration = aMigration({ approvers: ["ana", "bob"] });
const context = { migration, incident: "support-bot:1", startedWith: migration.hash, link: "" };
const told = (news: NewsDue, at: number): Notice => writeNotice({ at, inIncident: false, news }, context);
const HASH = { b: `v2:${"b".repeat(64)}`, c: `v2:${"c".repeat(64)}` } as const;
const pending = (nth: number, which: keyof typeof HASH, at: number): Notice =>
  told(
    {
      ...{ kind: "revision-pending", nth, hash: HASH[which], of: migration.hash, file: "m.yaml" },
      ...{ changes: [{ effect: "looser", text: "rule error" }], more: 0, problem: "" },
    },
    at,
  );
const gone = (nth: number, which: keyof typeof HASH, at: number): Notice =>
  told({ kind: "revision-gone", nth, hash: HASH[which], file: "m.yaml" }, at);

describe("the notice of a changed document", () => {
  it("is of severity info, belongs to no incident, and says who does what", () => {
    const notice = pending(1, "b", 1);
    expect(notice).toMatchObject({ type: "stage", severity: "info", phase: "update", incident: "" });
    expect(notice.summary).toContain("Looser: rule error.");
    expect(notice.summary).toContain("one of the approvers (ana, bob) runs `leeway revise support-bot`");
  });

  it("asks two people for one under four eyes", () => {
    expect(whoApproves({ ...migration, fourEyes: true })).toContain("other than whoever asked for it, or each of two");
    expect(whoApproves({ approvers: [] })).toBe("A person");
  });

  it("has a topic by which others of its migration are known, and no other notice has", () => {
    const topic = revisionTopic(pending(1, "b", 1));
    expect(topic).toMatch(/^support-bot@[0-9a-f]{8}\/revision\/$/);
    expect(revisionTopic(gone(2, "c", 2))).toBe(topic);
    expect(revisionTopic(aNotice({ id: "m:1/page/x/revision/1/b", incident: "" }))).toBeNull();
    expect(revisionTopic(aNotice({ id: "m/revision/1/b", incident: "m:1" }))).toBeNull();
  });
});

describe("what was not told yet when the document is put back, or changed once more", () => {
  const BUSY: Delivery = { outcome: "retry", detail: "HTTP 503", retryAfterMs: null };
  const away = async (...notices: readonly Notice[]) => {
    const chat = scripted("chat");
    const { notifier, clock, ledger } = startNotifier([chat]);
    chat.become(() => BUSY);
    for (const notice of notices) await notifier.notify(notice, { by: "agent", incident: "" });
    await notifier.pump();
    const before = chat.sent.length;
    chat.become(() => ({ outcome: "delivered", detail: "ok" }));
    for (let i = 0; i < 10; i += 1) {
      clock.now += 60_000;
      await notifier.pump();
    }
    const muted = ledger.of("delivery").filter(({ delivery }) => delivery.outcome === "muted");
    return { sent: chat.sent.slice(before), muted: muted.map(({ notice }) => notice), left: notifier.pending() };
  };

  it("is told by the newest alone, and the ledger says why", async () => {
    const [first, second, end] = [pending(1, "b", 1), pending(2, "c", 2), gone(2, "c", 3)];
    const { sent, muted, left } = await away(first, second, end);
    expect([sent, muted.toSorted(), left]).toEqual([[end.id], [first.id, second.id].toSorted(), []]);
  });

  it("keeps that a document waits when it is the newest", async () => {
    const [end, again] = [gone(1, "b", 2), pending(2, "b", 3)];
    expect((await away(end, again)).sent).toEqual([again.id]);
  });
});
