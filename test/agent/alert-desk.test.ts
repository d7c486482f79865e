import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createAlertDesk } from "../../agent/alert-desk.ts";
import { lateChannels } from "../../alerts/channel-health.ts";
import type { Channel } from "../../alerts/channels/channel.ts";
import { createLedgerWriter } from "../../alerts/ledger-writer.ts";
import { createNotifier } from "../../alerts/notifier.ts";
import { AGENT_SUBJECT, type Delivery, type Notice } from "../../core/notice.ts";
import { aNotice, NOTICE_TYPES } from "../alerts/a-notice.ts";
import { recordingLedger } from "../alerts/recording-ledger.ts";
import { recordingLog } from "../alerts/recording-log.ts";

const OK: Delivery = { outcome: "delivered", detail: "ok" };
const GONE: Delivery = { outcome: "failed", detail: "HTTP 404" };
const BUSY: Delivery = { outcome: "retry", detail: "HTTP 503", retryAfterMs: null };
const ORIGIN = { by: "agent", incident: "incident-1" };

/** Two channels and any number of agents on one ledger. */
const world = () => {
  const clock = { now: 1_000_000 };
  const ledger = recordingLedger(() => clock.now);
  const log = recordingLog();
  const answers: Record<string, Delivery | "hang"> = { pager: OK, chat: OK };
  const sent: Notice[] = [];
  const told: string[] = [];
  const channel = (name: string): Channel => ({
    name,
    accepts: NOTICE_TYPES,
    send: async (notice) => {
      const answer = answers[name] ?? OK;
      if (answer === "hang") return new Promise(() => undefined);
      if (answer.outcome === "delivered") told.push(`${name}: ${notice.title}`);
      sent.push(notice);
      return answer;
    },
  });
  const channels = [channel("pager"), channel("chat")];
  let isReadable = true;
  const agent = (configured = channels) => {
    const writer = createLedgerWriter({}, { appendLedger: ledger.append, log });
    const now = (): number => clock.now;
    const notifier = createNotifier(
      { channels: configured, owner: randomUUID() },
      { ledger: writer, claim: ledger.claim, now, log },
    );
    const desk = createAlertDesk({
      ...{ channels: configured, notifier, ledger: writer, now, log, link: () => "", tryTimeoutMs: 20 },
      readLedger: async (name) => {
        if (!isReadable) throw new Error("the store is down");
        return ledger.entries().filter(({ migration }) => migration === name);
      },
    });
    /** What a round of the schedule does. */
    const round = async (): Promise<void> => {
      clock.now += 1_000;
      notifier.restore(ledger.entries());
      await notifier.pump();
      await desk.look();
      await notifier.pump();
    };
    return { notifier, desk, round };
  };
  const behave = (readable: boolean): void => {
    isReadable = readable;
  };
  return { clock, ledger, answers, channels, told, sent, agent, behave };
};

