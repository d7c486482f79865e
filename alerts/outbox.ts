import type { LedgerEntry } from "../core/ledger.ts";
import { completeNotice, type DeliveredNotice, type Ending, type Notice } from "../core/notice.ts";
import { keyOf } from "./key-of.ts";
import { createOvertaken } from "./overtaken.ts";
import { type GroupStanding, groupOf, mayWait } from "./policy/hold.ts";
import { isUrgent } from "./policy/is-urgent.ts";
import { type RetrySettings, retryDelay, retryOf } from "./retry-delay.ts";

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
  /** Until when it waited for others, or for the morning; null = it did not. */
  readonly heldUntil: number | null;
  /** How the last try ended; empty before the first. */
  readonly lastDetail: string;
}

/** When a notice was to be delivered, epoch ms: its age counts from then. */
export const wantedAt = ({ since, heldUntil }: Pick<Parcel, "since" | "heldUntil">): number => heldUntil ?? since;

/** Until when a notice waits, epoch ms, by channel. */
export type Holds = Readonly<Record<string, number>>;

/** What is still to be delivered. Holds no clock and does no I/O. */
export interface Outbox {
  readonly knows: (noticeId: string) => boolean;
  /** Takes a notice in, for each channel not before its hold; a known id changes nothing. */
  readonly add: (
    notice: Notice,
    incident: string,
    channels: readonly string[],
    at: number,
    dueAt: number,
    holds?: Holds,
  ) => void;
  /**
   * The parcel of this channel, of those that `may` be tried (left out: all), that has been due longest, urgent ones first. What ends an incident, or says that somebody is at it, waits until
   * what was to be said of it before has been said, or given up: nobody is told that something is over of which they never
   * heard. A repeat that is overtaken waits until what overtook it has been said, or given up.
   */
  readonly nextDue: (channel: string, now: number, may?: (parcel: Parcel) => boolean) => Parcel | undefined;
  /** Settles try number `attempt` that ended at `at`; a try that is known already changes nothing. */
  readonly settle: (noticeId: string, channel: string, attempt: number, delivery: Ending, at: number) => void;
  /** Leaves a parcel alone until `until`: another agent is at it. */
  readonly defer: (parcel: Parcel, until: number) => void;
  /** True while the parcel is what is still to be done: neither delivered nor tried meanwhile. */
  readonly isOpen: (parcel: Parcel) => boolean;
  /** Takes over what another process wrote to the ledger, in any order. */
  readonly replay: (entries: readonly LedgerEntry[]) => void;
  readonly parcels: () => readonly Parcel[];
  /** The parcel, and those of its group that waited with it and are due as well, oldest first. */
  readonly together: (parcel: Parcel, now: number) => readonly Parcel[];
  /** What the channel was told of a group, and is going to be. */
  readonly groupStanding: (group: string, channel: string, now: number) => GroupStanding;
  /** Why the parcel, a repeat, says nothing new any more; null where it does, and for what is no repeat. */
  readonly overtaken: (parcel: Parcel) => string | null;
  /** True once something urgent was to be told in the incident. */
  readonly isRolledBack: (incident: string) => boolean;
  /** True where the channel was given a notice of this incident, delivered or not. */
  readonly carries: (incident: string, channel: string) => boolean;
  /** What the parcel's channel delivered of its incident, oldest first. */
  readonly earlier: (parcel: Parcel) => readonly DeliveredNotice[];
}

/** The name a channel has now, by one the ledger may know it under. */
export type NameOf = (channel: string) => string;

/**
 * An empty outbox. `takeoverMs` is how much later than its owner another process tries a parcel it only knows from
 * the ledger: the owner may be in the middle of it.
 */
