import { describe, expect, it } from "vitest";
import type { LedgerEntry } from "../../core/ledger.ts";
import type { Delivery } from "../../core/notice.ts";
import { aNotice } from "./a-notice.ts";
import { recordingLedger } from "./recording-ledger.ts";
import { scripted, startNotifier as start } from "./start-notifier.ts";

const OK: Delivery = { outcome: "delivered", detail: "ok" };
const BUSY: Delivery = { outcome: "retry", detail: "HTTP 503", retryAfterMs: null };
const NO: Delivery = { outcome: "failed", detail: "HTTP 404" };
const ORIGIN = { by: "agent", incident: "incident-1" };

const minutes = (n: number): number => n * 60_000;

describe("accepting a notice", () => {
  it("writes the intent to the ledger before anything is sent", async () => {
    const ledger = recordingLedger();
    const seenAtSend: number[] = [];
    const a = scripted("a", () => {
      seenAtSend.push(ledger.of("notice").length);
      return OK;
    });
    const { notifier } = start([a], {}, ledger);
    await notifier.notify(aNotice(), ORIGIN);
    expect(a.sent).toEqual([]);
    expect(ledger.entries()).toEqual([
      {
        id: `notice:${aNotice().id}`,
        at: 1_000_000,
        migration: "support-bot",
        by: "agent",
        incident: "incident-1",
        event: { type: "notice", notice: aNotice(), channels: ["a"] },
      },
    ]);
    await notifier.pump();
    expect(seenAtSend).toEqual([1]);
  });

  it("is a no-op for an id that is known, in any order and at once", async () => {
    const a = scripted("a");
    const { notifier, ledger } = start([a]);
    await Promise.all([notifier.notify(aNotice(), ORIGIN), notifier.notify(aNotice(), ORIGIN)]);
    await notifier.pump();
    await notifier.notify(aNotice({ title: "again" }), ORIGIN);
    await notifier.pump();
    expect(a.sent).toHaveLength(1);
    expect(ledger.of("notice")).toHaveLength(1);
  });

  it("chooses the channels that carry the type", async () => {
    const [pages, everything] = [scripted("pages", () => OK, ["page", "test"]), scripted("everything")];
    const { notifier, ledger } = start([pages, everything]);
    await notifier.notify(aNotice({ id: "1", type: "stage" }), ORIGIN);
    await notifier.notify(aNotice({ id: "2", type: "page" }), ORIGIN);
    await notifier.pump();
    expect(pages.sent).toEqual(["2"]);
    expect(everything.sent).toEqual(["1", "2"]);
    expect(ledger.of("notice").map((event) => event.channels)).toEqual([["everything"], ["pages", "everything"]]);
  });

  it("records a notice that no channel carries", async () => {
    const { notifier, ledger } = start([]);
    await notifier.notify(aNotice(), ORIGIN);
    await notifier.pump();
    expect(ledger.of("notice")).toMatchObject([{ channels: [] }]);
    expect(notifier.pending()).toEqual([]);
  });
});

