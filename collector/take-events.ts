import { OTEL } from "../core/attributes.ts";
import type { Attributes } from "../formats/dialects/read/attributes.ts";
import { textOf } from "../formats/dialects/read/values.ts";
import { appendOnce, type RowFormat, type RowStream } from "./append-once.ts";
import type { CollectorCounters } from "./collector-stats.ts";
import type { RefusalLog, RowRefusal } from "./refusal-log.ts";
import { createRefusedRows, type RefusedRows } from "./refused-rows.ts";
import type { AppendOutcome } from "./spool/spool.ts";
import { inTurns, type Turns } from "./turns.ts";

/** What taking events in needs. */
export interface TakeEventsCollaborators {
  readonly turns: Turns;
  readonly refusals: RefusalLog;
  readonly counters: CollectorCounters;
}

/** An event, as far as its sender is concerned. */
interface SentEvent {
  readonly resource: Attributes;
}

/** How events of one kind become rows, where these go, and by what they are counted. */
export interface EventKind<Event extends SentEvent, Row> extends RowFormat<Row> {
  readonly normalise: (event: Event) => { readonly row: Row } | { readonly reason: RowRefusal };
  readonly stream: RowStream;
  readonly counter: "outcomes" | "pairs";
}

/** How the events of one request fared. */
export interface AcceptedEvents {
  readonly outcome: AppendOutcome;
  /** How many were refused, by reason. */
  readonly refused: ReadonlyMap<string, number>;
}

/** Turns events into rows; what is none is refused. Yields after each. */
function* rowsOf<Event extends SentEvent, Row>(
  events: readonly Event[],
  normalise: EventKind<Event, Row>["normalise"],
  refused: RefusedRows,
): Generator<void, Row[]> {
  const rows: Row[] = [];
  for (const event of events) {
    const normalised = normalise(event);
    if ("row" in normalised) rows.push(normalised.row);
    else refused.add(normalised.reason, textOf(event.resource.get(OTEL.serviceName)));
    yield;
  }
  return rows;
}

/** Makes the rows of events durable and counts them; those that are none are counted by reason. */
export const takeEvents = async <Event extends SentEvent, Row>(
  events: readonly Event[],
  { normalise, stream, counter, ...format }: EventKind<Event, Row>,
  { turns, counters, refusals }: TakeEventsCollaborators,
): Promise<AcceptedEvents> => {
  const refused = createRefusedRows(counters, refusals);
  const rows = await inTurns(turns, rowsOf(events, normalise, refused));
  const { outcome, written } = await appendOnce(rows, format, stream, turns);
  counters[counter] += written.size;
  if (outcome.outcome === "durable") counters.duplicates += rows.length - written.size;
  return { outcome, refused: refused.settle() };
};
