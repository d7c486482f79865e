import { sharedRun } from "../async/shared-run.ts";
import { withinOrAbort } from "../async/within-or-abort.ts";
import type { LedgerEntry } from "../core/ledger.ts";
import type { Log } from "../core/log.ts";
import type { Delivery, Notice } from "../core/notice.ts";
import { deliveryId, noticeId } from "../lifecycle/ledger-ids.ts";
import type { Channel } from "./channels/channel.ts";
import { type ClaimLedger, createClaims } from "./claims.ts";
import type { LedgerWriter } from "./ledger-writer.ts";
import { createOutbox, type NameOf, type Outbox, type Parcel } from "./outbox.ts";
import { RETRY_DEFAULTS, type RetrySettings } from "./retry-delay.ts";

/** Settings of the notifier. */
export interface NotifierSettings {
  readonly channels: readonly Channel[];
  /** Id of this run of the agent; no other run has it. */
  readonly owner: string;
  readonly retry?: Partial<RetrySettings>;
  /** How long one try may take, ms. Default 10 s. */
  readonly tryTimeoutMs?: number;
  /** After how long a try that another process claimed, or may be making, is made here, ms. Default 15 s: longer than a try. */
  readonly takeoverMs?: number;
}

/** What the notifier needs of its surroundings. */
export interface NotifierCollaborators {
  readonly ledger: LedgerWriter;
  readonly claim: ClaimLedger;
  readonly now: () => number;
  readonly log: Log;
}

/** Delivers notices at least once, whatever fails in between. */
export interface Notifier {
  /**
   * Takes over what the ledger says is undelivered. Called at the start with the whole history, and again with new
   * entries wherever several agents share a ledger: what another agent delivered is then not delivered twice.
   */
  readonly restore: (entries: readonly LedgerEntry[]) => void;
  /**
   * Accepts a notice: writes the intent to the ledger, then leaves the rest to `pump`. An id that is known already is
   * a no-op. A failing ledger delays nothing but the record. Never rejects.
   */
  readonly notify: (notice: Notice, origin: { readonly by: string; readonly incident: string }) => Promise<void>;
  /**
   * Tries everything that is due. Resolves when these tries have ended (a hanging receiver: after `tryTimeoutMs`), so
   * a round starts it and does not wait for it. May be called at any time: what is under way is not started twice.
   * Never rejects.
   */
  readonly pump: () => Promise<void>;
  /** What is still to be delivered. */
  readonly pending: () => readonly Parcel[];
}

const timedOut = (ms: number): Delivery => ({
  outcome: "retry",
  detail: `no answer within ${ms} ms`,
  retryAfterMs: null,
});
// A channel that throws has a bug. Its message may hold anything, so it is not repeated.
const BROKEN: Delivery = { outcome: "retry", detail: "the channel failed unexpectedly", retryAfterMs: null };
const NOT_CONFIGURED: Delivery = { outcome: "failed", detail: "the channel is no longer configured" };

/** One try, ended after `ms` even if the channel ignores its signal. */
const tryOnce = async (channel: Channel, { notice, attempts }: Parcel, ms: number): Promise<Delivery> => {
  try {
    return await withinOrAbort(ms, (signal) => channel.send(notice, { signal, number: attempts + 1 }), timedOut(ms));
  } catch {
    return BROKEN;
  }
};

const noticeEntry = (
  notice: Notice,
  channels: readonly string[],
  origin: { readonly by: string; readonly incident: string },
  at: number,
): LedgerEntry => ({
  id: noticeId(notice.id),
  at,
  migration: notice.migration,
  ...origin,
  event: { type: "notice", notice, channels },
});

const deliveryEntry = (
  { notice, channel, incident, attempts }: Parcel,
  delivery: Delivery,
  at: number,
): LedgerEntry => ({
  id: deliveryId(notice.id, channel, attempts + 1),
  at,
  migration: notice.migration,
  by: "agent",
  incident,
  event: { type: "delivery", notice: notice.id, channel, attempt: attempts + 1, delivery },
});

/** A name that a channel has now is nobody's former one. */
const nowNamed = (channels: readonly Channel[]): NameOf => {
  const former = channels.flatMap(({ name, formerNames = [] }) => formerNames.map((each) => [each, name] as const));
  const names = new Map([...former, ...channels.map(({ name }) => [name, name] as const)]);
  return (name) => names.get(name) ?? name;
};

