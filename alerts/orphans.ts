import type { Log } from "../core/log.ts";
import type { Delivery } from "../core/notice.ts";
import { NO_CHANNEL } from "./channel-health.ts";
import { type Outbox, wantedAt } from "./outbox.ts";

/** What notices without a channel are looked after with. */
export interface OrphanParts {
  readonly outbox: Pick<Outbox, "parcels">;
  /** Names of this agent's channels. */
  readonly configured: ReadonlySet<string>;
  readonly settle: (parcel: ReturnType<Outbox["parcels"]>[number], ended: Delivery) => Promise<void>;
  /** After this long a notice is given up, ms. */
  readonly giveUpMs: number;
  readonly now: () => number;
  readonly log: Log;
}

const NOT_CONFIGURED: Delivery = { outcome: "failed", detail: NO_CHANNEL };

/**
 * Ends what is left for channels that this agent does not have, when any agent would have given it up: until then another agent on
 * the ledger may have the channel, as while a new leeway.yaml is rolled out, and be at it. That such a channel has notices waiting
 * is in the log once.
 */
export const createOrphans = ({
  outbox,
  configured,
  settle,
  giveUpMs,
  now,
  log,
}: OrphanParts): (() => Promise<void>) => {
  const said = new Set<string>();
  return async () => {
    const orphans = outbox.parcels().filter(({ channel, dueAt }) => !configured.has(channel) && dueAt <= now());
    for (const { channel, notice } of orphans) {
      if (said.has(channel)) continue;
      said.add(channel);
      log.warn(
        "notices wait for a channel that is not configured here; they are given up if no other agent delivers them",
        {
          channel,
          notice: notice.id,
        },
      );
    }
    const over = orphans.filter((parcel) => now() - wantedAt(parcel) >= giveUpMs);
    await Promise.all(over.map((parcel) => settle(parcel, NOT_CONFIGURED)));
  };
};
