import { OTEL } from "../core/attributes.ts";
import { encodeOutcomeRow, type OutcomeRow } from "../core/outcome-row.ts";
import { attributesOfEvent, type EvaluationEvent } from "../formats/dialects/read/evaluation-event.ts";
import { textOf } from "../formats/dialects/read/values.ts";
import { appendOnce, type RowStream } from "./append-once.ts";
import type { CollectorCollaborators } from "./collaborators.ts";
import type { CollectorCounters } from "./collector-stats.ts";
import { type ExporterRegister, isReport } from "./exporter-counters.ts";
import { type FlagRegister, isFlagEvaluation } from "./flag-evaluations.ts";
import { partialSuccess, spoolRefusal, success, whyNotDurable } from "./http/reply.ts";
import type { Intake } from "./intake.ts";
import type { ReceivedLog } from "./otlp/received-log.ts";
import { normaliseOutcome } from "./outcomes/normalise-outcome.ts";
import type { RefusalLog } from "./refusal-log.ts";
import { createRefusedRows, type RefusedRows } from "./refused-rows.ts";
import type { AppendOutcome } from "./spool/spool.ts";
import { inTurns, type Turns } from "./turns.ts";

/** What taking outcomes in needs. */
export interface AcceptOutcomesCollaborators extends Pick<CollectorCollaborators, "now"> {
  readonly outcomes: RowStream;
  readonly turns: Turns;
  readonly refusals: RefusalLog;
  readonly counters: CollectorCounters;
  /** What app processes say about the outcomes they sent. */
  readonly outcomeExporters: Pick<ExporterRegister, "take">;
  /** How often flags served what. */
  readonly flagEvaluations: Pick<FlagRegister, "take">;
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
  collaborators: Pick<AcceptOutcomesCollaborators, "outcomes" | "counters" | "turns" | "refusals">,
): Promise<AcceptedOutcomes> => {
  const { outcomes, counters, turns, refusals } = collaborators;
  const refused = createRefusedRows(counters, refusals);
  const rows = await inTurns(turns, rowsOf(events, receivedMs, refused));
  const { outcome, written } = await appendOnce(rows, FORMAT, outcomes, turns);
  counters.outcomes += written.size;
  if (outcome.outcome === "durable") counters.duplicates += rows.length - written.size;
  return { outcome, refused: refused.settle() };
};

/** Takes note of reports and of evaluations of flags. Yields after each. */
function* takeNote(
  records: readonly ReceivedLog[],
  receivedMs: number,
  { outcomeExporters, flagEvaluations }: AcceptOutcomesCollaborators,
): Generator<void> {
  for (const { eventName, attributes, resource } of records) {
    outcomeExporters.take({ name: eventName, attributes, resource }, receivedMs);
    flagEvaluations.take({ eventName, attributes, resource });
    yield;
  }
}

/**
 * Takes the log records of one request in. Those that are evaluation events are outcomes, answered with 200 only when
 * they are on disk; an exporter's report of its losses and evaluations of flags are taken note of; all others are
 * counted.
 */
export const logIntake = (collaborators: AcceptOutcomesCollaborators): Intake<ReceivedLog> => {
  const { counters, turns, now } = collaborators;
  const receivedMs = now();
  const events: EvaluationEvent[] = [];
  const noted: ReceivedLog[] = [];
  let received = 0;
  return {
    add(record) {
      received += 1;
      const attributes = attributesOfEvent(record.eventName, record.attributes);
      if (attributes !== null) events.push({ ...record, attributes });
      else if (isReport({ name: record.eventName }) || isFlagEvaluation(record)) noted.push(record);
    },
    async finish(encoding) {
      counters.logRecords += received;
      await inTurns(turns, takeNote(noted, receivedMs, collaborators));
      const { outcome, refused } = await takeOutcomes(events, receivedMs, collaborators);
      if (outcome.outcome === "durable") return success(encoding, partialSuccess("rejectedLogRecords", refused));
      counters.refused[whyNotDurable(outcome)] += 1;
      return spoolRefusal(outcome, encoding);
    },
  };
};
