import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Channel } from "../../alerts/channels/channel.ts";
import { createLedgerWriter } from "../../alerts/ledger-writer.ts";
import { createNotifier, type Notifier } from "../../alerts/notifier.ts";
import { NO_POLICY, type NotifyPolicy } from "../../alerts/policy/notify-policy.ts";
import type { Delivery, Notice } from "../../core/notice.ts";
import { seededRandom } from "../../core/seeded-random.ts";
import { aNotice, NOTICE_TYPES } from "./a-notice.ts";
import { recordingLedger } from "./recording-ledger.ts";
import { recordingLog } from "./recording-log.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const INCIDENT = "incident-1";
const POLICY: NotifyPolicy = { ...NO_POLICY, groupWait: 30 * SECOND, groupInterval: 5 * MINUTE };
const START = Date.UTC(2026, 10, 30, 23);

const pause = (id: string, changes: Partial<Notice> = {}): Notice =>
  aNotice({ id, type: "pause", severity: "warning", title: `Paused by ${id}`, at: START, ...changes });
const stage = (id: string): Notice =>
  aNotice({ id, type: "stage", severity: "info", phase: "update", incident: "", title: `Stage ${id}` });

/** A channel, and agents with one policy on one ledger, with a clock of the test's. */
const world = (policy: NotifyPolicy = POLICY) => {
  const clock = { now: START };
  const ledger = recordingLedger(() => clock.now);
  const log = recordingLog();
  const sent: { readonly notice: Notice; readonly at: number }[] = [];
  let answer: Delivery = { outcome: "delivered", detail: "ok" };
  const channel: Channel = {
    name: "chat",
    accepts: NOTICE_TYPES,
    send: async (notice) => {
      sent.push({ notice, at: clock.now - START });
      return answer;
    },
  };
  const agent = (): Notifier => {
    const notifier = createNotifier(
      { channels: [channel], owner: randomUUID(), policy },
      {
        ledger: createLedgerWriter({}, { appendLedger: ledger.append, log }),
        claim: ledger.claim,
        now: () => clock.now,
        log,
      },
    );
    notifier.restore(ledger.entries());
    return notifier;
  };
  const tell = (notifier: Notifier, notice: Notice) =>
    notifier.notify(notice, { by: "agent", incident: notice.incident });
  const pass = async (ms: number, ...agents: readonly Notifier[]): Promise<void> => {
    for (const end = clock.now + ms; clock.now < end; ) {
      clock.now += SECOND;
      for (const each of agents) {
        each.restore(ledger.entries());
        await each.pump();
      }
    }
  };
  const behave = (next: Delivery): void => {
    answer = next;
  };
  const titles = (): readonly string[] => sent.map(({ notice }) => notice.title);
  return { clock, ledger, sent, titles, agent, tell, pass, behave };
};

describe("notices of one group", () => {
  it("are one message after the wait, and each is on record as delivered", async () => {
    const { agent, tell, pass, sent, ledger } = world();
    const notifier = agent();
    await tell(notifier, pause("a"));
    await pass(10 * SECOND, notifier);
    await tell(notifier, pause("b", { at: START + 10 * SECOND }));
    await tell(notifier, stage("1"));
    await pass(60 * SECOND, notifier);
    expect(sent).toMatchObject([
      { at: 30 * SECOND, notice: { title: "2 notices: Paused by a", incident: INCIDENT, phase: "open" } },
      { at: 40 * SECOND, notice: { id: "1", title: "Stage 1" } },
    ]);
    expect(sent[0]?.notice.summary).toContain("Paused by a. 23:00:10 UTC: Paused by b.");
    expect(ledger.of("delivery").map(({ notice, delivery }) => [notice, delivery.detail])).toEqual([
      ["a", "ok (2 notices in one message)"],
      ["b", "ok (2 notices in one message)"],
      ["1", "ok"],
    ]);
    expect(notifier.pending()).toEqual([]);
  });

  it("that come later wait for the interval", async () => {
    const { agent, tell, pass, sent } = world();
    const notifier = agent();
    await tell(notifier, pause("a"));
    await pass(60 * SECOND, notifier);
    await tell(notifier, pause("b"));
    await pass(10 * MINUTE, notifier);
    expect(sent.map(({ at }) => at)).toEqual([30 * SECOND, 30 * SECOND + 5 * MINUTE]);
  });

  it("are told once each by two agents, and in one message where one can", async () => {
    const { agent, tell, pass, sent, ledger } = world();
    const agents = [agent(), agent()] as const;
    for (const id of ["a", "b", "c"]) for (const each of agents) await tell(each, pause(id));
    await pass(2 * MINUTE, ...agents);
    expect(sent).toHaveLength(1);
    expect(ledger.of("delivery").map(({ notice }) => notice)).toEqual(["a", "b", "c"]);
  });

  it("wait on after a restart, and are told once", async () => {
    const { agent, tell, pass, sent } = world();
    const first = agent();
    for (const id of ["a", "b"]) await tell(first, pause(id));
    await pass(20 * SECOND, first);
    const second = agent();
    for (const id of ["a", "b", "c"]) await tell(second, pause(id));
    await pass(10 * MINUTE, second);
    expect(sent.map(({ at, notice }) => [at, notice.title])).toEqual([[30 * SECOND, "3 notices: Paused by a"]]);
    await pass(10 * MINUTE, agent());
    expect(sent).toHaveLength(1);
  });

  it("wait on where their channel has another name since", async () => {
    const { agent, tell, pass, ledger, clock } = world();
    await tell(agent(), pause("a"));
    const sent: number[] = [];
    const renamed: Channel = {
      ...{ name: "ops-chat", formerNames: ["chat"], accepts: NOTICE_TYPES },
      send: async () => {
        sent.push(clock.now - START);
        return { outcome: "delivered", detail: "ok" };
      },
    };
    const next = createNotifier(
      { channels: [renamed], owner: randomUUID(), policy: POLICY },
      {
        ledger: createLedgerWriter({}, { appendLedger: ledger.append, log: recordingLog() }),
        claim: ledger.claim,
        now: () => clock.now,
        log: recordingLog(),
      },
    );
    next.restore(ledger.entries());
    await pass(2 * MINUTE, next);
    expect(sent).toEqual([30 * SECOND]);
  });

  it("are tried again when the receiver is busy", async () => {
    const { agent, tell, pass, ledger, behave } = world();
    const notifier = agent();
    behave({ outcome: "retry", detail: "HTTP 503", retryAfterMs: null });
    for (const id of ["a", "b"]) await tell(notifier, pause(id));
    await pass(40 * SECOND, notifier);
    behave({ outcome: "delivered", detail: "ok" });
    await pass(10 * MINUTE, notifier);
    const delivered = ledger.of("delivery").filter(({ delivery }) => delivery.outcome === "delivered");
    expect(delivered.map(({ notice }) => notice).sort()).toEqual(["a", "b"]);
  });

  it("do not keep the end of their incident waiting", async () => {
    const { agent, tell, pass, titles, sent } = world();
    const notifier = agent();
    await tell(notifier, aNotice({ id: "page", type: "page", title: "Look" }));
    await pass(5 * SECOND, notifier);
    await tell(notifier, aNotice({ id: "ack", type: "ack", phase: "acknowledge", severity: "info", title: "At it" }));
    await pass(2 * SECOND, notifier);
    expect(titles()).toEqual(["Look", "At it"]);
    expect(sent.at(-1)?.at).toBeLessThan(10 * SECOND);
  });
});