/** Files how a try ended: in the outbox, in the ledger, and where it was the last one in the log. */
const createSettler =
  (outbox: Outbox, giveUpMs: number, { ledger, now, log }: NotifierCollaborators) =>
  async (parcel: Parcel, ended: Delivery): Promise<void> => {
    const tooOld = ended.outcome === "retry" && now() - parcel.since >= giveUpMs;
    const delivery: Delivery = tooOld ? { outcome: "failed", detail: `given up: ${ended.detail}` } : ended;
    outbox.settle(parcel.notice.id, parcel.channel, parcel.attempts + 1, delivery, now());
    if (delivery.outcome === "failed") {
      const { id, type } = parcel.notice;
      log.error("a notice could not be delivered", { notice: id, type, channel: parcel.channel, why: delivery.detail });
    }
    await ledger.note(deliveryEntry(parcel, delivery, now()));
  };

/**
 * The outbox on the ledger: intents are written first, each channel works through its notices by itself, a try that
 * failed is repeated with growing delays until it is given up. Of several agents on one ledger the one whose claim is
 * stored first makes a try; when it falls silent, another does. Delivery is at least once; the notice's id is the key
 * under which receivers drop repeats.
 */
export const createNotifier = (settings: NotifierSettings, collaborators: NotifierCollaborators): Notifier => {
  const { channels, tryTimeoutMs = 10_000, takeoverMs = 15_000 } = settings;
  const retry: RetrySettings = { ...RETRY_DEFAULTS, ...settings.retry };
  const { ledger, now } = collaborators;
  const claim = createClaims({ owner: settings.owner, takeoverMs }, collaborators);
  const outbox = createOutbox(retry, takeoverMs, nowNamed(channels));
  const settle = createSettler(outbox, retry.giveUpMs, collaborators);
  const heldUntil = new Map<string, number>();
  const isConfigured = new Set(channels.map((channel) => channel.name));

  const isOurs = async (parcel: Parcel): Promise<boolean> => {
    const turn = await claim(parcel);
    if (turn.whose === "theirs") outbox.defer(parcel, now() + turn.waitMs);
    if (turn.whose === "over") outbox.replay([turn.entry]);
    if (turn.whose === "over" && outbox.isOpen(parcel)) outbox.defer(parcel, now() + takeoverMs);
    return turn.whose === "ours" && outbox.isOpen(parcel);
  };

  /** One channel's due notices, one after the other. The first that fails ends the turn: the receiver is not well. */
  const work = async (channel: Channel): Promise<void> => {
    while (now() >= (heldUntil.get(channel.name) ?? 0)) {
      const parcel = outbox.nextDue(channel.name, now());
      if (!parcel) return;
      if (!(await isOurs(parcel))) continue;
      const delivery = await tryOnce(channel, parcel, tryTimeoutMs);
      await settle(parcel, delivery);
      if (delivery.outcome !== "retry") continue;
      heldUntil.set(channel.name, now() + Math.min(delivery.retryAfterMs ?? 0, retry.maxAskedMs));
      return;
    }
  };

  /** Each channel by itself: a receiver that hangs keeps no other from being told. */
  const lanes = channels.map((channel) => sharedRun(() => work(channel)));

  const dropOrphans = (): Promise<unknown> => {
    // Not before it is due here: another agent may have the channel, and be at it.
    const isOrphan = (parcel: Parcel): boolean => !isConfigured.has(parcel.channel) && parcel.dueAt <= now();
    const orphans = outbox.parcels().filter(isOrphan);
    return Promise.all(orphans.map((parcel) => settle(parcel, NOT_CONFIGURED)));
  };

  const notify: Notifier["notify"] = async (notice, origin) => {
    if (outbox.knows(notice.id)) return;
    const names = channels.filter((channel) => channel.accepts.includes(notice.type)).map((channel) => channel.name);
    await ledger.note(noticeEntry(notice, names, origin, now()));
    outbox.add(notice, origin.incident, names, now(), now());
  };

  return {
    restore: outbox.replay,
    notify,
    pump: async () => {
      // What the ledger does not take now is for the next time: a page must not wait for it.
      await Promise.all([ledger.note(), dropOrphans(), ...lanes.map((lane) => lane())]);
    },
    pending: outbox.parcels,
  };
};
