import { LEEWAY, OTEL } from "../../core/attributes.ts";
import { type Arm, isCohort } from "../../core/cohort.ts";
import type { SpanRefusal } from "../../core/collector-stats.ts";
import type { SpanRow } from "../../core/span-row.ts";
import type { Operation } from "../../formats/dialects/dialect-kind.ts";
import { type FieldReader, fieldReader } from "../../formats/dialects/read/field-reader.ts";
import { spanKindOf } from "../../formats/dialects/read/operation-of.ts";
import { providerName } from "../../formats/dialects/read/provider-name.ts";
import { amountOf, countOf, flagOf, textOf } from "../../formats/dialects/read/values.ts";
import type { CollectorCollaborators } from "../collaborators.ts";
import type { ReceivedSpan } from "../otlp/received-span.ts";
import { callOutcome } from "./call-outcome.ts";
import { callTiming } from "./call-timing.ts";
import { failureColumns } from "./failure-columns.ts";
import { featureColumns } from "./feature-columns.ts";
import { outputColumns } from "./output-columns.ts";
import { outputOf } from "./output-of.ts";
import { priceFacts } from "./price-facts.ts";
import { requestParameters } from "./request-parameters.ts";
import { segmentsOf } from "./segments-of.ts";
import { timeProblem } from "./time-problem.ts";
import { tokenUsage } from "./token-usage.ts";

/** What a span turned out to be. */
export type Normalised =
  /**
   * `statedUsd` is what its sender says that it cost, US dollars; null = unsaid. `isSaid` is false where the span does not say
   * that it is a call, and is taken for one by its model and tokens.
   */
  | { readonly kind: "call"; readonly row: SpanRow; readonly statedUsd: number | null; readonly isSaid: boolean }
  /** No call of a model: some other part of the app, or a span that contains calls. */
  | { readonly kind: "other" }
  | { readonly kind: "refused"; readonly reason: SpanRefusal };

const isHex = (id: string, digits: number): boolean =>
  id.length === digits && /^[0-9a-f]+$/.test(id) && !/^0+$/.test(id);

const hasValidIds = (span: ReceivedSpan): boolean => isHex(span.traceId, 32) && isHex(span.spanId, 16);

const originColumns = (span: ReceivedSpan) => ({
  trace_id: span.traceId,
  span_id: span.spanId,
  parent_span_id: isHex(span.parentSpanId, 16) ? span.parentSpanId : "",
  service: textOf(span.resource.get(OTEL.serviceName)),
  instance: textOf(span.resource.get(OTEL.serviceInstance)),
  scope: textOf(span.scope),
});

const modelColumns = (read: FieldReader, operation: Operation) => ({
  operation,
  provider: providerName(textOf(read("provider"))),
  request_model: textOf(read("request_model")),
  response_model: textOf(read("response_model")),
  system_fingerprint: textOf(read("system_fingerprint")),
  response_id: textOf(read("response_id")),
  conversation_id: textOf(read("conversation_id")),
  prompt_name: textOf(read("prompt_name")),
  prompt_version: textOf(read("prompt_version")),
});

const experimentColumns = ({ attributes }: ReceivedSpan, read: FieldReader) => ({
  attempt: Math.min(countOf(attributes.get(LEEWAY.attempt)) ?? 0, 255),
  retry_wait_ms: amountOf(attributes.get(LEEWAY.retryWait)),
  throttled_attempts: countOf(attributes.get(LEEWAY.retryThrottled)),
  retry_after_kept: flagOf(attributes.get(LEEWAY.retryAfterKept)),
  handoff: handoffOf(attributes.get(LEEWAY.handoff)),
  pair_id: pairIdOf(attributes.get(LEEWAY.pairId)),
  flag_key: textOf(read("flag_key")),
  flag_variant: textOf(read("flag_variant")),
  targeting_key_hash: textOf(attributes.get(LEEWAY.targetingKeyHash)),
  segments: segmentsOf(attributes),
  sampling_probability: samplingProbability(amountOf(attributes.get(LEEWAY.samplingProbability))),
});

/** What is no arm says nothing. */
const handoffOf = (value: unknown): Arm | "" => (value === "baseline" || value === "canary" ? value : "");

/** As the pair itself is told: anything else is the id of none. */
const pairIdOf = (value: unknown): string => (typeof value === "string" && isHex(value, 32) ? value : "");

/** A call that names no probability was not sampled by anything that knows of us. */
const samplingProbability = (share: number | null): number => (share !== null && share > 0 && share <= 1 ? share : 1);

const isStreamed = (read: FieldReader, ttftMs: number | null): 0 | 1 =>
  flagOf(read("streamed")) ?? (ttftMs === null ? 0 : 1);

/** What the sender says that the call cost. Some write 0 where they know no price. */
const statedCost = (read: FieldReader): number | null => amountOf(read("cost_usd")) || null;

const callRow = (
  span: ReceivedSpan,
  read: FieldReader,
  operation: Operation,
  receivedMs: number,
  statedUsd: number | null,
  { assign, price }: Pick<CollectorCollaborators, "assign" | "price">,
): SpanRow => {
  const models = { ...originColumns(span), ...modelColumns(read, operation), ...experimentColumns(span, read) };
  const usage = tokenUsage(span, read);
  const timing = callTiming(span, read);
  const cohort = span.attributes.get(LEEWAY.cohort);
  const outcome = callOutcome(span, read);
  const output = outputOf(span.attributes, outcome.finish_reason, outcome.error === 1);
  return {
    ...models,
    ...usage,
    ...timing,
    ...outcome,
    ...outputColumns(output, outcome.finish_reason),
    ...featureColumns(output),
    parameters: requestParameters(span.attributes),
    ...assign({
      ...models,
      explicitCohort: isCohort(cohort) ? cohort : "",
      explicitMigration: textOf(span.attributes.get(LEEWAY.migration)),
    }),
    streamed: isStreamed(read, timing.ttft_ms),
    cost_usd: amountOf(price({ ...models, ...usage, ...priceFacts(read), start_ms: timing.start_ms })) ?? statedUsd,
    received_ms: receivedMs,
    // Its times are the sender's own; whether they can be is for those to say who know its other calls.
    clock_skew_ms: 0,
    ...failureColumns(span, outcome),
  };
};

/**
 * Turns a span of any dialect into the row of a call, or says why it is none. `receivedMs` is epoch ms. Pure, as far
 * as `assign` and `price` are.
 */
export const normaliseSpan = (
  span: ReceivedSpan,
  receivedMs: number,
  collaborators: Pick<CollectorCollaborators, "assign" | "price">,
): Normalised => {
  if (!hasValidIds(span)) return { kind: "refused", reason: "invalid-id" };
  const is = spanKindOf((name) => span.attributes.get(name));
  if (is.kind !== "call") return { kind: "other" };
  const reason = timeProblem(span, receivedMs);
  if (reason !== null) return { kind: "refused", reason };
  const read = fieldReader(span);
  const statedUsd = statedCost(read);
  const row = callRow(span, read, is.operation, receivedMs, statedUsd, collaborators);
  return { kind: "call", row, isSaid: is.isSaid, statedUsd };
};
