import { attributesOfEvent, type EvaluationEvent } from "../formats/dialects/read/evaluation-event.ts";
import { type AcceptOutcomesCollaborators, takeOutcomes } from "./accept-outcomes.ts";
import { type AcceptPairsCollaborators, takePairs } from "./accept-pairs.ts";
import type { CollectorCollaborators } from "./collaborators.ts";
import { type ExporterRegister, isReport } from "./exporter-counters.ts";
import { type FlagRegister, isFlagEvaluation } from "./flag-evaluations.ts";
import { partialSuccess, spoolRefusal, success, whyNotDurable } from "./http/reply.ts";
import type { Intake } from "./intake.ts";
import type { ReceivedLog } from "./otlp/received-log.ts";
import { isPair } from "./pairs/normalise-pair.ts";
import type { AppendOutcome } from "./spool/spool.ts";
import { inTurns } from "./turns.ts";

/** What taking log records in needs. */
export interface AcceptLogsCollaborators
  extends AcceptOutcomesCollaborators,
    AcceptPairsCollaborators,
    Pick<CollectorCollaborators, "now"> {
  /** What app processes say about the outcomes they sent. */
  readonly outcomeExporters: Pick<ExporterRegister, "take">;
  /** How often flags served what. */
  readonly flagEvaluations: Pick<FlagRegister, "take">;
}

/** Takes note of reports and of evaluations of flags. Yields after each. */
function* takeNote(
  records: readonly ReceivedLog[],
  receivedMs: number,
  { outcomeExporters, flagEvaluations }: AcceptLogsCollaborators,
): Generator<void> {
  for (const { eventName, attributes, resource } of records) {
    outcomeExporters.take({ name: eventName, attributes, resource }, receivedMs);
    flagEvaluations.take({ eventName, attributes, resource });
    yield;
  }
}

/** Of several kinds of rows the first that is not on disk: then all of them are sent again. */
const together = (outcomes: readonly AppendOutcome[]): AppendOutcome =>
  outcomes.find(({ outcome }) => outcome !== "durable") ?? { outcome: "durable" };

/**
 * Takes the log records of one request in. Those that are evaluation events are outcomes, those that tell of a served call's
 * second answer are pairs; both are answered with 200 only when they are on disk. An exporter's report of its losses and
 * evaluations of flags are taken note of; all others are counted.
 */
export const logIntake = (collaborators: AcceptLogsCollaborators): Intake<ReceivedLog> => {
  const { counters, turns, now } = collaborators;
  const receivedMs = now();
  const events: EvaluationEvent[] = [];
  const pairs: ReceivedLog[] = [];
  const noted: ReceivedLog[] = [];
  let received = 0;
  return {
    add(record) {
      received += 1;
      const attributes = attributesOfEvent(record.eventName, record.attributes);
      if (attributes !== null) events.push({ ...record, attributes });
      else if (isPair(record)) pairs.push(record);
      else if (isReport({ name: record.eventName }) || isFlagEvaluation(record)) noted.push(record);
    },
    async finish(encoding) {
      counters.logRecords += received;
      await inTurns(turns, takeNote(noted, receivedMs, collaborators));
      const told = await takeOutcomes(events, receivedMs, collaborators);
      const paired = await takePairs(pairs, receivedMs, collaborators);
      const outcome = together([told.outcome, paired.outcome]);
      const refused = new Map([...told.refused, ...paired.refused]);
      if (outcome.outcome === "durable") return success(encoding, partialSuccess("rejectedLogRecords", refused));
      counters.refused[whyNotDurable(outcome)] += 1;
      return spoolRefusal(outcome, encoding);
    },
  };
};
