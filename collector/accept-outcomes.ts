import { encodeOutcomeRow, type OutcomeRow } from "../core/outcome-row.ts";
import type { EvaluationEvent } from "../formats/dialects/read/evaluation-event.ts";
import type { RowStream } from "./append-once.ts";
import { normaliseOutcome } from "./outcomes/normalise-outcome.ts";
import { type AcceptedEvents, type TakeEventsCollaborators, takeEvents } from "./take-events.ts";

/** What taking outcomes in needs. */
export interface AcceptOutcomesCollaborators extends TakeEventsCollaborators {
  readonly outcomes: RowStream;
}

const FORMAT = { keyOf: ({ id }: OutcomeRow) => id, encode: encodeOutcomeRow };

/** Makes outcomes durable and counts them; those that are none are counted by reason. */
export const takeOutcomes = (
  events: readonly EvaluationEvent[],
  receivedMs: number,
  collaborators: AcceptOutcomesCollaborators,
): Promise<AcceptedEvents> => {
  const normalise = (event: EvaluationEvent) => normaliseOutcome(event, receivedMs);
  return takeEvents(
    events,
    { ...FORMAT, normalise, stream: collaborators.outcomes, counter: "outcomes" },
    collaborators,
  );
};
