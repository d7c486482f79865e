import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createSilenceDesk } from "../../agent/silence-desk.ts";
import type { Channel } from "../../alerts/channels/channel.ts";
import { NO_JOURNAL } from "../../alerts/journal/journal.ts";
import { createLedgerWriter } from "../../alerts/ledger-writer.ts";
import { createNotifier } from "../../alerts/notifier.ts";
import { NO_POLICY } from "../../alerts/policy/notify-policy.ts";
import type { Notice } from "../../core/notice.ts";
import { seededRandom } from "../../core/seeded-random.ts";
import { silenceViews } from "../../status/silence-text.ts";
import { aNotice, NOTICE_TYPES } from "../alerts/a-notice.ts";
import { recordingLedger } from "../alerts/recording-ledger.ts";
import { recordingLog } from "../alerts/recording-log.ts";

const SECOND = 1_000;
const HOUR = 3_600_000;
const REQUEST = { id: "s1", subject: "support-*", types: [], forMs: 2 * HOUR, by: "ana", reason: "load test" } as const;

const world = (policy = NO_POLICY) => {
  const clock = { now: 1_000_000 };
  const ledger = recordingLedger(() => clock.now);
  const log = recordingLog();
  const told: string[] = [];
  const channel = (name: string): Channel => ({
    name,
    accepts: NOTICE_TYPES,
    send: async ({ id }) => {
      told.push(`${name} ${id}`);
      return { outcome: "delivered", detail: "ok" };
    },
  });
  const channels = [channel("chat"), channel("mail")];
  const agent = (journal = NO_JOURNAL) => {
    const writer = createLedgerWriter({ noteMs: 20 }, { appendLedger: ledger.append, log, journal });
    const now = (): number => clock.now;
    const parts = { ledger: writer, claim: ledger.claim, now, log };
    const notifier = createNotifier({ channels, owner: randomUUID(), policy }, parts);
    notifier.restore(ledger.entries());
    const desk = createSilenceDesk({
      notifier,
      ledger: writer,
      now,
      subjects: () => ["support-bot", "monitor:support"],
    });
    const tell = (notice: Notice) => notifier.notify(notice, { by: "agent", incident: notice.incident });
    const pass = async (ms = SECOND): Promise<void> => {
      for (const end = clock.now + ms; clock.now < end; ) {
        clock.now += SECOND;
        notifier.restore(ledger.entries());
        await notifier.pump();
      }
    };
    return { notifier, desk, tell, pass };
  };
  return { clock, ledger, told, agent };
};
const pause = (id: string): Notice => aNotice({ id, type: "pause", severity: "warning", title: `Paused ${id}` });
const ROLLBACK = aNotice({ id: "rollback", isUrgent: true });
const OVERDUE = aNotice({ id: "overdue", type: "page", phase: "update", isUrgent: true });

