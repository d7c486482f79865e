import { LEEWAY, OTEL } from "../core/attributes.ts";
import { encodeSpanRow, type SpanRow } from "../core/span-row.ts";
import { type AcceptOutcomesCollaborators, takeOutcomes } from "./accept-outcomes.ts";
import { appendOnce, type RowStream } from "./append-once.ts";
import type { CollectorCollaborators } from "./collaborators.ts";
import type { CollectorCounters } from "./collector-stats.ts";
import type { CoveredCalls, SeenCall } from "./covered-calls.ts";
import type { ExporterRegister } from "./exporter-counters.ts";
import { type PartialSuccess, partialSuccess, type Reply, refusal, spoolRefusal, success } from "./http/reply.ts";
import { normaliseSpan } from "./normalise/normalise-span.ts";
import { countOf, flagOf, textOf } from "./normalise/values.ts";
import type { Encoding } from "./otlp/encoding.ts";
import type { ReceivedSpan } from "./otlp/received-span.ts";
import type { EvaluationEvent } from "./outcomes/evaluation-event.ts";
import { evaluationsOnSpan } from "./outcomes/evaluations-on-span.ts";
import { inTurns } from "./turns.ts";

/** What taking spans in needs. */
export interface AcceptSpansCollaborators
  extends AcceptOutcomesCollaborators,
    Pick<CollectorCollaborators, "assign" | "price"> {
  readonly spans: RowStream;
  readonly exporters: ExporterRegister;
  readonly covered: CoveredCalls;
}

const LATE_MS = 600_000;

/** Of one request. Each becomes a row, however little of the request it was. */
const MAX_EVALUATIONS = 65_536;

const FORMAT = { keyOf: ({ trace_id, span_id }: SpanRow) => trace_id + span_id, encode: encodeSpanRow };

/** A call and what its span says beside the row. */
interface Call extends SeenCall {
  readonly row: SpanRow;
  /** Its number among the calls of its process; null where the sender gives none. */
  readonly sequence: number | null;
}

interface Sorted {
  readonly calls: readonly Call[];
  readonly events: readonly EvaluationEvent[];
  readonly partial: PartialSuccess | null;
}

const callOf = ({ attributes }: ReceivedSpan, row: SpanRow): Call => ({
  row,
  covers: textOf(attributes.get(LEEWAY.coversSpan)),
  sequence: countOf(attributes.get(LEEWAY.exportSequence)),
});

/** Turns the spans of one request into rows and counts what is none. Yields after each. */
function* sort(
  spans: readonly ReceivedSpan[],
  receivedMs: number,
  collaborators: AcceptSpansCollaborators,
): Generator<void, Sorted> {
  const { counters, exporters, refusals } = collaborators;
  const calls: Call[] = [];
  const events: EvaluationEvent[] = [];
  const refused = new Map<string, number>();
  counters.receivedSpans += spans.length;
  for (const span of spans) {
    yield;
    if (exporters.take(span, receivedMs)) continue;
    for (const event of evaluationsOnSpan(span)) events.push(event);
    if (events.length > MAX_EVALUATIONS) break;
    if (flagOf(span.attributes.get(LEEWAY.covered)) === 1) {
      counters.covered += 1;
      continue;
    }
    const normalised = normaliseSpan(span, receivedMs, collaborators);
    if (normalised.kind === "call") calls.push(callOf(span, normalised.row));
    else if (normalised.kind === "other") counters.other += 1;
    else {
      const { reason } = normalised;
      counters.refused[reason] += 1;
      refused.set(reason, (refused.get(reason) ?? 0) + 1);
      refusals.tell(textOf(span.resource.get(OTEL.serviceName)), reason);
    }
  }
  return { calls, events, partial: partialSuccess("rejectedSpans", refused) };
}

const countRows = (counters: CollectorCounters, written: readonly SpanRow[], receivedMs: number): void => {
  counters.rows += written.length;
  counters.late += written.filter((row) => receivedMs - row.end_ms > LATE_MS).length;
};

/** Tells the register which calls of which process have arrived: those that were written, or that another covers. */
const noteArrivals = (
  calls: readonly Call[],
  rows: readonly SpanRow[],
  written: readonly SpanRow[],
  exporters: ExporterRegister,
): void => {
  const [kept, fresh] = [new Set(rows), new Set(written)];
  for (const { row, sequence } of calls) {
    if (sequence !== null && (fresh.has(row) || !kept.has(row))) exporters.saw(row, sequence);
  }
};

/**
 * Takes the spans of one request in. The answer is 200 only when every call among them, and every outcome among their
 * events, is on disk, whether this request or an earlier one brought it; 503 says that the whole request should be
 * sent again.
 */
export const acceptSpans = async (
  received: readonly ReceivedSpan[],
  encoding: Encoding,
  collaborators: AcceptSpansCollaborators,
): Promise<Reply> => {
  const { spans, counters, covered, exporters, turns, now } = collaborators;
  const receivedMs = now();
  const { calls, events, partial } = await inTurns(turns, sort(received, receivedMs, collaborators));
  if (events.length > MAX_EVALUATIONS) {
    counters.refused["too-large"] += 1;
    return refusal("too-large", `more than ${MAX_EVALUATIONS} evaluations; send smaller batches`, encoding);
  }
  const rows = covered.firsts(calls).map(({ row }) => row);
  const appended = await appendOnce(rows, FORMAT, spans, turns);
  countRows(counters, appended.written, receivedMs);
  noteArrivals(calls, rows, appended.written, exporters);
  const told = await takeOutcomes(events, receivedMs, collaborators);
  const failed = [appended.outcome, told.outcome].find(({ outcome }) => outcome !== "durable");
  if (failed !== undefined && failed.outcome !== "durable") {
    counters.refused[failed.outcome === "full" ? "spool-full" : "disk-failed"] += 1;
    return spoolRefusal(failed, encoding);
  }
  counters.duplicates += rows.length - appended.written.length;
  counters.covered += calls.length - rows.length;
  return success(encoding, partial);
};
