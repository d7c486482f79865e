import type { LedgerEntry } from "../core/ledger.ts";
import { type NameOf, type Parcel, wantedAt } from "./outbox.ts";

/**
 * How what is left for a channel ends that is not configured any more; it says nothing of a channel, since it comes when every
 * agent that has the channel would have given up.
 */
export const NO_CHANNEL = "the channel is no longer configured";

/**
 * A channel that people are not reached through: its newest tries ended for good without a delivery, or it has not taken a notice
 * for long.
 */
export interface ChannelFailure {
  readonly channel: string;
  /** False while what it did not take is still tried. */
  readonly isFinal: boolean;
  /** When the first try ended for good, or the notice was to be delivered, epoch ms: the same in every agent on the ledger. */
  readonly since: number;
  /** How the newest of them ended, and which notice it was. */
  readonly why: string;
  readonly notice: string;
  /** How many notices it lost; those that are still tried are not. */
  readonly lost: number;
}

/** Which channels fail for good: a fold of how tries ended. Holds no clock and does no I/O. */
export interface ChannelHealth {
  /** Takes entries of the ledger in, in any order and more than once. */
  readonly take: (entries: readonly LedgerEntry[]) => void;
  /** In the order of the channels. */
  readonly failures: () => readonly ChannelFailure[];
  /** When the channel last delivered, epoch ms; null where nothing is known of a delivery. */
  readonly deliveredAt: (channel: string) => number | null;
}

interface Ending {
  readonly at: number;
  readonly notice: string;
  readonly why: string;
}

/**
 * The health of the channels `names`. A channel fails from a try that ended for good (refused, or given up) until a delivery.
 * A try that is going to be repeated says nothing yet.
 */
export const createChannelHealth = (names: readonly string[], nameOf: NameOf = (name) => name): ChannelHealth => {
  const delivered = new Map<string, number>();
  const failed = new Map<string, Map<string, Ending>>(names.map((name) => [name, new Map()]));

  const takeOne = ({ id, at, event }: LedgerEntry): void => {
    if (event.type !== "delivery") return;
    const channel = nameOf(event.channel);
    const endings = failed.get(channel);
    if (endings === undefined) return;
    const { outcome, detail } = event.delivery;
    if (outcome === "delivered") {
      delivered.set(channel, Math.max(at, delivered.get(channel) ?? at));
      for (const [key, ending] of endings) if (ending.at <= at) endings.delete(key);
    }
    if (outcome !== "failed" || detail === NO_CHANNEL || at <= (delivered.get(channel) ?? Number.NEGATIVE_INFINITY))
      return;
    endings.set(id, { at, notice: event.notice, why: detail });
  };

  return {
    take: (entries) => {
      for (const entry of entries) takeOne(entry);
    },
    deliveredAt: (channel) => delivered.get(channel) ?? null,
    failures: () =>
      names.flatMap((channel) => {
        const endings = [...(failed.get(channel)?.values() ?? [])].sort((a, b) => a.at - b.at);
        const [first, last] = [endings[0], endings.at(-1)];
        if (first === undefined || last === undefined) return [];
        return [{ channel, isFinal: true, since: first.at, why: last.why, notice: last.notice, lost: endings.length }];
      }),
  };
};

/** How long a notice waits before its channel, where a try failed, counts as failing, ms. */
const LATE_MS = 600_000;

/**
 * The channels that have not taken their oldest notice for long, and where a try failed: its own, or one after which the receiver
 * is left alone. `now` is epoch ms. Pure.
 */
export const lateChannels = (parcels: readonly Parcel[], now: number): readonly ChannelFailure[] =>
  [...Map.groupBy(parcels, ({ channel }) => channel)].flatMap(([channel, waiting]) => {
    const [oldest, ...others] = waiting.toSorted((a, b) => wantedAt(a) - wantedAt(b));
    if (oldest === undefined || now - wantedAt(oldest) < LATE_MS) return [];
    const tried = [oldest, ...others].find(({ attempts }) => attempts > 0);
    if (tried === undefined) return [];
    const { lastDetail: why } = tried;
    return [{ channel, isFinal: false, since: wantedAt(oldest), why, notice: oldest.notice.id, lost: 0 }];
  });