describe("delivering", () => {
  it("ends each try with an entry and stops once delivered", async () => {
    const a = scripted("a", () => BUSY);
    const { notifier, ledger, clock } = start([a]);
    await notifier.notify(aNotice(), ORIGIN);
    await notifier.pump();
    expect(notifier.pending()).toMatchObject([{ channel: "a", attempts: 1, lastDetail: "HTTP 503" }]);
    a.become(() => OK);
    clock.now += 2_000;
    await notifier.pump();
    clock.now += minutes(60);
    await notifier.pump();
    expect(a.sent).toHaveLength(2);
    expect(a.numbers).toEqual([1, 2]);
    expect(notifier.pending()).toEqual([]);
    expect(ledger.of("delivery")).toEqual([
      { type: "delivery", notice: aNotice().id, channel: "a", attempt: 1, delivery: BUSY },
      { type: "delivery", notice: aNotice().id, channel: "a", attempt: 2, delivery: OK },
    ]);
  });

  it("waits longer after every failure, and not longer than the cap", async () => {
    const a = scripted("a", () => BUSY);
    const { notifier, clock } = start([a]);
    await notifier.notify(aNotice(), ORIGIN);
    const tries: number[] = [];
    for (const end = clock.now + minutes(60); clock.now < end; clock.now += 500) {
      const before = a.sent.length;
      await notifier.pump();
      if (a.sent.length > before) tries.push(clock.now);
    }
    const gaps = tries.slice(1).map((at, i) => at - (tries[i] ?? 0));
    expect(gaps[0]).toBeLessThanOrEqual(2_500);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(300_500);
    expect(Math.min(...gaps.slice(9))).toBeGreaterThanOrEqual(150_000);
    expect(tries.length).toBeLessThan(35);
  });

  it("honours Retry-After for the whole channel", async () => {
    const a = scripted("a", () => ({ outcome: "retry", detail: "HTTP 429", retryAfterMs: 60_000 }));
    const { notifier, clock } = start([a]);
    for (const id of ["1", "2"]) await notifier.notify(aNotice({ id, type: "page" }), ORIGIN);
    await notifier.pump();
    clock.now += 59_000;
    await notifier.pump();
    expect(a.sent).toEqual(["1"]);
    a.become(() => OK);
    clock.now += 1_000;
    await notifier.pump();
    expect(a.sent.slice(1).sort()).toEqual(["1", "2"]);
  });

  it("tries what is urgent once at once, whatever wait was asked for, and the rest not before", async () => {
    const asked = (retryAfterMs: number | null): Delivery => ({ outcome: "retry", detail: "HTTP 429", retryAfterMs });
    const a = scripted("a", () => asked(3_600_000));
    const { notifier, clock } = start([a]);
    await notifier.notify(aNotice({ id: "stage", type: "stage" }), ORIGIN);
    await notifier.pump();
    await notifier.notify(aNotice({ id: "page", type: "page" }), ORIGIN);
    a.become(() => asked(null));
    for (const id of ["rollback", "not rolled back"]) {
      clock.now += minutes(1);
      await notifier.notify(aNotice({ id, type: "page", isUrgent: true }), ORIGIN);
      for (let i = 0; i < 3; i += 1) await notifier.pump();
    }
    clock.now += minutes(57);
    await notifier.pump();
    expect(a.sent).toEqual(["stage", "rollback", "not rolled back"]);
    a.become(() => OK);
    clock.now += minutes(1);
    await notifier.pump();
    expect(a.sent.slice(3).toSorted()).toEqual(["not rolled back", "page", "rollback", "stage"]);
  });

  it("says that a channel is late whose oldest notice waits because of another one's failed try", async () => {
    const a = scripted("a", () => ({ outcome: "retry", detail: "HTTP 429", retryAfterMs: 3_600_000 }));
    const { notifier, clock } = start([a]);
    await notifier.notify(aNotice({ id: "1", type: "stage" }), ORIGIN);
    await notifier.pump();
    clock.now += minutes(9);
    await notifier.notify(aNotice({ id: "2", type: "page" }), ORIGIN);
    expect(notifier.failures()).toEqual([]);
    clock.now += minutes(1);
    expect(notifier.failures()).toMatchObject([{ channel: "a", since: 1_000_000, notice: "1", why: "HTTP 429" }]);
  });

  it("does not repeat what a receiver refused for good, and says so in the log", async () => {
    const a = scripted("a", () => NO);
    const { notifier, clock, log } = start([a]);
    await notifier.notify(aNotice(), ORIGIN);
    for (let i = 0; i < 5; i += 1) {
      await notifier.pump();
      clock.now += minutes(10);
    }
    expect(a.sent).toHaveLength(1);
    expect(log.lines).toEqual([expect.stringMatching(/^error a notice could not be delivered .*"why":"HTTP 404"/)]);
  });

  it("ends a channel's turn at the first failure: the rest waits for the next turn", async () => {
    const a = scripted("a", () => BUSY);
    const { notifier } = start([a]);
    for (const id of ["1", "2", "3"]) await notifier.notify(aNotice({ id }), ORIGIN);
    await notifier.pump();
    expect(a.sent).toEqual(["1"]);
    await notifier.pump();
    expect(a.sent).toEqual(["1", "2"]);
  });

  it("gives up after a day with a failed delivery and a log line", async () => {
    const a = scripted("a", () => BUSY);
    const { notifier, clock, ledger, log } = start([a]);
    await notifier.notify(aNotice(), ORIGIN);
    for (const end = clock.now + minutes(25 * 60); clock.now < end; clock.now += minutes(1)) await notifier.pump();
    expect(ledger.of("delivery").at(-1)?.delivery).toEqual({ outcome: "failed", detail: "given up: HTTP 503" });
    expect(notifier.pending()).toEqual([]);
    expect(log.lines).toHaveLength(1);
  });

  it("lets a notice that always fails delay the others by one turn at most", async () => {
    const a = scripted("a", (notice) => (notice.id === "poison" ? BUSY : OK));
    const { notifier, clock } = start([a]);
    await notifier.notify(aNotice({ id: "poison" }), ORIGIN);
    for (let i = 0; i < 10; i += 1) {
      await notifier.notify(aNotice({ id: `good-${i}` }), ORIGIN);
      await notifier.pump();
      clock.now += 5_000;
      await notifier.pump();
      expect(notifier.pending().map((parcel) => parcel.notice.id)).toEqual(["poison"]);
    }
  });
});

