import { encodeSpanRow, type SpanRow } from "../core/span-row.ts";
import type { CollectorCollaborators } from "./collaborators.ts";
import type { CollectorCounters } from "./collector-stats.ts";
import type { DuplicateFilter } from "./duplicate-filter.ts";
import type { ExporterRegister } from "./exporter-counters.ts";
import { type PartialSuccess, type Reply, refusal, success } from "./http/reply.ts";
import { normaliseSpan } from "./normalise/normalise-span.ts";
import type { Encoding } from "./otlp/encoding.ts";
import type { ReceivedSpan } from "./otlp/received-span.ts";
import type { AppendOutcome, Spool } from "./spool/spool.ts";

/** What taking spans in needs. */
export interface AcceptSpansCollaborators extends Pick<CollectorCollaborators, "assign" | "price" | "now"> {
  readonly spool: Pick<Spool, "append">;
  readonly duplicates: DuplicateFilter;
  readonly exporters: ExporterRegister;
  readonly counters: CollectorCounters;
}

const LATE_MS = 600_000;

interface Sorted {
  readonly rows: readonly SpanRow[];
  readonly partial: PartialSuccess | null;
}

/** Turns the spans of one request into rows and counts what is none. */
const sort = (spans: readonly ReceivedSpan[], receivedMs: number, collaborators: AcceptSpansCollaborators): Sorted => {
  const { counters, exporters } = collaborators;
  const rows: SpanRow[] = [];
  const refused = new Map<string, number>();
  counters.receivedSpans += spans.length;
  for (const span of spans) {
    if (exporters.take(span, receivedMs)) continue;
    const normalised = normaliseSpan(span, receivedMs, collaborators);
    if (normalised.kind === "call") rows.push(normalised.row);
    else if (normalised.kind === "other") counters.other += 1;
    else {
      counters.refused[normalised.reason] += 1;
      refused.set(normalised.reason, (refused.get(normalised.reason) ?? 0) + 1);
    }
  }
  return { rows, partial: partialOf(refused) };
};

const partialOf = (refused: ReadonlyMap<string, number>): PartialSuccess | null => {
  if (refused.size === 0) return null;
  const rejectedSpans = [...refused.values()].reduce((sum, count) => sum + count, 0);
  const reasons = [...refused].map(([reason, count]) => `${count} ${reason}`).join(", ");
  return { rejectedSpans, errorMessage: `refused spans: ${reasons}` };
};

const encodeRows = (rows: readonly SpanRow[]): Uint8Array => Buffer.from(rows.map(encodeSpanRow).join(""));

const refusalFor = (outcome: Exclude<AppendOutcome, { outcome: "durable" }>, encoding: Encoding): Reply =>
  outcome.outcome === "full"
    ? refusal("spool-full", "the spool is full: the store has not taken rows for a while; send again later", encoding)
    : refusal("disk-failed", "the spool cannot be written; send again later", encoding);

const countRows = (counters: CollectorCounters, written: readonly SpanRow[], receivedMs: number): void => {
  counters.rows += written.length;
  counters.late += written.filter((row) => receivedMs - row.end_ms > LATE_MS).length;
};

/**
 * Takes the spans of one request in. The answer is 200 only when every call among them is on disk, whether this
 * request or an earlier one brought it; 503 says that the whole request should be sent again.
 */
export const acceptSpans = async (
  spans: readonly ReceivedSpan[],
  encoding: Encoding,
  collaborators: AcceptSpansCollaborators,
): Promise<Reply> => {
  const { spool, duplicates, counters, now } = collaborators;
  const receivedMs = now();
  const { rows, partial } = sort(spans, receivedMs, collaborators);
  const claim = duplicates.claim(rows.map((row) => row.trace_id + row.span_id));
  const fresh = rows.filter((_row, index) => claim.fresh.has(index));
  let outcome: AppendOutcome = { outcome: "failed", detail: "" };
  try {
    outcome = fresh.length > 0 ? await spool.append(encodeRows(fresh), fresh.length) : { outcome: "durable" };
  } finally {
    claim.settle(outcome.outcome === "durable");
  }
  if (outcome.outcome === "durable") countRows(counters, fresh, receivedMs);
  // a repeated span is durable only when the request that brought it first has written it
  if (!(await claim.others()) && outcome.outcome === "durable") outcome = { outcome: "failed", detail: "" };
  if (outcome.outcome !== "durable") {
    counters.refused[outcome.outcome === "full" ? "spool-full" : "disk-failed"] += 1;
    return refusalFor(outcome, encoding);
  }
  counters.duplicates += rows.length - fresh.length;
  return success(encoding, partial);
};