describe("a channel that fails for good", () => {
  it("is a problem, and is told of once, through the others", async () => {
    const { agent, answers, told } = world();
    const { notifier, desk, round } = agent();
    answers.pager = GONE;
    await notifier.notify(aNotice({ id: "a" }), ORIGIN);
    for (let i = 0; i < 3; i++) await round();
    await notifier.notify(aNotice({ id: "b" }), ORIGIN);
    for (let i = 0; i < 3; i++) await round();
    expect(told.filter((line) => line.includes("Channel"))).toEqual([
      "chat: Channel pager fails: nobody is reached through it",
    ]);
    expect(desk.problems()).toEqual([
      "channel pager fails for good since 1970-01-01T00:16:41Z: HTTP 404 (2 notices lost, the last b); nobody is reached through it: mend it, then leeway test-alert pager",
    ]);
    expect(desk.channels()).toEqual([
      { name: "pager", isFailing: true, waiting: 0 },
      { name: "chat", isFailing: false, waiting: 0 },
    ]);
  });

  it("is told of once by two agents and a restarted one", async () => {
    const { agent, answers, told } = world();
    const [a, b] = [agent(), agent()];
    answers.pager = GONE;
    await a.notifier.notify(aNotice({ id: "a" }), ORIGIN);
    for (let i = 0; i < 30; i++) for (const each of [a, b]) await each.round();
    const c = agent();
    for (let i = 0; i < 30; i++) await c.round();
    expect(told.filter((line) => line.includes("Channel"))).toHaveLength(1);
    expect(c.desk.problems()).toHaveLength(1);
  });

  it("heals with the next delivery, which is told where it was told that it failed", async () => {
    const { agent, answers, told, sent } = world();
    const { notifier, desk, round } = agent();
    answers.pager = GONE;
    await notifier.notify(aNotice({ id: "a" }), ORIGIN);
    for (let i = 0; i < 3; i++) await round();
    answers.pager = OK;
    await notifier.notify(aNotice({ id: "b" }), ORIGIN);
    for (let i = 0; i < 3; i++) await round();
    expect(desk.problems()).toEqual([]);
    expect(told.filter((line) => line.includes("Channel"))).toEqual([
      "chat: Channel pager fails: nobody is reached through it",
      "chat: Channel pager works again",
    ]);
    expect(sent.find(({ title }) => title.includes("again"))).toMatchObject({ phase: "resolve", severity: "info" });
    expect((await desk.test(null, "ana"))?.length).toBe(2);
    for (let i = 0; i < 3; i++) await round();
    expect(told.filter((line) => line.includes("Channel"))).toHaveLength(2);
  });

  it("is not healed by an agent that knows nothing of the failure yet, and heals once it delivers", async () => {
    const { agent, answers, told } = world();
    const a = agent();
    answers.pager = GONE;
    await a.notifier.notify(aNotice({ id: "a" }), ORIGIN);
    for (let i = 0; i < 3; i++) await a.round();
    const restarted = agent();
    for (let i = 0; i < 3; i++) await restarted.desk.look();
    for (let i = 0; i < 3; i++) await restarted.round();
    const ofChannel = (): readonly string[] => told.filter((line) => line.includes("Channel"));
    expect(ofChannel()).toEqual(["chat: Channel pager fails: nobody is reached through it"]);
    answers.pager = OK;
    await restarted.notifier.notify(aNotice({ id: "b" }), ORIGIN);
    for (let i = 0; i < 3; i++) await restarted.round();
    expect(ofChannel().slice(1)).toEqual(["chat: Channel pager works again"]);
    answers.pager = GONE;
    await restarted.notifier.notify(aNotice({ id: "c" }), ORIGIN);
    for (let i = 0; i < 3; i++) await restarted.round();
    expect(ofChannel().slice(2)).toEqual(["chat: Channel pager fails: nobody is reached through it"]);
  });

  it("is over when it is configured no more", async () => {
    const { agent, answers, told, channels } = world();
    const a = agent();
    answers.pager = GONE;
    await a.notifier.notify(aNotice({ id: "a" }), ORIGIN);
    for (let i = 0; i < 3; i++) await a.round();
    const next = agent(channels.filter(({ name }) => name === "chat"));
    for (let i = 0; i < 3; i++) await next.desk.look();
    await next.notifier.pump();
    expect(told.at(-1)).toBe("chat: Channel pager is configured no more");
  });

  it("that only keeps failing is told of after ten minutes, once by all, also when it fails for good in the end", async () => {
    const { agent, answers, told, clock } = world();
    const [a, b] = [agent(), agent()];
    answers.pager = BUSY;
    await a.notifier.notify(aNotice({ id: "a" }), ORIGIN);
    const live = async (agents: readonly ReturnType<typeof agent>[], minutes: number): Promise<void> => {
      for (let i = 0; i < minutes; i++) {
        clock.now += 59_000;
        for (const each of agents) await each.round();
      }
    };
    const ofChannel = (): readonly string[] => told.filter((line) => line.includes("Channel"));
    await live([a, b], 4);
    expect([ofChannel(), a.desk.problems()]).toEqual([[], []]);
    await live([a, b], 10);
    expect(ofChannel()).toEqual(["chat: Channel pager fails: nobody is reached through it"]);
    expect(a.desk.problems()).toEqual([
      "channel pager has not taken a since 1970-01-01T00:16:40Z: HTTP 503; it is tried again: see that its receiver is up, then leeway test-alert pager",
    ]);
    const c = agent();
    answers.pager = GONE;
    await live([c], 30);
    expect(c.desk.problems()).toEqual([expect.stringMatching(/^channel pager fails for good since/)]);
    expect(ofChannel()).toHaveLength(1);
    answers.pager = OK;
    await c.desk.test("pager", "ana");
    await live([c], 2);
    expect(ofChannel().slice(1)).toEqual(["chat: Channel pager works again"]);
  });

  it("that delivers late is healed, and what waited for the morning is not late before it", async () => {
    const { agent, answers, told, clock } = world();
    const { notifier, desk, round } = agent();
    answers.pager = BUSY;
    await notifier.notify(aNotice({ id: "a" }), ORIGIN);
    for (let i = 0; i < 20; i++) {
      clock.now += 59_000;
      await round();
    }
    answers.pager = OK;
    for (let i = 0; i < 10; i++) {
      clock.now += 59_000;
      await round();
    }
    expect(desk.problems()).toEqual([]);
    expect(told.filter((line) => line.includes("Channel")).at(-1)).toBe("chat: Channel pager works again");
    const parcel = { ...{ notice: aNotice(), incident: "", channel: "pager", attempts: 2, dueAt: 0 }, lastDetail: "x" };
    const late = (heldUntil: number | null) => lateChannels([{ ...parcel, since: 0, heldUntil }], 600_000);
    expect([late(null), late(1)]).toEqual([[expect.objectContaining({ since: 0, isFinal: false })], []]);
    const untried = {
      ...parcel,
      notice: aNotice({ id: "first" }),
      attempts: 0,
      lastDetail: "",
      since: 0,
      heldUntil: null,
    };
    const tried = { ...parcel, attempts: 1, since: 500_000, heldUntil: null };
    expect(lateChannels([tried, untried], 600_000)).toMatchObject([{ since: 0, notice: "first", why: "x" }]);
    expect(lateChannels([untried], 600_000)).toEqual([]);
  });

  it("is not told of while nobody can say whether it was told already", async () => {
    const { agent, answers, told, behave } = world();
    const { notifier, desk, round } = agent();
    answers.pager = GONE;
    behave(false);
    await notifier.notify(aNotice({ id: "a" }), ORIGIN);
    await round();
    expect(told).toHaveLength(1);
    expect(desk.problems()).toHaveLength(2);
    expect(desk.problems()[1]).toContain("the ledger of the agent itself cannot be read: the store is down");
    behave(true);
    await round();
    expect(told).toHaveLength(2);
    expect(desk.problems()).toHaveLength(1);
  });
});