describe("notices of one incident", () => {
  const OPEN = aNotice({ id: "open", phase: "open" });
  const END = aNotice({ id: "end", phase: "resolve", type: "drained" });
  const withReceipt = (receipt: string): Delivery => ({ ...OK, outcome: "delivered", receipt });

  it("come with what the same channel delivered of it before, also after a restart and by another agent", async () => {
    const slack = scripted("slack", ({ id }) => withReceipt(`ts-${id}`));
    const other = scripted("other");
    const { notifier, ledger, create, clock } = start([slack, other]);
    await notifier.notify(OPEN, ORIGIN);
    await notifier.pump();
    await notifier.notify(aNotice({ id: "elsewhere", incident: "incident-2" }), {
      by: "agent",
      incident: "incident-2",
    });
    const next = create();
    next.restore(ledger.entries());
    clock.now += minutes(1);
    await next.notify(END, ORIGIN);
    await next.pump();
    expect(slack.sent).toEqual(["open", "elsewhere", "end"]);
    expect(slack.told).toEqual([[], [], [{ id: "open", phase: "open", receipt: "ts-open" }]]);
    expect(other.told.at(-1)).toEqual([{ id: "open", phase: "open", receipt: "" }]);
  });

  it("are not ended before what was to be said before is said or given up", async () => {
    const channel = scripted("a", () => BUSY);
    const { notifier, clock } = start([channel]);
    await notifier.notify(OPEN, ORIGIN);
    await notifier.pump();
    await notifier.notify(END, ORIGIN);
    await notifier.pump();
    expect(channel.sent).toEqual(["open"]);
    channel.become(() => NO);
    clock.now += minutes(10);
    await notifier.pump();
    await notifier.pump();
    expect(channel.sent).toEqual(["open", "open", "end"]);
    expect(channel.told.at(-1)).toEqual([]);
  });

  it("outside an incident know nothing of each other", async () => {
    const channel = scripted("a");
    const { notifier } = start([channel]);
    const outside = { by: "agent", incident: "" };
    await notifier.notify(aNotice({ id: "1", incident: "", phase: "update" }), outside);
    await notifier.notify(aNotice({ id: "2", incident: "", phase: "resolve" }), outside);
    await notifier.pump();
    expect(channel.told).toEqual([[], []]);
  });
});

describe("a channel that hangs, throws or rejects", () => {
  it("delays neither the caller nor another channel", async () => {
    const hanging = scripted("hanging", () => new Promise(() => undefined));
    const well = scripted("well");
    const { notifier } = start([hanging, well], { tryTimeoutMs: 1_500 });
    const started = performance.now();
    await notifier.notify(aNotice({ id: "1" }), ORIGIN);
    const pumping = notifier.pump();
    await notifier.notify(aNotice({ id: "2" }), ORIGIN);
    void notifier.pump();
    await expect.poll(() => well.sent, { interval: 5 }).toEqual(["1", "2"]);
    expect(performance.now() - started).toBeLessThan(1_200);
    expect(hanging.sent).toEqual(["1"]);
    await pumping;
    expect(notifier.pending()).toContainEqual(
      expect.objectContaining({ attempts: 1, lastDetail: "no answer within 1500 ms" }),
    );
  });

  it("is told to stop when its time is up", async () => {
    let aborted = false;
    const hanging = scripted("hanging", (_notice, signal) => {
      signal.addEventListener("abort", () => {
        aborted = true;
      });
      return new Promise(() => undefined);
    });
    const { notifier } = start([hanging], { tryTimeoutMs: 20 });
    await notifier.notify(aNotice(), ORIGIN);
    await notifier.pump();
    expect(aborted).toBe(true);
  });

  it("is tried again, and what it threw stays out of the ledger and the log", async () => {
    const broken = scripted("broken", () => Promise.reject(new Error("https://hooks.slack.com/services/T/B/hush")));
    const { notifier, ledger, log } = start([broken]);
    await notifier.notify(aNotice(), ORIGIN);
    await notifier.pump();
    expect(ledger.of("delivery")).toMatchObject([{ delivery: { outcome: "retry" } }]);
    expect(JSON.stringify([ledger.entries(), log.lines])).not.toContain("hush");
  });
});