describe("a silence", () => {
  it("keeps notices from people while it is in force, says which, and lets what comes after through", async () => {
    const { clock, told, agent, ledger } = world();
    const { desk, tell, pass } = agent();
    expect(await desk.begin(REQUEST)).toEqual({ outcome: "done", until: clock.now + 2 * HOUR, problem: "" });
    await tell(pause("a"));
    await pass();
    expect(told).toEqual([]);
    expect(desk.muted()).toMatchObject([
      { notice: "a", title: "Paused a", channel: "chat", silence: "s1" },
      { notice: "a", title: "Paused a", channel: "mail", silence: "s1" },
    ]);
    expect(silenceViews(desk.silences(), desk.muted())).toMatchObject([{ id: "s1", by: "ana", muted: 1 }]);
    expect(ledger.of("delivery").map(({ delivery }) => delivery.outcome)).toEqual(["muted", "muted"]);
    clock.now += 2 * HOUR;
    await tell(pause("b"));
    await pass();
    expect(told).toEqual(["chat b", "mail b"]);
    expect(desk.silences()).toEqual([]);
    expect(desk.muted()).toHaveLength(2);
  });

  it("keeps no rollback and no NOT ROLLED BACK from people", async () => {
    const { told, agent } = world();
    const { desk, tell, pass } = agent();
    await desk.begin({ ...REQUEST, subject: "*" });
    await tell(ROLLBACK);
    await tell(OVERDUE);
    await tell(aNotice({ id: "drained", type: "drained", phase: "resolve", severity: "info" }));
    await pass();
    expect(told.filter((line) => line.startsWith("chat"))).toEqual(["chat rollback", "chat overdue", "chat drained"]);
  });

  it("is known to a second agent and after a restart, and is not told twice of what it kept", async () => {
    const { told, agent, clock } = world();
    const first = agent();
    await first.desk.begin(REQUEST);
    const second = agent();
    for (const each of [second, first]) await each.tell(pause("a"));
    await second.pass();
    await first.pass(20 * SECOND);
    expect(told).toEqual([]);
    const third = agent();
    expect(third.desk.silences()).toHaveLength(1);
    clock.now += 3 * HOUR;
    await third.pass(60 * SECOND);
    expect(told).toEqual([]);
    expect(third.desk.muted()).toHaveLength(2);
  });

  it("ends early, once, for everybody", async () => {
    const { told, agent } = world();
    const [first, second] = [agent(), agent()];
    await first.desk.begin(REQUEST);
    await second.pass();
    expect(await second.desk.end("s1", "bob", "test is over")).toMatchObject({ outcome: "done", problem: "" });
    expect(await second.desk.end("s1", "bob", "again")).toEqual({
      ...{ outcome: "unknown", problem: "no silence s1 is in force; expected one of: none" },
    });
    await first.pass();
    await first.tell(pause("a"));
    await first.pass();
    expect(told).toEqual(["chat a", "mail a"]);
  });

  it("asked for twice under one name is one, and one of nothing is refused", async () => {
    const { agent, ledger } = world();
    const { desk } = agent();
    await desk.begin(REQUEST);
    await desk.begin(REQUEST);
    expect(desk.silences()).toHaveLength(1);
    expect(ledger.of("silence")).toHaveLength(1);
    expect(await desk.begin({ ...REQUEST, id: "s2", subject: "suport-bot" })).toEqual({
      outcome: "unknown",
      problem: "nothing is called suport-bot; expected one of: support-bot, monitor:support, leeway:agent",
    });
  });

  it("that is on no record yet counts, and says so", async () => {
    const { agent, ledger, told } = world();
    const { desk, tell, pass } = agent({ ...NO_JOURNAL, add: async () => "the disk is full" });
    ledger.behave("fail");
    expect(await desk.begin(REQUEST)).toMatchObject({ outcome: "done", problem: "the disk is full" });
    ledger.behave("store");
    await tell(pause("a"));
    await pass();
    expect(told).toEqual([]);
  });
});

describe("a rollback and NOT ROLLED BACK", () => {
  it("are told at the next turn, whatever is silenced, grouped, quiet or restarted", async () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = seededRandom(seed);
      const draw = (n: number): number => Math.floor(random() * n);
      const { told, agent, clock } = world({
        ...NO_POLICY,
        groupWait: draw(3) * 20 * SECOND,
        groupInterval: draw(3) * 60 * SECOND,
        quietHours: draw(2) === 0 ? null : { from: 0, to: 23 * 60 + draw(60), zone: "UTC" },
      });
      let one = agent();
      for (let step = 0; step < 25; step++) {
        const what = draw(8);
        if (what === 0) one = agent();
        if (what === 1) await one.tell({ ...pause(`p${step}`), incident: `i${draw(3)}` });
        if (what === 2) await one.tell(aNotice({ id: `s${step}`, type: "stage", phase: "update", incident: "" }));
        if (what === 3) await one.pass(draw(40) * SECOND);
        if (what === 4)
          await one.desk.begin({ ...REQUEST, id: `q${step}`, subject: "*", forMs: draw(9) * 60 * SECOND });
        if (what === 5) await one.desk.end(one.desk.silences()[0]?.id ?? "none", "bob", "over");
        if (what > 5) {
          const id = `u${step}`;
          await one.tell({ ...(what === 6 ? ROLLBACK : OVERDUE), id, incident: `i${draw(3)}` });
          const isRestarted = draw(3) === 0;
          if (isRestarted) one = agent();
          // A restarted agent is another one: it lets the first finish its try.
          const before = clock.now;
          await one.pass(isRestarted ? 16 * SECOND : SECOND);
          expect(told, `seed ${seed}, step ${step}, at ${before}`).toEqual(
            expect.arrayContaining([`chat ${id}`, `mail ${id}`]),
          );
        }
      }
    }
  });
});
