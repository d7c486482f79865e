import { randomUUID } from "node:crypto";
import type { Channel } from "../alerts/channels/channel.ts";
import { createChannels, readChannels } from "../alerts/channels/create-channels.ts";
import type { LedgerWriter } from "../alerts/ledger-writer.ts";
import { createNotifier, type Notifier } from "../alerts/notifier.ts";
import type { NoticeSubject } from "../alerts/policy/notify-policy.ts";
import type { Migration } from "../core/migration.ts";
import type { Store } from "../store/store.ts";
import type { TimedParts } from "./agent-parts.ts";
import type { Config } from "./config/load-config.ts";
import type { LinkDesk } from "./links/link-desk.ts";
import { linkedChannel } from "./links/linked-channel.ts";
import { tracedChannel } from "./telemetry/traced-channel.ts";

/** What notices are made with. */
type NoticeParts = TimedParts & {
  readonly migrations: () => readonly Migration[];
  /** Makes the links that act; null = there are none. */
  readonly links: LinkDesk | null;
};

/** The channels of leeway.yaml, and the notifier that delivers through them, on the store's ledger. */
export const openNotifier = (
  config: Config,
  { claimLedger: claim }: Store,
  ledger: LedgerWriter,
  { now, log, stdout, telemetry, migrations, links }: NoticeParts,
): { readonly notifier: Notifier; readonly channels: readonly Channel[] } => {
  const read = links === null ? [] : readChannels(config.settings.alerts);
  const channels = createChannels(config.settings.alerts, { now, stdout }).map((channel) => {
    const traced = tracedChannel(channel, telemetry);
    return links !== null && read.includes(channel.name) ? linkedChannel(traced, links.linksFor) : traced;
  });
  const policy = config.settings.notify;
  const subjectOf = (name: string): NoticeSubject => {
    const migration = migrations().find((each) => each.name === name);
    return { owner: migration?.owner ?? "", environment: migration?.environment ?? policy.environment ?? "" };
  };
  const notifier = createNotifier({ channels, owner: randomUUID(), policy, subjectOf }, { ledger, claim, now, log });
  return { notifier, channels };
};
