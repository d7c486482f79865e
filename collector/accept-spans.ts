import { LEEWAY, OTEL } from "../core/attributes.ts";
import type { SpanRow } from "../core/span-row.ts";
import type { EvaluationEvent } from "../formats/dialects/read/evaluation-event.ts";
import { evaluationsOnSpan } from "../formats/dialects/read/evaluations-on-span.ts";
import { untakenKind } from "../formats/dialects/read/untaken.ts";
import { countOf, flagOf, textOf } from "../formats/dialects/read/values.ts";
import { type AcceptOutcomesCollaborators, takeOutcomes } from "./accept-outcomes.ts";
import type { CollectorCollaborators } from "./collaborators.ts";
import type { ContentSettings } from "./collector-settings.ts";
import type { CollectorCounters } from "./collector-stats.ts";
import type { CostDifferences } from "./cost-differences.ts";
import type { SeenCall } from "./covered/same-call.ts";
import { type ExporterRegister, isReport } from "./exporter-counters.ts";
import { partialSuccess, refusal, spoolRefusal, success, whyNotDurable } from "./http/reply.ts";
import type { Intake } from "./intake.ts";
import { type KeepContentCollaborators, keepContent } from "./keep-content.ts";
import { contentRow, type SpanContent } from "./normalise/content-row.ts";
import { normaliseSpan } from "./normalise/normalise-span.ts";
import type { ReceivedSpan } from "./otlp/received-span.ts";
import { createRefusedRows, type RefusedRows } from "./refused-rows.ts";
import type { SenderClocks } from "./sender-clocks.ts";
import type { AppendOutcome } from "./spool/spool.ts";
import { type StoreCallsCollaborators, storeCalls } from "./store-calls.ts";
import { inTurns } from "./turns.ts";
import type { UntakenRegister } from "./untaken-spans.ts";

/** What taking spans in needs. */
export interface AcceptSpansCollaborators
  extends AcceptOutcomesCollaborators,
    StoreCallsCollaborators,
    KeepContentCollaborators,
    Pick<CollectorCollaborators, "assign" | "price" | "heard" | "now"> {
  /** Null = content is read for its features, and not kept. */
  readonly contentSettings: ContentSettings | null;
  readonly exporters: ExporterRegister;
  readonly clocks: Pick<SenderClocks, "place">;
  readonly costs: Pick<CostDifferences, "note">;
  readonly untaken: Pick<UntakenRegister, "note">;
}

const LATE_MS = 600_000;

/** Of one request. Each becomes a row, however little of the request it was. */
const MAX_EVALUATIONS = 65_536;

/** A call and what its span says beside the row. */
interface Call extends SeenCall {
  /** Its number among the calls of its process; null where the sender gives none. */
  readonly sequence: number | null;
  readonly content: SpanContent;
}

const callOf = (
  { attributes }: ReceivedSpan,
  row: SpanRow,
  isSaid: boolean,
  settings: ContentSettings | null,
): Call => ({
  ...{ row, isSaid },
  covers: textOf(attributes.get(LEEWAY.coversSpan)),
  sequence: countOf(attributes.get(LEEWAY.exportSequence)),
  content: settings === null ? null : contentRow(attributes, row, settings),
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
  readonly untaken: Parameters<UntakenRegister["note"]>[0][];
  received: number;
  covered: number;
  other: number;
}

const leaveOut = ({ attributes, scope, name }: ReceivedSpan, kept: Kept): void => {
  kept.other += 1;
  const kind = untakenKind(attributes);
  if (kind !== null) kept.untaken.push({ scope: textOf(scope), name: textOf(name), ...kind });
};

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
  if (normalised.kind === "call") {
    const { row, isSaid, statedUsd } = normalised;
    collaborators.costs.note(row.response_model || row.request_model, row.cost_usd, statedUsd);
    kept.calls.push(callOf(span, inTime(row, collaborators), isSaid, collaborators.contentSettings));
  } else if (normalised.kind === "other") leaveOut(span, kept);
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

/** Counts and notes what is no call, and takes note of reports. Yields after each. */
function* settle(
  { received, covered, other, reports, untaken }: Kept,
  receivedMs: number,
  { counters, exporters, untaken: register }: AcceptSpansCollaborators,
): Generator<void> {
  counters.receivedSpans += received;
  counters.covered += covered;
  counters.other += other;
  for (const report of reports) {
    exporters.take(report, receivedMs);
    yield;
  }
  for (const span of untaken) {
    register.note(span);
    yield;
  }
}

/** Makes calls and evaluations durable and counts them. */
const store = async (
  { calls, events }: Kept,
  receivedMs: number,
  collaborators: AcceptSpansCollaborators,
): Promise<AppendOutcome> => {
  const { counters, exporters, turns } = collaborators;
  const appended = await storeCalls(calls, receivedMs, collaborators);
  const { rows, written } = appended;
  countRows(counters, written, receivedMs);
  counters.exchanged += appended.exchanged.length;
  await inTurns(turns, noteArrivals(calls, rows, written, exporters));
  const told = await takeOutcomes(events, receivedMs, collaborators);
  const contents = new Map(calls.flatMap(({ row, content }) => (content === null ? [] : [[row, content] as const])));
  const kept =
    contents.size === 0 || appended.outcome.outcome !== "durable"
      ? appended.outcome
      : await keepContent(contents, [...rows, ...appended.exchanged], collaborators);
  const failed = [appended.outcome, told.outcome, kept].find(({ outcome }) => outcome !== "durable");
  if (failed !== undefined) return failed;
  counters.duplicates += rows.length - written.length;
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
  const kept: Kept = { calls: [], events: [], reports: [], untaken: [], received: 0, covered: 0, other: 0 };
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
