import { OTEL } from "../core/attributes.ts";
import { encodeOutcomeRow, type OutcomeRow } from "../core/outcome-row.ts";
import { appendOnce, type RowStream } from "./append-once.ts";
import type { CollectorCollaborators } from "./collaborators.ts";
import type { CollectorCounters } from "./collector-stats.ts";
import type { ExporterRegister } from "./exporter-counters.ts";
import type { FlagRegister } from "./flag-evaluations.ts";
import { partialSuccess, type Reply, spoolRefusal, success } from "./http/reply.ts";
import { textOf } from "./normalise/values.ts";
import type { Encoding } from "./otlp/encoding.ts";
import type { ReceivedLog } from "./otlp/received-log.ts";
import { attributesOfEvent, type EvaluationEvent } from "./outcomes/evaluation-event.ts";
import { normaliseOutcome } from "./outcomes/normalise-outcome.ts";
import type { RefusalLog } from "./refusal-log.ts";
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

interface Sorted extends Pick<AcceptedOutcomes, "refused"> {
  readonly rows: readonly OutcomeRow[];
}

/** Turns events into rows and counts what is none. Yields after each. */
function* sort(
  events: readonly EvaluationEvent[],
  receivedMs: number,
  { counters, refusals }: Pick<AcceptOutcomesCollaborators, "counters" | "refusals">,
): Generator<void, Sorted> {
  const rows: OutcomeRow[] = [];
  const refused = new Map<string, number>();
  for (const event of events) {
    const normalised = normaliseOutcome(event, receivedMs);
    if (normalised.kind === "outcome") rows.push(normalised.row);
    else {
      const { reason } = normalised;
      counters.refused[reason] += 1;
      refused.set(reason, (refused.get(reason) ?? 0) + 1);
      refusals.tell(textOf(event.resource.get(OTEL.serviceName)), reason);
    }
    yield;
  }
  return { rows, refused };
}

/** Makes outcomes durable and counts them; those that are none are counted by reason. */
export const takeOutcomes = async (
  events: readonly EvaluationEvent[],
  receivedMs: number,
  collaborators: Pick<AcceptOutcomesCollaborators, "outcomes" | "counters" | "turns" | "refusals">,
): Promise<AcceptedOutcomes> => {
  const { outcomes, counters, turns } = collaborators;
  const { rows, refused } = await inTurns(turns, sort(events, receivedMs, collaborators));
  const { outcome, written } = await appendOnce(rows, FORMAT, outcomes, turns);
  counters.outcomes += written.length;
  if (outcome.outcome === "durable") counters.duplicates += rows.length - written.length;
  return { outcome, refused };
};

/** The evaluation events among log records; takes note of reports and of evaluations of flags. Yields after each. */
function* findEvents(
  records: readonly ReceivedLog[],
  receivedMs: number,
  { outcomeExporters, flagEvaluations }: AcceptOutcomesCollaborators,
): Generator<void, readonly EvaluationEvent[]> {
  const events: EvaluationEvent[] = [];
  for (const record of records) {
    const { eventName, attributes, resource } = record;
    outcomeExporters.take({ name: eventName, attributes, resource }, receivedMs);
    flagEvaluations.take({ eventName, attributes, resource });
    const evaluation = attributesOfEvent(eventName, attributes);
    if (evaluation !== null) events.push({ ...record, attributes: evaluation });
    yield;
  }
  return events;
}

/**
 * Takes the log records of one request in. Those that are evaluation events are outcomes, answered with 200 only when
 * they are on disk; an exporter's report of its losses and evaluations of flags are taken note of; all others are
 * counted.
 */
export const acceptLogs = async (
  records: readonly ReceivedLog[],
  encoding: Encoding,
  collaborators: AcceptOutcomesCollaborators,
): Promise<Reply> => {
  const { counters, now } = collaborators;
  const receivedMs = now();
  counters.logRecords += records.length;
  const events = await inTurns(collaborators.turns, findEvents(records, receivedMs, collaborators));
  const { outcome, refused } = await takeOutcomes(events, receivedMs, collaborators);
  if (outcome.outcome === "durable") return success(encoding, partialSuccess("rejectedLogRecords", refused));
  counters.refused[outcome.outcome === "full" ? "spool-full" : "disk-failed"] += 1;
  return spoolRefusal(outcome, encoding);
};