describe("a ledger that is down", () => {
  it("does not keep people from being told, and gets its entries later", async () => {
    const a = scripted("a");
    const { notifier, ledger } = start([a]);
    ledger.behave("fail");
    await notifier.notify(aNotice(), ORIGIN);
    await notifier.pump();
    expect(a.sent).toHaveLength(1);
    ledger.behave("store");
    await notifier.pump();
    expect(ledger.entries().map((entry) => entry.event.type)).toEqual(["notice", "delivery"]);
  });
});

describe("after a restart", () => {
  it("delivers what is undelivered, once, and nothing that was delivered", async () => {
    const a = scripted("a", (notice) => (notice.id === "2" ? BUSY : OK));
    const b = scripted("b", () => NO);
    const { notifier, create, ledger, clock } = start([a, b]);
    for (const id of ["1", "2"]) await notifier.notify(aNotice({ id }), ORIGIN);
    await notifier.pump();
    clock.now += 5_000;
    await notifier.notify(aNotice({ id: "3" }), ORIGIN);

    a.become(() => OK);
    b.become(() => OK);
    const [sentA, sentB] = [a.sent.length, b.sent.length];
    const next = create();
    next.restore([...ledger.entries()].reverse());
    clock.now += minutes(1);
    await next.pump();
    expect(a.sent.slice(sentA).sort()).toEqual(["2", "3"]);
    expect(b.sent.slice(sentB)).toEqual(["3"]);
    await next.notify(aNotice({ id: "1" }), ORIGIN);
    await next.pump();
    expect(next.pending()).toEqual([]);
    expect(a.sent.filter((id) => id === "1")).toHaveLength(1);
  });

  it("counts on from the tries before: same ids, same delays, same end", async () => {
    const a = scripted("a", () => BUSY);
    const { notifier, create, ledger, clock } = start([a]);
    await notifier.notify(aNotice(), ORIGIN);
    for (let i = 0; i < 3; i += 1) {
      await notifier.pump();
      clock.now += minutes(1);
    }
    const next = create();
    next.restore(ledger.entries());
    expect(next.pending()).toMatchObject([{ attempts: 3, since: 1_000_000 }]);
    clock.now += minutes(1);
    await next.pump();
    expect(ledger.of("delivery").map((event) => event.attempt)).toEqual([1, 2, 3, 4]);
    clock.now += minutes(24 * 60);
    await next.pump();
    expect(ledger.of("delivery").at(-1)?.delivery.outcome).toBe("failed");
  });

  it("settles what was meant for a channel that is gone", async () => {
    const { notifier, ledger, clock } = start([scripted("gone")]);
    await notifier.notify(aNotice(), ORIGIN);
    const other = start([scripted("stays")], {}, ledger);
    other.notifier.restore(ledger.entries());
    other.clock.now = clock.now + minutes(1);
    for (let i = 0; i < 3; i += 1) await other.notifier.pump();
    expect(ledger.of("delivery")).toEqual([]);
    expect(other.log.lines).toEqual([expect.stringMatching(/^warn notices wait for a channel .*"channel":"gone"/)]);
    other.clock.now = clock.now + minutes(24 * 60);
    await other.notifier.pump();
    expect(ledger.of("delivery")).toMatchObject([{ channel: "gone", delivery: { outcome: "failed" } }]);
    expect(other.notifier.pending()).toEqual([]);
  });
});