describe("a test notice", () => {
  it("says what each channel answered, also one that hangs", async () => {
    const { agent, answers } = world();
    Object.assign(answers, { pager: GONE, chat: "hang" });
    expect(await agent().desk.test(null, "ana")).toMatchObject([
      { channel: "pager", delivery: { outcome: "failed", detail: "HTTP 404" } },
      { channel: "chat", delivery: { outcome: "retry", detail: "no answer within 20 ms" } },
    ]);
  });

  it("goes through one channel where one is named, and through none that nobody has", async () => {
    const { agent, told } = world();
    const { desk } = agent();
    expect(await desk.test("chat", "ana")).toHaveLength(1);
    expect(await desk.test("fax", "ana")).toBeNull();
    expect(told).toEqual(["chat: Test: this channel works"]);
  });

  it("is never repeated, by no restart, whatever it met", async () => {
    const { agent, answers, told, ledger } = world();
    answers.pager = BUSY;
    await agent().desk.test(null, "ana");
    answers.pager = OK;
    const next = agent();
    for (let i = 0; i < 60; i++) await next.round();
    expect(told).toEqual(["chat: Test: this channel works"]);
    expect(ledger.entries().map(({ migration, by }) => [migration, by])).toEqual([
      [AGENT_SUBJECT, "ana"],
      [AGENT_SUBJECT, "agent"],
    ]);
  });

  it("that is refused for good makes the channel fail, and one that is taken heals it", async () => {
    const { agent, answers, told } = world();
    const { desk, round } = agent();
    answers.pager = GONE;
    await desk.test(null, "ana");
    for (let i = 0; i < 3; i++) await round();
    expect(desk.problems()).toHaveLength(1);
    answers.pager = OK;
    await desk.test("pager", "ana");
    for (let i = 0; i < 3; i++) await round();
    expect(desk.problems()).toEqual([]);
    expect(told.filter((line) => line.startsWith("chat"))).toEqual([
      "chat: Test: this channel works",
      "chat: Channel pager fails: nobody is reached through it",
      "chat: Channel pager works again",
    ]);
  });
});
