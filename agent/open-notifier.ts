import { randomUUID } from "node:crypto";
import { createChannels } from "../alerts/channels/create-channels.ts";
import type { LedgerWriter } from "../alerts/ledger-writer.ts";
import { createNotifier, type Notifier } from "../alerts/notifier.ts";
import type { Store } from "../store/store.ts";
import type { TimedParts } from "./agent-parts.ts";
import type { Config } from "./config/load-config.ts";
import { tracedChannel } from "./telemetry/traced-channel.ts";

/** The notifier with the channels of leeway.yaml, on the store's ledger. */
export const openNotifier = (
  config: Config,
  { claimLedger: claim }: Store,
  ledger: LedgerWriter,
  { now, log, stdout, telemetry }: TimedParts,
): Notifier => {
  const channels = createChannels(config.settings.alerts, { now, stdout }).map((channel) =>
    tracedChannel(channel, telemetry),
  );
  return createNotifier({ channels, owner: randomUUID() }, { ledger, claim, now, log });
};
