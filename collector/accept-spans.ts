import { LEEWAY, OTEL } from "../core/attributes.ts";
import { DAY_MS } from "../core/retention.ts";
import { encodeSpanRow, type SpanRow } from "../core/span-row.ts";
import type { EvaluationEvent } from "../formats/dialects/read/evaluation-event.ts";
import { evaluationsOnSpan } from "../formats/dialects/read/evaluations-on-span.ts";
import { countOf, flagOf, textOf } from "../formats/dialects/read/values.ts";
import { type AcceptOutcomesCollaborators, takeOutcomes } from "./accept-outcomes.ts";
import { type AppendedOnce, appendOnce, type RowStream } from "./append-once.ts";
import type { CollectorCollaborators } from "./collaborators.ts";
import type { CollectorCounters } from "./collector-stats.ts";
import type { CoveredCalls, SeenCall } from "./covered-calls.ts";
import { type ExporterRegister, isReport } from "./exporter-counters.ts";
import { partialSuccess, refusal, spoolRefusal, success, whyNotDurable } from "./http/reply.ts";
import type { Intake } from "./intake.ts";
import { normaliseSpan } from "./normalise/normalise-span.ts";
import type { ReceivedSpan } from "./otlp/received-span.ts";
import { createRefusedRows, type RefusedRows } from "./refused-rows.ts";
import type { SenderClocks } from "./sender-clocks.ts";
import type { AppendOutcome } from "./spool/spool.ts";
import { inTurns } from "./turns.ts";

