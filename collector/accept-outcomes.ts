import { encodeOutcomeRow, type OutcomeRow } from "../core/outcome-row.ts";
import { appendOnce, type RowStream } from "./append-once.ts";
import type { CollectorCollaborators } from "./collaborators.ts";
import type { CollectorCounters } from "./collector-stats.ts";
import type { ExporterRegister } from "./exporter-counters.ts";
import type { FlagRegister } from "./flag-evaluations.ts";
import { partialSuccess, type Reply, spoolRefusal, success } from "./http/reply.ts";
import type { Encoding } from "./otlp/encoding.ts";
import type { ReceivedLog } from "./otlp/received-log.ts";
import { attributesOfEvent, type EvaluationEvent } from "./outcomes/evaluation-event.ts";
import { normaliseOutcome } from "./outcomes/normalise-outcome.ts";
import type { AppendOutcome } from "./spool/spool.ts";

/** What taking outcomes in needs. */
export interface AcceptOutcomesCollaborators extends Pick<CollectorCollaborators, "now"> {
  readonly outcomes: RowStream;
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

/** Makes outcomes durable and counts them; those that are none are counted by reason. */
export const takeOutcomes = async (
  events: readonly EvaluationEvent[],
  receivedMs: number,
  { outcomes, counters }: Pick<AcceptOutcomesCollaborators, "outcomes" | "counters">,
): Promise<AcceptedOutcomes> => {
  const rows: OutcomeRow[] = [];
  const refused = new Map<string, number>();
  for (const event of events) {
    const normalised = normaliseOutcome(event, receivedMs);
    if (normalised.kind === "outcome") rows.push(normalised.row);
    else {
      counters.refused[normalised.reason] += 1;
      refused.set(normalised.reason, (refused.get(normalised.reason) ?? 0) + 1);
    }
  }
  const format = { keyOf: ({ id }: OutcomeRow) => id, encode: encodeOutcomeRow };
  const { outcome, written } = await appendOnce(rows, format, outcomes);
  counters.outcomes += written.length;
  if (outcome.outcome === "durable") counters.duplicates += rows.length - written.length;
  return { outcome, refused };
};

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
  const { counters, outcomeExporters, flagEvaluations, now } = collaborators;
  const receivedMs = now();
  counters.logRecords += records.length;
  for (const { eventName: name, attributes, resource } of records) {
    outcomeExporters.take({ name, attributes, resource }, receivedMs);
    flagEvaluations.take({ eventName: name, attributes, resource });
  }
  const events = records.flatMap((record) => {
    const attributes = attributesOfEvent(record.eventName, record.attributes);
    return attributes === null ? [] : [{ ...record, attributes }];
  });
  const { outcome, refused } = await takeOutcomes(events, receivedMs, collaborators);
  if (outcome.outcome === "durable") return success(encoding, partialSuccess("rejectedLogRecords", refused));
  counters.refused[outcome.outcome === "full" ? "spool-full" : "disk-failed"] += 1;
  return spoolRefusal(outcome, encoding);
};
