import { randomUUID } from "node:crypto";
import type { Channel } from "../../../alerts/channels/channel.ts";
import { createLedgerWriter } from "../../../alerts/ledger-writer.ts";
import { createNotifier, type Notifier } from "../../../alerts/notifier.ts";
import type { Log } from "../../../core/log.ts";
import type { Store } from "../../../store/store.ts";

interface NotifierParts {
  readonly store: Store;
  readonly now: () => number;
  readonly log: Log;
}

/** One agent's notifier, whose ledger is `store` and whose only channel is `people`. */
export const peopleNotifier = (people: Channel, { store, now, log }: NotifierParts): Notifier =>
  createNotifier(
    { channels: [people], owner: randomUUID() },
    {
      ledger: createLedgerWriter({}, { appendLedger: store.appendLedger, log }),
      claim: store.claimLedger,
      now,
      log,
    },
  );
