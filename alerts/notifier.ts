import { sharedRun } from "../async/shared-run.ts";
import type { LedgerEntry } from "../core/ledger.ts";
import type { Log } from "../core/log.ts";
import type { Ending, Notice } from "../core/notice.ts";
import { deliveryId, noticeId } from "../lifecycle/ledger-ids.ts";
import { type ChannelFailure, createChannelHealth, lateChannels } from "./channel-health.ts";
import type { Channel } from "./channels/channel.ts";
import { type ClaimLedger, createClaims } from "./claims.ts";
import { createKeepAlive } from "./keep-alive.ts";
import { createLane } from "./lane.ts";
import type { LedgerWriter } from "./ledger-writer.ts";
import { createMutedNotices, type MutedNotice } from "./muted-notices.ts";
import { createOpenIncidents } from "./open-incidents.ts";
import { createOrphans } from "./orphans.ts";
import { createOutbox, type Holds, type NameOf, type Outbox, type Parcel, wantedAt } from "./outbox.ts";
import { groupOf, holdUntil } from "./policy/hold.ts";
import { NO_POLICY, type NoticeSubject, type NotifyPolicy } from "./policy/notify-policy.ts";
import { recipients, waitsIn } from "./policy/routes.ts";
import { createSilences, type Silence } from "./policy/silences.ts";
import { RETRY_DEFAULTS, type RetrySettings } from "./retry-delay.ts";
import { TRY_TIMEOUT_MS } from "./try-channel.ts";