describe("a pause", () => {
  it("that waits when the migration is rolled back is told to nobody, and the ledger says why", async () => {
    const { agent, tell, pass, titles, ledger } = world();
    const notifier = agent();
    await tell(notifier, pause("a"));
    await tell(notifier, aNotice({ id: "rollback", title: "Rolled back", isUrgent: true }));
    await pass(2 * MINUTE, notifier);
    expect(titles()).toEqual(["Rolled back"]);
    expect(ledger.of("delivery")).toContainEqual({
      ...{ type: "delivery", notice: "a", channel: "chat", attempt: 1 },
      delivery: { outcome: "muted", detail: "inhibited: the migration was rolled back meanwhile" },
    });
    const again = agent();
    await pass(10 * MINUTE, again);
    expect(titles()).toEqual(["Rolled back"]);
  });
});

describe("news of a stage", () => {
  it("of the night are one message in the morning", async () => {
    const quietHours = { from: 22 * 60, to: 6 * 60, zone: "UTC" };
    const { agent, tell, pass, sent } = world({ ...NO_POLICY, quietHours });
    const notifier = agent();
    for (const id of ["1", "2"]) {
      await tell(notifier, stage(id));
      await pass(MINUTE, notifier);
    }
    await tell(notifier, pause("a"));
    await pass(7 * 60 * MINUTE, agent());
    expect(sent.map(({ at, notice }) => [Math.floor(at / MINUTE), notice.title])).toEqual([
      [2, "Paused by a"],
      [7 * 60, "2 notices: Stage 1"],
    ]);
  });
});

describe("what is urgent", () => {
  it("is told at the next turn, whatever waits, whoever restarts", async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = seededRandom(seed);
      const draw = (n: number): number => Math.floor(random() * n);
      const { agent, tell, pass, sent } = world({
        ...NO_POLICY,
        groupWait: draw(3) * 20 * SECOND,
        groupInterval: draw(3) * MINUTE,
        quietHours: draw(2) === 0 ? null : { from: 20 * 60, to: draw(20) * 60, zone: "UTC" },
        routes:
          draw(2) === 0
            ? []
            : [
                {
                  match: { migration: [], owner: [], severity: [], environment: [] },
                  channels: ["fax"],
                  continue: false,
                  groupWait: null,
                  groupInterval: null,
                },
              ],
      });
      let notifier = agent();
      for (let step = 0; step < 25; step++) {
        const what = draw(6);
        if (what === 0) notifier = agent();
        if (what === 1) await tell(notifier, pause(`p${step}`));
        if (what === 2) await tell(notifier, stage(`s${step}`));
        if (what === 3) await pass(draw(90) * SECOND, notifier);
        if (what > 3) {
          const id = `u${step}`;
          const type = what === 4 ? "rollback" : "page";
          await tell(notifier, aNotice({ id, type, isUrgent: true }));
          const restarted = draw(3) === 0;
          if (restarted) notifier = agent();
          // Another agent, as a restarted one is, lets the first finish its try.
          await pass(restarted ? 16 * SECOND : SECOND, notifier);
          expect(
            sent.map(({ notice }) => notice.id),
            `seed ${seed}, step ${step}`,
          ).toContain(id);
        }
      }
    }
  });
});
