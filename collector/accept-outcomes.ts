import { OTEL } from "../core/attributes.ts";
import { encodeOutcomeRow, type OutcomeRow } from "../core/outcome-row.ts";
import type { EvaluationEvent } from "../formats/dialects/read/evaluation-event.ts";
import { textOf } from "../formats/dialects/read/values.ts";
import { appendOnce, type RowStream } from "./append-once.ts";
import type { CollectorCounters } from "./collector-stats.ts";
import { normaliseOutcome } from "./outcomes/normalise-outcome.ts";
import type { RefusalLog } from "./refusal-log.ts";
import { createRefusedRows, type RefusedRows } from "./refused-rows.ts";
import type { AppendOutcome } from "./spool/spool.ts";
import { inTurns, type Turns } from "./turns.ts";

/** What taking outcomes in needs. */
export interface AcceptOutcomesCollaborators {
  readonly outcomes: RowStream;
  readonly turns: Turns;
  readonly refusals: RefusalLog;
  readonly counters: CollectorCounters;
}

/** How the outcomes of one request fared. */
export interface AcceptedOutcomes {
  readonly outcome: AppendOutcome;
  /** How many were refused, by reason. */
  readonly refused: ReadonlyMap<string, number>;
}

const FORMAT = { keyOf: ({ id }: OutcomeRow) => id, encode: encodeOutcomeRow };

/** Turns events into rows; what is none is refused. Yields after each. */
function* rowsOf(
  events: readonly EvaluationEvent[],
  receivedMs: number,
  refused: RefusedRows,
): Generator<void, OutcomeRow[]> {
  const rows: OutcomeRow[] = [];
  for (const event of events) {
    const normalised = normaliseOutcome(event, receivedMs);
    if (normalised.kind === "outcome") rows.push(normalised.row);
    else refused.add(normalised.reason, textOf(event.resource.get(OTEL.serviceName)));
    yield;
  }
  return rows;
}

/** Makes outcomes durable and counts them; those that are none are counted by reason. */
export const takeOutcomes = async (
  events: readonly EvaluationEvent[],
  receivedMs: number,
  collaborators: AcceptOutcomesCollaborators,
): Promise<AcceptedOutcomes> => {
  const { outcomes, counters, turns, refusals } = collaborators;
  const refused = createRefusedRows(counters, refusals);
  const rows = await inTurns(turns, rowsOf(events, receivedMs, refused));
  const { outcome, written } = await appendOnce(rows, FORMAT, outcomes, turns);
  counters.outcomes += written.size;
  if (outcome.outcome === "durable") counters.duplicates += rows.length - written.size;
  return { outcome, refused: refused.settle() };
};
