import { channelNews, failureText } from "../alerts/channel-notices.ts";
import type { Channel } from "../alerts/channels/channel.ts";
import type { LedgerWriter } from "../alerts/ledger-writer.ts";
import { testNotice } from "../alerts/notices.ts";
import type { Notifier } from "../alerts/notifier.ts";
import { type TestAnswer, testChannels } from "../alerts/try-channel.ts";
import { inTurn } from "../async/in-turn.ts";
import { messageOf } from "../core/errors.ts";
import type { LedgerEntry } from "../core/ledger.ts";
import type { Log } from "../core/log.ts";
import { AGENT_SUBJECT } from "../core/notice.ts";
import { deliveryId, noticeId } from "../lifecycle/ledger-ids.ts";
import type { ReadLedger } from "./ledger-reader.ts";
import type { Job } from "./monitors/open-monitors.ts";

/** How a channel fares, for those who count. */
export interface ChannelStanding {
  readonly name: string;
  /** True while notices are lost there for good. */
  readonly isFailing: boolean;
  /** Notices still to be delivered there. */
  readonly waiting: number;
}

/** What the agent knows of its channels beside what each migration's ledger says, and does about it. */
export interface AlertDesk {
  /** Reads the agent's own ledger, and tells through the other channels of one that fails for good. Never rejects. */
  readonly look: () => Promise<void>;
  /** Sends a test notice through a channel, or all; null where there is no channel of that name. Never rejects. */
  readonly test: (channel: string | null, by: string) => Promise<readonly TestAnswer[] | null>;
  readonly channels: () => readonly ChannelStanding[];
  /** What is wrong with channels, a line each. */
  readonly problems: () => readonly string[];
}

/** What a desk works with. */
export interface DeskParts {
  readonly channels: readonly Channel[];
  readonly notifier: Notifier;
  readonly ledger: LedgerWriter;
  readonly readLedger: ReadLedger;
  readonly now: () => number;
  readonly log: Log;
  /** Where people look; asked when a notice is made. */
  readonly link: () => string;
  /** How long a try of a test may take, ms. Default: as long as any other. */
  readonly tryTimeoutMs?: number;
}

/** A test is tried once, so only how it ended for good is put on record: what is left open there would be tried again. */
const testEntries = (answers: readonly TestAnswer[], notice: ReturnType<typeof testNotice>, by: string, at: number) => {
  const ended = answers.filter(({ delivery }) => delivery.outcome !== "retry");
  const shared = { at, migration: AGENT_SUBJECT, incident: "" };
  const channels = ended.map(({ channel }) => channel);
  return [
    { ...shared, id: noticeId(notice.id), by, event: { type: "notice", notice, channels } },
    ...ended.map(
      ({ channel, delivery }): LedgerEntry => ({
        ...shared,
        id: deliveryId(notice.id, channel, 1),
        by: "agent",
        event: { type: "delivery", notice: notice.id, channel, attempt: 1, delivery },
      }),
    ),
  ] satisfies readonly LedgerEntry[];
};

/** A desk, which knows nothing before its first look. */
export const createAlertDesk = (parts: DeskParts): AlertDesk => {
  const { channels, notifier, ledger, readLedger, now, log, link } = parts;
  const names = channels.map(({ name }) => name);
  const turn = inTurn();
  let problem = "";

  const look = async (): Promise<void> => {
    try {
      const entries = await readLedger(AGENT_SUBJECT);
      problem = "";
      notifier.restore(entries);
      // What was told stands in the ledger: without it nobody could say that it was not told yet.
      const known = { failures: notifier.failures(), configured: names, deliveredAt: notifier.deliveredAt };
      for (const { notice, channel } of channelNews(known, entries, { now: now(), link: link() }))
        await notifier.notify(notice, { by: "agent", incident: notice.incident, except: channel });
    } catch (error) {
      const next = `the ledger of the agent itself cannot be read: ${messageOf(error)}`;
      if (next !== problem) log.warn(next);
      problem = next;
    }
  };

  const test: AlertDesk["test"] = async (asked, by) => {
    const chosen = asked === null ? channels : channels.filter(({ name }) => name === asked);
    if (asked !== null && chosen.length === 0) return null;
    const notice = testNotice({ at: now(), by, link: link() });
    const answers = await testChannels(chosen, notice, parts.tryTimeoutMs);
    const entries = testEntries(answers, notice, by, now());
    notifier.restore(entries);
    await ledger.note(...entries);
    return answers;
  };

  return {
    look: () => turn(look),
    test,
    channels: () => {
      const failing = new Set(notifier.failures().map(({ channel }) => channel));
      const waiting = Map.groupBy(notifier.pending(), ({ channel }) => channel);
      return names.map((name) => ({
        name,
        isFailing: failing.has(name),
        waiting: waiting.get(name)?.length ?? 0,
      }));
    },
    problems: () => [...notifier.failures().map(failureText), ...(problem === "" ? [] : [problem])],
  };
};

/** The desk as a job of the schedule. */
export const alertDeskJob = (desk: AlertDesk): Job => ({
  name: "looking after the channels",
  cron: "*/5 * * * * *",
  work: desk.look,
});
