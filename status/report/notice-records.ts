import type { LedgerEntry } from "../../core/ledger.ts";
import type { Ending, StoredNotice } from "../../core/notice.ts";
import type { NoticeRecord } from "./report.ts";

const outcomeOf = (ending: Ending | undefined): string => {
  if (ending === undefined) return "no try on record";
  return ending.outcome === "delivered" ? "delivered" : `${ending.outcome}: ${ending.detail}`;
};

interface Sent {
  readonly notice: StoredNotice;
  readonly at: number;
  readonly channels: readonly string[];
}

/** Every notice, and how it ended in each of its channels: a delivery counts whatever was tried after it. */
export const noticeRecordsOf = (entries: readonly LedgerEntry[]): readonly NoticeRecord[] => {
  const sent = new Map<string, Sent>();
  const ended = new Map<string, Ending>();
  for (const { event, at } of entries) {
    if (event.type === "notice") sent.set(event.notice.id, { notice: event.notice, at, channels: event.channels });
    if (event.type !== "delivery") continue;
    const key = JSON.stringify([event.notice, event.channel]);
    if (ended.get(key)?.outcome !== "delivered") ended.set(key, event.delivery);
  }
  return [...sent.values()].map(({ notice, at, channels }) => ({
    at,
    type: notice.type,
    title: notice.title,
    channels: channels.map((channel) => {
      const ending = ended.get(JSON.stringify([notice.id, channel]));
      return { channel, outcome: outcomeOf(ending), isTold: ending?.outcome === "delivered" };
    }),
  }));
};
