import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Channel } from "../../alerts/channels/channel.ts";
import { createLedgerWriter } from "../../alerts/ledger-writer.ts";
import { createNotifier, type Notifier } from "../../alerts/notifier.ts";
import { NO_POLICY, type NotifyPolicy } from "../../alerts/policy/notify-policy.ts";
import type { Notice } from "../../core/notice.ts";
import type { Store } from "../../store/store.ts";
import { aNotice } from "../alerts/a-notice.ts";
import { recordingLog } from "../store/recording-log.ts";
import { openTestStore, type TestStore } from "../store/test-store.ts";

let database: TestStore;
beforeAll(async () => {
  database = await openTestStore();
});
afterAll(() => database.end());

const ORIGIN = { by: "agent", incident: "i" };
const TAKEOVER_MS = 1_500;

/** An agent's notices on the real ledger, with real time; `send` is called for each try. */
const agentOn = (
  store: Store,
  send: (id: string, notice: Notice) => Promise<void>,
  policy: NotifyPolicy = NO_POLICY,
): Notifier => {
  const { log } = recordingLog();
  const people = (name: string): Channel => ({
    name,
    accepts: ["page"],
    send: async (notice) => {
      await send(`${name} ${notice.id}`, notice);
      return { outcome: "delivered", detail: "" };
    },
  });
  const { appendLedger, claimLedger: claim } = store;
  return createNotifier(
    { channels: [people("slack"), people("webhook")], owner: randomUUID(), takeoverMs: TAKEOVER_MS, policy },
    { ledger: createLedgerWriter({}, { appendLedger, log }), claim, now: Date.now, log },
  );
};

const pumpUntilEmpty = async (migration: string, ...agents: readonly Notifier[]): Promise<void> => {
  const left = async (): Promise<number> => {
    await Promise.all(agents.map((agent) => agent.pump()));
    const entries = await database.store().readLedger(migration);
    for (const agent of agents) agent.restore(entries);
    return agents.reduce((sum, agent) => sum + agent.pending().length, 0);
  };
  await expect.poll(left, { interval: 50 }).toBe(0);
};

describe("two agents on one real ledger", () => {
  it("send each of many notices once per channel", async () => {
    const sent: string[] = [];
    const send = async (id: string): Promise<void> => void sent.push(id);
    const agents = [agentOn(database.store(), send), agentOn(database.store(), send)];
    const ids = Array.from({ length: 30 }, (_, i) => `round-${i}`);
    for (const id of ids) {
      const notice = aNotice({ id, type: "page", migration: "many" });
      await Promise.all(agents.map((agent) => agent.notify(notice, ORIGIN)));
      await Promise.all(agents.map((agent) => agent.pump()));
    }
    await pumpUntilEmpty("many", ...agents);
    expect(sent.toSorted()).toEqual(ids.flatMap((id) => [`slack ${id}`, `webhook ${id}`]).toSorted());
  });

  it("send a notice once when one is killed between its claim and the delivery", async () => {
    const [sent, died]: [string[], string[]] = [[], []];
    const notice = aNotice({ id: "orphan", type: "page", migration: "orphans" });
    const first = agentOn(database.store(), (id) => {
      died.push(id);
      return new Promise(() => undefined);
    });
    await first.notify(notice, ORIGIN);
    void first.pump();
    await expect.poll(() => died.length).toBe(2);
    const others = [1, 2].map(() => agentOn(database.store(), async (id) => void sent.push(id)));
    await Promise.all(others.map((agent) => agent.notify(notice, ORIGIN)));
    await pumpUntilEmpty("orphans", ...others);
    expect(sent.toSorted()).toEqual(["slack orphan", "webhook orphan"]);
  });

  it("say what waited together once, in as few messages as there are agents at most", async () => {
    const sent: string[] = [];
    const send = async (id: string, { title, summary }: Notice): Promise<void> =>
      void sent.push(`${id.split(" ")[0]}: ${title} ${summary}`);
    const policy = { ...NO_POLICY, groupWait: 1_000 };
    const agents = [0, 1].map(() => agentOn(database.store(), send, policy));
    const ids = Array.from({ length: 8 }, (_, i) => `wait-${i}`);
    for (const id of ids) {
      const notice = aNotice({ id, type: "page", migration: "grouped", incident: "i", title: `Page (${id})` });
      await Promise.all(agents.map((agent) => agent.notify(notice, ORIGIN)));
    }
    await pumpUntilEmpty("grouped", ...agents);
    const tellsOf = (channel: string, id: string): number =>
      sent.filter((text) => text.startsWith(channel) && text.includes(`(${id})`)).length;
    for (const channel of ["slack", "webhook"]) expect(ids.map((id) => tellsOf(channel, id))).toEqual(ids.map(() => 1));
    expect(sent.length).toBeLessThanOrEqual(4);
  });
});