export const createOutbox = (retry: RetrySettings, takeoverMs: number, nameOf: NameOf = (name) => name): Outbox => {
  const known = new Set<string>();
  const parcels = new Map<string, Parcel>();
  const delivered = new Map<string, readonly DeliveredNotice[]>();
  /** When a group was last told of in a channel, by keyOf. */
  const lastSaid = new Map<string, number>();
  const rolledBack = new Set<string>();
  const overtaken = createOvertaken();
  /** Of incidents in channels, by keyOf. */
  const carried = new Set<string>();
  /** How tries ended whose notice is not known yet: the journal may tell of them before the ledger does. */
  const early = new Map<string, { readonly attempt: number; readonly delivery: Ending; readonly at: number }[]>();

  /** What ends an incident waits for what was said before it, so that must not wait for others any more. */
  const release = (incident: string, channel: string, dueAt: number): void => {
    for (const [key, parcel] of parcels)
      if (parcel.incident === incident && parcel.channel === channel && parcel.heldUntil !== null)
        parcels.set(key, { ...parcel, dueAt: Math.min(parcel.dueAt, dueAt) });
  };

  const add: Outbox["add"] = (notice, incident, channels, at, dueAt, holds = {}) => {
    if (known.has(notice.id)) return;
    known.add(notice.id);
    overtaken.add(notice, incident, channels);
    if (isUrgent(notice)) rolledBack.add(incident);
    for (const channel of channels) {
      carried.add(keyOf(incident, channel));
      const heldUntil = holds[channel] ?? null;
      if (!mayWait(notice) && incident !== "" && !isUrgent(notice)) release(incident, channel, dueAt);
      parcels.set(keyOf(notice.id, channel), {
        notice,
        incident,
        channel,
        since: at,
        attempts: 0,
        dueAt: Math.max(dueAt, heldUntil ?? dueAt),
        heldUntil,
        lastDetail: "",
      });
      for (const { attempt, delivery, at: endedAt } of early.get(keyOf(notice.id, channel)) ?? [])
        settle(notice.id, channel, attempt, delivery, endedAt);
      early.delete(keyOf(notice.id, channel));
    }
  };

  const keep = ({ notice, incident, channel }: Parcel, receipt: string, at: number): void => {
    if (incident === "") return;
    const { id, type, phase } = notice;
    const all = [...(delivered.get(keyOf(incident, channel)) ?? []), { id, type, phase, at, receipt }];
    delivered.set(
      keyOf(incident, channel),
      all.toSorted((a, b) => a.at - b.at),
    );
  };

  const settle = (id: string, channel: string, attempt: number, delivery: Ending, at: number): void => {
    const key = keyOf(id, channel);
    const parcel = parcels.get(key);
    if (!known.has(id)) early.set(key, [...(early.get(key) ?? []), { attempt, delivery, at }]);
    if (!parcel) return;
    if (delivery.outcome === "delivered") {
      keep(parcel, delivery.receipt ?? "", at);
      const group = keyOf(groupOf(parcel.notice), channel);
      lastSaid.set(group, Math.max(at, lastSaid.get(group) ?? at));
    }
    const retried = retryOf(delivery);
    if (retried === null) return void parcels.delete(key);
    if (attempt <= parcel.attempts) return;
    const dueAt = at + retryDelay(retry, key, attempt, retried.retryAfterMs);
    parcels.set(key, { ...parcel, attempts: attempt, dueAt, lastDetail: retried.detail });
  };

  const overtakerOf = ({ notice, incident, channel }: Parcel) => overtaken.by(notice, incident, channel);

  /** Its turn comes after that of what overtook it: until people were told, their channel has to count as late. */
  const isPassed = (parcel: Parcel): boolean => {
    const by = overtakerOf(parcel);
    return by !== null && parcels.has(keyOf(by.id, parcel.channel));
  };

  const isEarly = ({ notice, incident, since }: Parcel, others: readonly Parcel[]): boolean =>
    (notice.phase === "resolve" || notice.phase === "acknowledge") &&
    incident !== "" &&
    others.some(
      (other) =>
        other.incident === incident &&
        other.notice.id !== notice.id &&
        other.since <= since &&
        overtakerOf(other) === null,
    );

  const nextDue: Outbox["nextDue"] = (channel, now, may = () => true) => {
    const own = [...parcels.values()].filter((parcel) => parcel.channel === channel);
    const due = own.filter(
      (parcel) => parcel.dueAt <= now && !isEarly(parcel, own) && !isPassed(parcel) && may(parcel),
    );
    const isLater = ({ notice }: Parcel): number => (isUrgent(notice) ? 0 : 1);
    return due.sort((a, b) => isLater(a) - isLater(b) || a.dueAt - b.dueAt)[0];
  };

  const mates = (group: string, channel: string): readonly Parcel[] =>
    [...parcels.values()].filter(
      (parcel) => parcel.channel === channel && parcel.heldUntil !== null && groupOf(parcel.notice) === group,
    );

  const together: Outbox["together"] = (parcel, now) => {
    if (parcel.heldUntil === null) return [parcel];
    return mates(groupOf(parcel.notice), parcel.channel)
      .filter((mate) => mate.dueAt <= now && !isPassed(mate))
      .sort((a, b) => a.notice.at - b.notice.at || (a.notice.id < b.notice.id ? -1 : 1));
  };

  const renamed = (holds: Holds = {}): Holds =>
    Object.fromEntries(Object.entries(holds).map(([channel, until]) => [nameOf(channel), until]));

  const replay: Outbox["replay"] = (entries) => {
    // Intents first: a batch need not be in order.
    for (const { at, event, incident } of entries) {
      if (event.type === "notice")
        add(
          completeNotice(event.notice),
          incident,
          event.channels.map(nameOf),
          at,
          at + takeoverMs,
          renamed(event.holds),
        );
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
    together,
    groupStanding: (group, channel, now) => {
      const waiting = mates(group, channel).flatMap(({ attempts, dueAt }) =>
        attempts === 0 && dueAt > now ? [dueAt] : [],
      );
      return {
        lastSaid: lastSaid.get(keyOf(group, channel)) ?? null,
        waiting: waiting.length === 0 ? null : Math.min(...waiting),
      };
    },
    overtaken: (parcel) => overtakerOf(parcel)?.why ?? null,
    isRolledBack: (incident) => incident !== "" && rolledBack.has(incident),
    carries: (incident, channel) => carried.has(keyOf(incident, channel)),
    earlier: ({ incident, channel }) => delivered.get(keyOf(incident, channel)) ?? [],
  };
};