/** Settings of the notifier. */
export interface NotifierSettings {
  readonly channels: readonly Channel[];
  /** Id of this run of the agent; no other run has it. */
  readonly owner: string;
  readonly retry?: Partial<RetrySettings>;
  /** Who is told what. Default: everybody everything. */
  readonly policy?: NotifyPolicy;
  /** Whose a migration is and where, by its name. Default: nothing is known. */
  readonly subjectOf?: (migration: string) => NoticeSubject;
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

/** Where a notice comes from, and whom it is not for. */
export interface NoticeOrigin {
  readonly by: string;
  /** Empty outside an incident. */
  readonly incident: string;
  /** Name of a channel that does not carry it: the one it is about. */
  readonly except?: string;
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
  readonly notify: (notice: Notice, origin: NoticeOrigin) => Promise<void>;
  /**
   * Tries everything that is due. Resolves when these tries have ended (a hanging receiver: after `tryTimeoutMs`), so
   * a round starts it and does not wait for it. May be called at any time: what is under way is not started twice.
   * Never rejects.
   */
  readonly pump: () => Promise<void>;
  /** What is still to be delivered. */
  readonly pending: () => readonly Parcel[];
  /** Channels that people are not reached through. */
  readonly failures: () => readonly ChannelFailure[];
  /** When the channel last delivered, epoch ms; null where nothing is known of a delivery. */
  readonly deliveredAt: (channel: string) => number | null;
  /** The silences in force. */
  readonly silences: () => readonly Silence[];
  /** What nobody was told of, newest first. */
  readonly muted: () => readonly MutedNotice[];
}

const NOBODY: NoticeSubject = { owner: "", environment: "" };

const noticeEntry = (
  notice: Notice,
  channels: readonly string[],
  holds: Holds,
  { by, incident }: NoticeOrigin,
  at: number,
): LedgerEntry => ({
  id: noticeId(notice.id),
  at,
  migration: notice.migration,
  by,
  incident,
  event: { type: "notice", notice, channels, ...(Object.keys(holds).length === 0 ? {} : { holds }) },
});

const deliveryEntry = ({ notice, channel, incident, attempts }: Parcel, delivery: Ending, at: number): LedgerEntry => ({
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
  (
    outbox: Outbox,
    record: (entry: LedgerEntry) => void,
    giveUpMs: number,
    { ledger, now, log }: NotifierCollaborators,
  ) =>
  async (parcel: Parcel, ended: Ending): Promise<void> => {
    const tooOld = ended.outcome === "retry" && now() - wantedAt(parcel) >= giveUpMs;
    const delivery: Ending = tooOld ? { outcome: "failed", detail: `given up: ${ended.detail}` } : ended;
    outbox.settle(parcel.notice.id, parcel.channel, parcel.attempts + 1, delivery, now());
    if (delivery.outcome === "failed") {
      const { id, type } = parcel.notice;
      log.error("a notice could not be delivered", { notice: id, type, channel: parcel.channel, why: delivery.detail });
    }
    const entry = deliveryEntry(parcel, delivery, now());
    record(entry);
    await ledger.note(entry);
  };

/**
 * The outbox on the ledger: intents are written first, each channel works through its notices by itself, a try that
 * failed is repeated with growing delays until it is given up. Of several agents on one ledger the one whose claim is
 * stored first makes a try; when it falls silent, another does. Delivery is at least once; the notice's id is the key
 * under which receivers drop repeats.
 */
export const createNotifier = (settings: NotifierSettings, collaborators: NotifierCollaborators): Notifier => {
  const { channels, tryTimeoutMs = TRY_TIMEOUT_MS, takeoverMs = 15_000 } = settings;
  const { policy = NO_POLICY, subjectOf = () => NOBODY } = settings;
  const retry: RetrySettings = { ...RETRY_DEFAULTS, ...settings.retry };
  const { ledger, now, log } = collaborators;
  const claim = createClaims({ owner: settings.owner, takeoverMs }, collaborators);
  const nameOf = nowNamed(channels);
  const outbox = createOutbox(retry, takeoverMs, nameOf);
  const health = createChannelHealth(
    channels.map(({ name }) => name),
    nameOf,
  );
  const silences = createSilences();
  const mutedNotices = createMutedNotices();
  const incidents = createOpenIncidents(
    channels.filter(({ keepAlive }) => keepAlive !== undefined).map(({ name }) => name),
    nameOf,
  );
  const take = (entries: readonly LedgerEntry[]): void => {
    for (const fold of [health, silences, mutedNotices, incidents]) fold.take(entries);
  };
  const settle = createSettler(outbox, (entry) => take([entry]), retry.giveUpMs, collaborators);
  const inForce = (): readonly Silence[] => silences.active(now());
  const configured = new Set(channels.map((channel) => channel.name));

  const { maxAskedMs } = retry;
  const laneParts = { outbox, claim, settle, silences: inForce, now, tryTimeoutMs, takeoverMs, maxAskedMs };

  /** Each channel by itself: a receiver that hangs keeps no other from being told. */
  const lanes = channels.flatMap((channel) => [
    sharedRun(createLane(channel, laneParts)),
    sharedRun(createKeepAlive(channel, { incidents, tryTimeoutMs, now, log })),
  ]);

  const dropOrphans = createOrphans({ outbox, configured, settle, giveUpMs: retry.giveUpMs, now, log });

  const holdsOf = (notice: Notice, names: readonly string[]): Holds =>
    Object.fromEntries(
      names.flatMap((name) => {
        const waits = { ...policy, ...waitsIn(policy, notice, subjectOf(notice.migration), name) };
        const until = holdUntil(waits, notice, outbox.groupStanding(groupOf(notice), name, now()), now());
        return until === null ? [] : [[name, until] as const];
      }),
    );

  const notify: Notifier["notify"] = async (notice, origin) => {
    if (outbox.knows(notice.id)) return;
    const candidates = channels
      .filter(({ name, accepts }) => name !== origin.except && accepts.includes(notice.type))
      .map(({ name }) => ({ name, hasIncident: origin.incident !== "" && outbox.carries(origin.incident, name) }));
    const names = recipients(policy, notice, subjectOf(notice.migration), candidates);
    const holds = holdsOf(notice, names);
    // One moment in the outbox and in the ledger: every agent has to know a notice's age alike.
    const at = now();
    const entry = noticeEntry(notice, names, holds, origin, at);
    take([entry]);
    await ledger.note(entry);
    outbox.add(notice, origin.incident, names, at, at, holds);
  };

  return {
    restore: (entries) => {
      outbox.replay(entries);
      take(entries);
    },
    notify,
    pump: async () => {
      // What the ledger does not take now is for the next time: a page must not wait for it.
      await Promise.all([ledger.note(), dropOrphans(), ...lanes.map((lane) => lane())]);
    },
    pending: outbox.parcels,
    failures: () => {
      const final = health.failures();
      const late = lateChannels(outbox.parcels(), now());
      return [
        ...final,
        ...late.filter(({ channel }) => configured.has(channel) && !final.some((each) => each.channel === channel)),
      ];
    },
    deliveredAt: health.deliveredAt,
    silences: inForce,
    muted: mutedNotices.list,
  };
};
