import { encodePairRow, type PairRow } from "../core/pair-row.ts";
import type { RowStream } from "./append-once.ts";
import type { ReceivedLog } from "./otlp/received-log.ts";
import { normalisePair } from "./pairs/normalise-pair.ts";
import { type AcceptedEvents, type TakeEventsCollaborators, takeEvents } from "./take-events.ts";

/** What taking pairs in needs. */
export interface AcceptPairsCollaborators extends TakeEventsCollaborators {
  readonly pairs: RowStream;
}

const FORMAT = { keyOf: ({ id }: PairRow) => id, encode: encodePairRow };

/** Makes pairs durable and counts them; those that are none are counted. */
export const takePairs = (
  events: readonly ReceivedLog[],
  receivedMs: number,
  collaborators: AcceptPairsCollaborators,
): Promise<AcceptedEvents> => {
  const normalise = (event: ReceivedLog) => normalisePair(event, receivedMs);
  return takeEvents(events, { ...FORMAT, normalise, stream: collaborators.pairs, counter: "pairs" }, collaborators);
};