describe("two agents on one ledger", () => {
  it("send a notice once: what one accepted, the other leaves to it and takes over only if it dies", async () => {
    const ledger = recordingLedger();
    const channel = scripted("a");
    const first = start([channel], {}, ledger);
    const second = start([channel], {}, ledger);
    await first.notifier.notify(aNotice({ id: "1" }), ORIGIN);
    second.notifier.restore(ledger.entries());
    await second.notifier.notify(aNotice({ id: "1" }), ORIGIN);
    await Promise.all([second.notifier.pump(), first.notifier.pump()]);
    expect(channel.sent).toEqual(["1"]);
    second.notifier.restore(ledger.entries());
    second.clock.now += minutes(5);
    await second.notifier.pump();
    expect(channel.sent).toEqual(["1"]);

    await first.notifier.notify(aNotice({ id: "2" }), ORIGIN);
    second.clock.now = first.clock.now;
    second.notifier.restore(ledger.entries());
    second.clock.now += 14_000;
    await second.notifier.pump();
    expect(channel.sent).toEqual(["1"]);
    second.clock.now += 1_000;
    await second.notifier.pump();
    expect(channel.sent).toEqual(["1", "2"]);
  });

  it("that come to the same notice at once send it once per channel, over many rounds", async () => {
    const ledger = recordingLedger(() => clock.now);
    const clock = { now: 1_000_000 };
    const channels = [scripted("a"), scripted("b", (notice) => (notice.id.endsWith("3") ? BUSY : OK))];
    const agents = [start(channels, {}, ledger), start(channels, {}, ledger)];
    for (let round = 0; round < 40; round += 1) {
      clock.now += 1_000;
      for (const agent of agents) agent.clock.now = clock.now;
      const tell = agents.map(({ notifier }) => notifier.notify(aNotice({ id: `n-${round}` }), ORIGIN));
      await Promise.all(tell);
      await Promise.all(agents.map(({ notifier }) => notifier.pump()));
      if (round === 35) channels[1]?.become(() => OK);
      for (const { notifier } of agents) notifier.restore(ledger.entries());
    }
    expect(channels[0]?.sent.toSorted()).toEqual(Array.from({ length: 40 }, (_, i) => `n-${i}`).toSorted());
    const delivered = ledger.of("delivery").filter(({ delivery }) => delivery.outcome === "delivered");
    expect(new Set(delivered.map(({ notice, channel }) => `${notice} ${channel}`)).size).toBe(delivered.length);
    // Every try has one delivery entry: nobody tried what another had tried.
    expect(channels[1]?.sent).toHaveLength(ledger.of("delivery").filter(({ channel }) => channel === "b").length);
  });

  it("finish for one that died between its claim and the delivery, once", async () => {
    const ledger = recordingLedger(() => second.clock.now);
    const silent = scripted("a", () => new Promise(() => undefined));
    const first = start([silent], { tryTimeoutMs: 600_000 }, ledger);
    const channel = scripted("a");
    const second = start([channel], {}, ledger);
    const third = start([channel], {}, ledger);
    await first.notifier.notify(aNotice({ id: "1" }), ORIGIN);
    void first.notifier.pump();
    await expect.poll(() => silent.sent).toEqual(["1"]);
    for (const { notifier } of [second, third]) await notifier.notify(aNotice({ id: "1" }), ORIGIN);
    for (let second_ = 0; second_ < 40; second_ += 1) {
      for (const { notifier } of [second, third]) await notifier.pump();
      if (second_ < 14) expect(channel.sent).toEqual([]);
      for (const agent of [second, third]) agent.clock.now += 1_000;
    }
    expect(channel.sent).toEqual(["1"]);
    expect([...second.notifier.pending(), ...third.notifier.pending()]).toEqual([]);
  });

  it("may send twice what one sent and died before it said so", async () => {
    const ledger = recordingLedger(() => second.clock.now);
    const channel = scripted("a");
    const first = start([channel], {}, ledger);
    const second = start([channel], {}, ledger);
    await first.notifier.notify(aNotice({ id: "1" }), ORIGIN);
    channel.become(() => {
      ledger.behave("fail");
      return OK;
    });
    await first.notifier.pump();
    ledger.behave("store");
    channel.become(() => OK);
    await second.notifier.notify(aNotice({ id: "1" }), ORIGIN);
    for (let i = 0; i < 40; i += 1) {
      await second.notifier.pump();
      second.clock.now += 1_000;
    }
    expect(channel.sent).toEqual(["1", "1"]);
  });

  it("with other channels leave each other's notices alone while they are under way", async () => {
    const ledger = recordingLedger();
    const slack = scripted("slack", () => BUSY);
    const first = start([slack], {}, ledger);
    const other = start([scripted("webhook")], {}, ledger);
    await first.notifier.notify(aNotice({ id: "1" }), ORIGIN);
    other.notifier.restore(ledger.entries());
    await other.notifier.pump();
    await first.notifier.pump();
    expect(first.notifier.pending()).toHaveLength(1);
    expect(ledger.of("delivery")).toMatchObject([{ delivery: { outcome: "retry" } }]);
  });

  it("with other channels end no retries of each other", async () => {
    const ledger = recordingLedger(() => first.clock.now);
    const slack = scripted("slack", () => BUSY);
    const first = start([slack], {}, ledger);
    const other = start([scripted("webhook")], {}, ledger);
    // Of these the first tries one each minute, so that most wait longer than their own delay.
    const ids = Array.from({ length: 9 }, (_, i) => `n-${i}`);
    for (const id of ids) await first.notifier.notify(aNotice({ id }), ORIGIN);
    for (let minute = 0; minute < 60; minute += 1) {
      for (const { notifier, clock } of [first, other]) {
        notifier.restore(ledger.entries());
        await notifier.pump();
        clock.now += minutes(1);
      }
    }
    slack.become(() => OK);
    first.clock.now += minutes(5);
    await first.notifier.pump();
    expect(first.notifier.pending()).toEqual([]);
    const ended = ledger.of("delivery").filter(({ delivery }) => delivery.outcome !== "retry");
    expect(ended).toHaveLength(ids.length);
    expect(ended.every(({ delivery }) => delivery.outcome === "delivered")).toBe(true);
  });

  it("know a delivery that they hear of before its notice", async () => {
    const channel = scripted("a");
    const { notifier, ledger, create } = start([channel]);
    await notifier.notify(aNotice({ id: "1" }), ORIGIN);
    await notifier.pump();
    const [intent, delivery] = ledger.entries();
    const next = create();
    next.restore(delivery === undefined ? [] : [delivery]);
    next.restore(intent === undefined ? [] : [intent]);
    expect(next.pending()).toEqual([]);
  });

  it("are not slowed down by reading their own entries back", async () => {
    const { notifier, ledger } = start([scripted("a", () => BUSY)]);
    await notifier.notify(aNotice(), ORIGIN);
    await notifier.pump();
    const before = notifier.pending();
    notifier.restore(ledger.entries());
    expect(notifier.pending()).toEqual(before);
  });

  it("give the same facts the same ids", async () => {
    const run = async (): Promise<readonly LedgerEntry[]> => {
      const { notifier, ledger } = start([scripted("a", () => BUSY)]);
      await notifier.notify(aNotice(), ORIGIN);
      await notifier.pump();
      return ledger.entries();
    };
    expect((await run()).map((entry) => entry.id)).toEqual((await run()).map((entry) => entry.id));
  });
});

