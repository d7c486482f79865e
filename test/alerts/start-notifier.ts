import { randomUUID } from "node:crypto";
import type { Channel } from "../../alerts/channels/channel.ts";
import { createLedgerWriter } from "../../alerts/ledger-writer.ts";
import { createNotifier, type Notifier, type NotifierSettings } from "../../alerts/notifier.ts";
import type { DeliveredNotice, Delivery, Notice } from "../../core/notice.ts";
import { NOTICE_TYPES } from "./a-notice.ts";
import { type RecordingLedger, recordingLedger } from "./recording-ledger.ts";
import { recordingLog } from "./recording-log.ts";

const OK: Delivery = { outcome: "delivered", detail: "ok" };

type Behaviour = (notice: Notice, signal: AbortSignal) => Promise<Delivery> | Delivery;
type Earlier = readonly Pick<DeliveredNotice, "id" | "phase" | "receipt">[];

/** A channel of a test. */
export interface ScriptedChannel {
  readonly channel: Channel;
  /** Ids of the notices, and the numbers of their tries. */
  readonly sent: readonly string[];
  readonly numbers: readonly (number | undefined)[];
  /** What each try was told of the incident. */
  readonly told: readonly Earlier[];
  readonly become: (next: Behaviour) => void;
}

/** A notifier of a test, and its surroundings. */
export interface StartedNotifier {
  readonly clock: { now: number };
  readonly log: ReturnType<typeof recordingLog>;
  readonly ledger: RecordingLedger;
  readonly notifier: Notifier;
  readonly create: () => Notifier;
}

/** A channel that does as it is told and remembers what it was asked to send. */
export const scripted = (
  name: string,
  behaviour: Behaviour = () => OK,
  accepts: Channel["accepts"] = NOTICE_TYPES,
): ScriptedChannel => {
  const sent: string[] = [];
  const numbers: (number | undefined)[] = [];
  const told: Earlier[] = [];
  let current = behaviour;
  const channel: Channel = {
    name,
    accepts,
    send: async (notice, { signal, number, earlier = [] }) => {
      sent.push(notice.id);
      told.push(earlier.map(({ id, phase, receipt }) => ({ id, phase, receipt })));
      numbers.push(number);
      return current(notice, signal);
    },
  };
  const become = (next: Behaviour): void => {
    current = next;
  };
  return { channel, sent, numbers, told, become };
};

/** A notifier with these channels at 1,000 s of its clock; `create` makes another one on the same ledger, as after a restart. */
export const startNotifier = (
  channels: readonly { readonly channel: Channel }[],
  settings: Partial<NotifierSettings> = {},
  given?: RecordingLedger,
): StartedNotifier => {
  const clock = { now: 1_000_000 };
  const ledger = given ?? recordingLedger(() => clock.now);
  const log = recordingLog();
  const create = () =>
    createNotifier(
      { owner: randomUUID(), ...settings, channels: channels.map((c) => c.channel) },
      {
        ledger: createLedgerWriter({}, { appendLedger: ledger.append, log }),
        claim: ledger.claim,
        now: () => clock.now,
        log,
      },
    );
  return { clock, log, ledger, notifier: create(), create };
};
