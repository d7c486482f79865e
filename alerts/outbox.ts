import { otherwise } from "../core/exhaustive.ts";
import type { LedgerEntry } from "../core/ledger.ts";
import { completeNotice, type Delivery, type Notice } from "../core/notice.ts";
import { type RetrySettings, retryDelay } from "./retry-delay.ts";

/** One notice on its way through one channel. Times are epoch ms. */
export interface Parcel {
  readonly notice: Notice;
  readonly incident: string;
  readonly channel: string;
  /** When the notice was accepted. */
  readonly since: number;
  /** Tries that have ended. */
  readonly attempts: number;
  /** Not before this moment. */
  readonly dueAt: number;
  /** How the last try ended; empty before the first. */
  readonly lastDetail: string;
}

/** What is still to be delivered. Holds no clock and does no I/O. */
export interface Outbox {
  readonly knows: (noticeId: string) => boolean;
  /** Takes a notice in; a known id changes nothing. */
  readonly add: (notice: Notice, incident: string, channels: readonly string[], at: number, dueAt: number) => void;
  /** The parcel of this channel that has been due longest. */
  readonly nextDue: (channel: string, now: number) => Parcel | undefined;
  /** Settles try number `attempt` that ended at `at`; a try that is known already changes nothing. */
  readonly settle: (noticeId: string, channel: string, attempt: number, delivery: Delivery, at: number) => void;
  /** Leaves a parcel alone until `until`: another agent is at it. */
  readonly defer: (parcel: Parcel, until: number) => void;
  /** True while the parcel is what is still to be done: neither delivered nor tried meanwhile. */
  readonly isOpen: (parcel: Parcel) => boolean;
  /** Takes over what another process wrote to the ledger, in any order. */
  readonly replay: (entries: readonly LedgerEntry[]) => void;
  readonly parcels: () => readonly Parcel[];
}

/** The ending that asks for another try; null for one that ends the parcel. */
const retryOf = (delivery: Delivery): Extract<Delivery, { readonly outcome: "retry" }> | null => {
  switch (delivery.outcome) {
    case "retry":
      return delivery;
    case "delivered":
    case "failed":
      return null;
    default:
      return otherwise(delivery, null);
  }
};

const keyOf = (noticeId: string, channel: string): string => JSON.stringify([noticeId, channel]);

/** The name a channel has now, by one the ledger may know it under. */
export type NameOf = (channel: string) => string;

/**
 * An empty outbox. `takeoverMs` is how much later than its owner another process tries a parcel it only knows from
 * the ledger: the owner may be in the middle of it.
 */
export const createOutbox = (retry: RetrySettings, takeoverMs: number, nameOf: NameOf = (name) => name): Outbox => {
  const known = new Set<string>();
  const parcels = new Map<string, Parcel>();
  /** How tries ended whose notice is not known yet: the journal may tell of them before the ledger does. */
  const early = new Map<string, { readonly attempt: number; readonly delivery: Delivery; readonly at: number }[]>();

  const add: Outbox["add"] = (notice, incident, channels, at, dueAt) => {
    if (known.has(notice.id)) return;
    known.add(notice.id);
    for (const channel of channels) {
      parcels.set(keyOf(notice.id, channel), {
        notice,
        incident,
        channel,
        since: at,
        attempts: 0,
        dueAt,
        lastDetail: "",
      });
      for (const { attempt, delivery, at: endedAt } of early.get(keyOf(notice.id, channel)) ?? [])
        settle(notice.id, channel, attempt, delivery, endedAt);
      early.delete(keyOf(notice.id, channel));
    }
  };

  const settle = (id: string, channel: string, attempt: number, delivery: Delivery, at: number): void => {
    const key = keyOf(id, channel);
    const parcel = parcels.get(key);
    if (!known.has(id)) early.set(key, [...(early.get(key) ?? []), { attempt, delivery, at }]);
    if (!parcel) return;
    const retried = retryOf(delivery);
    if (retried === null) return void parcels.delete(key);
    if (attempt <= parcel.attempts) return;
    const dueAt = at + retryDelay(retry, key, attempt, retried.retryAfterMs);
    parcels.set(key, { ...parcel, attempts: attempt, dueAt, lastDetail: retried.detail });
  };

  const nextDue: Outbox["nextDue"] = (channel, now) => {
    const due = [...parcels.values()].filter((parcel) => parcel.channel === channel && parcel.dueAt <= now);
    return due.sort((a, b) => a.dueAt - b.dueAt)[0];
  };

  const replay: Outbox["replay"] = (entries) => {
    // Intents first: a batch need not be in order.
    for (const { at, event, incident } of entries) {
      if (event.type === "notice")
        add(completeNotice(event.notice), incident, event.channels.map(nameOf), at, at + takeoverMs);
    }
    for (const { at, event } of entries) {
      if (event.type === "delivery") {
        settle(event.notice, nameOf(event.channel), event.attempt, event.delivery, at + takeoverMs);
      }
    }
  };

  const current = ({ notice, channel }: Parcel): Parcel | undefined => parcels.get(keyOf(notice.id, channel));
  const isOpen = (parcel: Parcel): boolean => current(parcel)?.attempts === parcel.attempts;

  return {
    knows: (id) => known.has(id),
    add,
    nextDue,
    settle,
    defer: (parcel, until) => {
      const key = keyOf(parcel.notice.id, parcel.channel);
      if (isOpen(parcel)) parcels.set(key, { ...parcel, dueAt: until });
    },
    isOpen,
    replay,
    parcels: () => [...parcels.values()],
  };
};