/** What taking spans in needs. */
export interface AcceptSpansCollaborators
  extends AcceptOutcomesCollaborators,
    Pick<CollectorCollaborators, "assign" | "price" | "heard"> {
  readonly spans: RowStream;
  /** Calls that ended on an earlier day. */
  readonly earlier: RowStream;
  readonly exporters: ExporterRegister;
  readonly covered: CoveredCalls;
  readonly clocks: Pick<SenderClocks, "place">;
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

const callOf = ({ attributes }: ReceivedSpan, row: SpanRow): Call => ({
  row,
  covers: textOf(attributes.get(LEEWAY.coversSpan)),
  sequence: countOf(attributes.get(LEEWAY.exportSequence)),
});

/** The row at the time where it belongs, as far as that can be told. */
const inTime = (row: SpanRow, { clocks, heard }: AcceptSpansCollaborators): SpanRow => {
  heard?.(row.end_ms);
  const placed = clocks.place(row);
  return placed.clock_skew_ms === 0 ? row : { ...row, ...placed };
};

/** What is kept of the spans of one request. */
interface Kept {
  readonly calls: Call[];
  readonly events: EvaluationEvent[];
  readonly reports: ReceivedSpan[];
  received: number;
  covered: number;
  other: number;
}

const keep = (
  span: ReceivedSpan,
  kept: Kept,
  refused: RefusedRows,
  receivedMs: number,
  collaborators: AcceptSpansCollaborators,
): void => {
  kept.received += 1;
  if (isReport(span)) {
    kept.reports.push(span);
    return;
  }
  if (kept.events.length <= MAX_EVALUATIONS) for (const event of evaluationsOnSpan(span)) kept.events.push(event);
  if (flagOf(span.attributes.get(LEEWAY.covered)) === 1) {
    kept.covered += 1;
    return;
  }
  const normalised = normaliseSpan(span, receivedMs, collaborators);
  if (normalised.kind === "call") kept.calls.push(callOf(span, inTime(normalised.row, collaborators)));
  else if (normalised.kind === "other") kept.other += 1;
  else refused.add(normalised.reason, textOf(span.resource.get(OTEL.serviceName)));
};

const countRows = (counters: CollectorCounters, written: readonly SpanRow[], receivedMs: number): void => {
  counters.rows += written.length;
  counters.late += written.filter((row) => receivedMs - row.end_ms > LATE_MS).length;
};

/**
 * Tells the register which calls of which process have arrived: those that were written, or that another covers. Yields
 * after each.
 */
function* noteArrivals(
  calls: readonly Call[],
  rows: readonly SpanRow[],
  written: readonly SpanRow[],
  exporters: ExporterRegister,
): Generator<void> {
  const [kept, fresh] = [new Set(rows), new Set(written)];
  for (const { row, sequence } of calls) {
    if (sequence !== null && (fresh.has(row) || !kept.has(row))) exporters.saw(row, sequence);
    yield;
  }
}

/** Counts what is no call and takes note of reports. Yields after each. */
function* settle(
  { received, covered, other, reports }: Kept,
  receivedMs: number,
  { counters, exporters }: AcceptSpansCollaborators,
): Generator<void> {
  counters.receivedSpans += received;
  counters.covered += covered;
  counters.other += other;
  for (const report of reports) {
    exporters.take(report, receivedMs);
    yield;
  }
}

/** Writes the calls, those of earlier days where no other call waits behind them. */
const append = async (
  rows: readonly SpanRow[],
  receivedMs: number,
  { spans, earlier, turns }: AcceptSpansCollaborators,
): Promise<AppendedOnce<SpanRow>> => {
  const isEarlier = ({ end_ms }: SpanRow): boolean => end_ms < receivedMs - DAY_MS;
  const recent = await appendOnce(
    rows.filter((row) => !isEarlier(row)),
    FORMAT,
    spans,
    turns,
  );
  const old = await appendOnce(rows.filter(isEarlier), FORMAT, earlier, turns);
  const outcome = recent.outcome.outcome === "durable" ? old.outcome : recent.outcome;
  return { outcome, written: [...recent.written, ...old.written] };
};

/** Makes calls and evaluations durable and counts them. */
const store = async (
  { calls, events }: Kept,
  receivedMs: number,
  collaborators: AcceptSpansCollaborators,
): Promise<AppendOutcome> => {
  const { counters, covered, exporters, turns } = collaborators;
  const rows = (await inTurns(turns, covered.firsts(calls))).map(({ row }) => row);
  const appended = await append(rows, receivedMs, collaborators);
  countRows(counters, appended.written, receivedMs);
  await inTurns(turns, noteArrivals(calls, rows, appended.written, exporters));
  const told = await takeOutcomes(events, receivedMs, collaborators);
  const failed = [appended.outcome, told.outcome].find(({ outcome }) => outcome !== "durable");
  if (failed !== undefined) return failed;
  counters.duplicates += rows.length - appended.written.length;
  counters.covered += calls.length - rows.length;
  return { outcome: "durable" };
};

/**
 * Takes the spans of one request in. The answer is 200 only when every call among them, and every outcome among their
 * events, is on disk, whether this request or an earlier one brought it; 503 says that the whole request should be
 * sent again.
 */
export const spanIntake = (collaborators: AcceptSpansCollaborators): Intake<ReceivedSpan> => {
  const { counters, now } = collaborators;
  const receivedMs = now();
  const kept: Kept = { calls: [], events: [], reports: [], received: 0, covered: 0, other: 0 };
  const refused = createRefusedRows(counters, collaborators.refusals);
  return {
    add: (span) => keep(span, kept, refused, receivedMs, collaborators),
    async finish(encoding) {
      if (kept.events.length > MAX_EVALUATIONS) {
        counters.refused["too-large"] += 1;
        return refusal("too-large", `more than ${MAX_EVALUATIONS} evaluations; send smaller batches`, encoding);
      }
      await inTurns(collaborators.turns, settle(kept, receivedMs, collaborators));
      const partial = partialSuccess("rejectedSpans", refused.settle());
      const outcome = await store(kept, receivedMs, collaborators);
      if (outcome.outcome === "durable") return success(encoding, partial);
      counters.refused[whyNotDurable(outcome)] += 1;
      return spoolRefusal(outcome, encoding);
    },
  };
};
