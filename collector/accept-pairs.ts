import { OTEL } from "../core/attributes.ts";
import { encodePairRow, type PairRow } from "../core/pair-row.ts";
import { textOf } from "../formats/dialects/read/values.ts";
import { appendOnce, type RowStream } from "./append-once.ts";
import type { CollectorCounters } from "./collector-stats.ts";
import type { ReceivedLog } from "./otlp/received-log.ts";
import { normalisePair } from "./pairs/normalise-pair.ts";
import type { RefusalLog } from "./refusal-log.ts";
import { createRefusedRows, type RefusedRows } from "./refused-rows.ts";
import type { AppendOutcome } from "./spool/spool.ts";
import { inTurns, type Turns } from "./turns.ts";

/** What taking pairs in needs. */
export interface AcceptPairsCollaborators {
  readonly pairs: RowStream;
  readonly turns: Turns;
  readonly refusals: RefusalLog;
  readonly counters: CollectorCounters;
}

/** How the pairs of one request fared. */
export interface AcceptedPairs {
  readonly outcome: AppendOutcome;
  /** How many were refused, by reason. */
  readonly refused: ReadonlyMap<string, number>;
}

const FORMAT = { keyOf: ({ id }: PairRow) => id, encode: encodePairRow };

/** Turns events into rows; what is none is refused. Yields after each. */
function* rowsOf(events: readonly ReceivedLog[], receivedMs: number, refused: RefusedRows): Generator<void, PairRow[]> {
  const rows: PairRow[] = [];
  for (const event of events) {
    const normalised = normalisePair(event, receivedMs);
    if (normalised.kind === "pair") rows.push(normalised.row);
    else refused.add(normalised.reason, textOf(event.resource.get(OTEL.serviceName)));
    yield;
  }
  return rows;
}

/** Makes pairs durable and counts them; those that are none are counted. */
export const takePairs = async (
  events: readonly ReceivedLog[],
  receivedMs: number,
  { pairs, counters, turns, refusals }: AcceptPairsCollaborators,
): Promise<AcceptedPairs> => {
  const refused = createRefusedRows(counters, refusals);
  const rows = await inTurns(turns, rowsOf(events, receivedMs, refused));
  const { outcome, written } = await appendOnce(rows, FORMAT, pairs, turns);
  counters.pairs += written.size;
  if (outcome.outcome === "durable") counters.duplicates += rows.length - written.size;
  return { outcome, refused: refused.settle() };
};
