import type { Delivery, Ending } from "../core/notice.ts";
import type { Channel } from "./channels/channel.ts";
import type { Turn } from "./claims.ts";
import { digestOf } from "./digest.ts";
import type { Outbox, Parcel } from "./outbox.ts";
import { isUrgent } from "./policy/is-urgent.ts";
import { muted } from "./policy/mute.ts";
import type { Silence } from "./policy/silences.ts";
import { tryChannel } from "./try-channel.ts";

/** What a channel's due notices are worked through with. Durations are ms. */
export interface LaneParts {
  readonly outbox: Outbox;
  readonly claim: (parcel: Parcel) => Promise<Turn>;
  readonly settle: (parcel: Parcel, ended: Ending) => Promise<void>;
  /** Those in force. */
  readonly silences: () => readonly Silence[];
  readonly now: () => number;
  readonly tryTimeoutMs: number;
  readonly takeoverMs: number;
  /** The longest wait a receiver can ask for. */
  readonly maxAskedMs: number;
}

/** As many notices are told in one message. */
const MAX_TOGETHER = 20;

/** `delivery` of each of `count` notices that were one message. */
const ofOne = (delivery: Delivery, count: number): Delivery =>
  count === 1 ? delivery : { ...delivery, detail: `${delivery.detail} (${count} notices in one message)` };

/**
 * The work of one channel: its due notices, one after the other, those that waited together as one. The first that fails ends
 * the turn: the receiver is not well. While a wait that the receiver asked for lasts, only what is urgent has its first try.
 */
export const createLane = (channel: Channel, parts: LaneParts): (() => Promise<void>) => {
  const { outbox, settle, now, tryTimeoutMs, takeoverMs } = parts;
  let askedUntil = Number.NEGATIVE_INFINITY;

  /** A wait that was asked for another notice must not keep a rollback from people unsaid: it has one try all the same. */
  const mayTry = ({ notice, attempts }: Parcel): boolean => now() >= askedUntil || (attempts === 0 && isUrgent(notice));

  /** Whether the next try is ours; what is another agent's is left to it. */
  const isOurs = async (parcel: Parcel, rest: readonly Parcel[]): Promise<boolean> => {
    const turn = await parts.claim(parcel);
    if (turn.whose === "theirs") {
      // Whoever has the first of them is about to take those that waited with it.
      for (const each of [parcel, ...rest]) outbox.defer(each, now() + turn.waitMs);
    }
    if (turn.whose === "over") outbox.replay([turn.entry]);
    if (turn.whose === "over" && outbox.isOpen(parcel)) outbox.defer(parcel, now() + takeoverMs);
    return turn.whose === "ours" && outbox.isOpen(parcel);
  };

  const ours = async (due: Parcel): Promise<readonly Parcel[]> => {
    const [first = due, ...rest] = outbox.together(due, now()).slice(0, MAX_TOGETHER);
    if (!(await isOurs(first, rest))) return [];
    // At once: all of it has to be over, the try included, while the claims hold.
    const taken = await Promise.all(rest.map((parcel) => isOurs(parcel, [])));
    return [first, ...rest.filter((_parcel, i) => taken[i] === true)];
  };

  /** Those of them that are to be told; the others end here, and the ledger says why. */
  const spoken = async (parcels: readonly Parcel[]): Promise<readonly Parcel[]> => {
    const told: Parcel[] = [];
    for (const parcel of parcels) {
      const ending = muted(parcel.notice, {
        overtaken: outbox.overtaken(parcel),
        isRolledBack: outbox.isRolledBack(parcel.incident),
        hasHeard: outbox.earlier(parcel).length > 0,
        silences: parts.silences(),
      });
      if (ending === null) told.push(parcel);
      else await settle(parcel, ending);
    }
    return told;
  };

  return async () => {
    for (;;) {
      const due = outbox.nextDue(channel.name, now(), mayTry);
      if (due === undefined) return;
      const told = await spoken(await ours(due));
      const [first, ...others] = told;
      if (first === undefined) continue;
      const notices = others.map(({ notice }) => notice);
      const notice = notices.length === 0 ? first.notice : digestOf(first.notice, notices);
      const number = Math.max(...told.map(({ attempts }) => attempts)) + 1;
      const delivery = await tryChannel(channel, notice, { number, earlier: outbox.earlier(first) }, tryTimeoutMs);
      for (const parcel of told) await settle(parcel, ofOne(delivery, told.length));
      if (delivery.outcome !== "retry") continue;
      askedUntil = Math.max(askedUntil, now() + Math.min(delivery.retryAfterMs ?? 0, parts.maxAskedMs));
      return;
    }
  };
};