describe("an acknowledgement", () => {
  const PAGE = aNotice({ id: "page", type: "page", phase: "open" });
  const ACK = aNotice({ id: "ack", type: "ack", phase: "acknowledge", severity: "info" });

  it("goes where its incident went, after it", async () => {
    const [pager, stages] = [scripted("pager", () => BUSY), scripted("stages", () => OK, ["stage", "ack", "test"])];
    const { notifier, clock, ledger } = start([pager, stages]);
    await notifier.notify(PAGE, ORIGIN);
    await notifier.notify(ACK, ORIGIN);
    await notifier.pump();
    pager.become(() => OK);
    clock.now += minutes(1);
    await notifier.pump();
    expect(pager.sent).toEqual(["page", "page", "ack"]);
    expect(stages.sent).toEqual([]);
    expect(ledger.of("notice").map(({ channels }) => channels)).toEqual([["pager"], ["pager"]]);
  });

  it("finds the incident's channels after a restart", async () => {
    const [pager, stages] = [scripted("pager"), scripted("stages", () => OK, ["stage", "ack", "test"])];
    const { notifier, create, ledger } = start([pager, stages]);
    await notifier.notify(PAGE, ORIGIN);
    await notifier.pump();
    const next = create();
    next.restore(ledger.entries());
    await next.notify(ACK, ORIGIN);
    await next.pump();
    expect([pager.sent, stages.sent]).toEqual([["page", "ack"], []]);
  });
});
