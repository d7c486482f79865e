import { describe, expect, it } from "vitest";
import type { Channel } from "../../alerts/channels/channel.ts";
import { createNotifier } from "../../alerts/notifier.ts";
import type { LedgerEntry } from "../../core/ledger.ts";
import type { Delivery, Notice } from "../../core/notice.ts";
import { aNotice } from "./a-notice.ts";
import { recordingLog } from "./recording-log.ts";

const MINUTE = 60_000;
const drained = aNotice({ id: "drained", at: 1_800_000_060_000, type: "drained", phase: "resolve", severity: "info" });

/** Agents on one ledger with a channel that has to be told again every three minutes. */
const aWorld = () => {
  let now = 1_800_000_000_000;
  let answer: Delivery = { outcome: "delivered", detail: "ok" };
  const entries: LedgerEntry[] = [];
  const again: string[][] = [];
  let meanwhile = async (): Promise<void> => undefined;
  const log = recordingLog();
  const channel: Channel = {
    name: "am",
    accepts: ["rollback", "drained"],
    send: async () => ({ outcome: "delivered", detail: "ok" }),
    keepAlive: {
      everyMs: 3 * MINUTE,
      send: async (notices: readonly Notice[]) => {
        again.push(notices.map(({ id }) => id));
        await meanwhile();
        return answer;
      },
    },
  };
  const startAgent = (owner: string) => {
    const notifier = createNotifier(
      { channels: [channel], owner },
      {
        ledger: {
          note: async (...given) => {
            entries.push(...given);
            return "";
          },
          stored: async () => true,
          kept: () => [],
        },
        claim: async (claim) => ({ holder: claim, ageMs: 0, settled: null }),
        now: () => now,
        log,
      },
    );
    notifier.restore(entries);
    return notifier;
  };
  return {
    startAgent,
    again,
    log,
    after: (ms: number) => {
      now += ms;
    },
    whileSending: (act: () => Promise<void>) => {
      meanwhile = act;
    },
    answers: (next: Delivery) => {
      answer = next;
    },
  };
};

const tell = async (agent: ReturnType<ReturnType<typeof aWorld>["startAgent"]>, notice: Notice) => {
  await agent.notify(notice, { by: "agent", incident: notice.incident });
  await agent.pump();
};

describe("an open incident", () => {
  it("is told again when it is time, and no more once its end is known", async () => {
    const world = aWorld();
    const agent = world.startAgent("a");
    await tell(agent, aNotice());
    await agent.pump();
    expect(world.again).toEqual([]);
    for (let i = 0; i < 3; i++) {
      world.after(3 * MINUTE);
      await agent.pump();
      await agent.pump();
    }
    expect(world.again).toEqual([[aNotice().id], [aNotice().id], [aNotice().id]]);
    await tell(agent, drained);
    world.after(60 * MINUTE);
    await agent.pump();
    expect(world.again).toHaveLength(3);
  });

  it("is not told again when its end comes while another is", async () => {
    const world = aWorld();
    const agent = world.startAgent("a");
    const second = { ...aNotice(), id: "second", incident: "m:2" };
    await tell(agent, aNotice());
    await tell(agent, second);
    const end = { ...drained, id: "second over", incident: "m:2" };
    world.whileSending(() => agent.notify(end, { by: "agent", incident: "m:2" }));
    world.after(4 * MINUTE);
    await agent.pump();
    expect(world.again).toEqual([[aNotice().id]]);
  });

  it("is told again by whoever starts, at once where its time is over", async () => {
    const world = aWorld();
    await tell(world.startAgent("a"), aNotice());
    world.after(4 * MINUTE);
    await world.startAgent("b").pump();
    expect(world.again).toEqual([[aNotice().id]]);
  });

  it("that cannot be told again is tried soon, not with every round, and the log says it once", async () => {
    const world = aWorld();
    const agent = world.startAgent("a");
    await tell(agent, aNotice());
    world.answers({ outcome: "retry", detail: "HTTP 503", retryAfterMs: 30_000 });
    world.after(3 * MINUTE);
    for (let i = 0; i < 6; i++) {
      await agent.pump();
      world.after(10_000);
    }
    expect(world.again).toHaveLength(2);
    expect(world.log.lines).toEqual([expect.stringContaining("could not be told again")]);
    world.answers({ outcome: "delivered", detail: "ok" });
    world.after(30_000);
    await agent.pump();
    expect(world.again).toHaveLength(3);
  });
});
