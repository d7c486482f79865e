import { LEEWAY, OTEL } from "../../core/attributes.ts";
import { PAIR, PAIR_EVENT } from "../../core/pair-attributes.ts";
import { isPairOutcome, type PairKind, type PairRow } from "../../core/pair-row.ts";
import { DAY_MS, PAIR_DAYS } from "../../core/retention.ts";
import type { Attributes, AttributeValue } from "../../formats/dialects/read/attributes.ts";
import { countOf, textOf } from "../../formats/dialects/read/values.ts";
import { segmentsOf } from "../normalise/segments-of.ts";
import type { ReceivedLog } from "../otlp/received-log.ts";

/** What the event of a pair turned out to be. */
export type NormalisedPair =
  | { readonly kind: "pair"; readonly row: PairRow }
  | { readonly kind: "refused"; readonly reason: "invalid-pair" };

const MAX_CODES = 64;
const MAX_VALUES = 128;
const MAX_NAMES = 64;

/** True for an event that tells of a pair. */
export const isPair = ({ eventName }: Pick<ReceivedLog, "eventName">): boolean => eventName === PAIR_EVENT;

const isHex = (id: string, digits: number): boolean => id.length === digits && /^(?!0+$)[0-9a-f]+$/.test(id);

/** Both ids of a call, or neither. */
const callOf = (trace: string, span: string): readonly [string, string] =>
  isHex(trace, 32) && isHex(span, 16) ? [trace, span] : ["", ""];

const kindOf = (text: string): PairKind | null => (text === "candidate" || text === "rerun" ? text : null);

const listOf = (value: AttributeValue | undefined, most: number): readonly string[] =>
  (Array.isArray(value) ? value : []).slice(0, most).flatMap((each) => textOf(each) || []);

/** What stands below a prefix, read by `read`; what it cannot read is unknown. */
const below = <Value>(
  attributes: Attributes,
  prefix: string,
  read: (value: AttributeValue) => Value | null,
): Readonly<Record<string, Value>> => {
  const found: [string, Value][] = [];
  for (const [name, value] of attributes) {
    if (!name.startsWith(prefix) || found.length >= MAX_NAMES) continue;
    const known = read(value);
    if (known !== null) found.push([name.slice(prefix.length, prefix.length + MAX_NAMES), known]);
  }
  return Object.fromEntries(found);
};

const numberOf = (value: AttributeValue): number | null =>
  typeof value === "number" && Number.isFinite(value) ? value : null;

/** A moment of the last 90 days or the next one; else when it came in. */
const momentOf = (timeMs: number, receivedMs: number): number =>
  timeMs > receivedMs - PAIR_DAYS * DAY_MS && timeMs <= receivedMs + DAY_MS ? timeMs : receivedMs;

/** Turns the event of a pair into a row, or says that it is none. `receivedMs` is epoch ms. */
export const normalisePair = (record: ReceivedLog, receivedMs: number): NormalisedPair => {
  const { attributes, resource } = record;
  const text = (name: string): string => textOf(attributes.get(name));
  const [id, migration] = [text(LEEWAY.pairId), text(LEEWAY.migration)];
  const [kind, outcome] = [kindOf(text(PAIR.kind)), text(PAIR.outcome)];
  if (!isHex(id, 32) || migration === "" || kind === null || !isPairOutcome(outcome))
    return { kind: "refused", reason: "invalid-pair" };
  const [trace_id, span_id] = callOf(record.traceId, record.spanId);
  const [other_trace_id, other_span_id] = callOf(text(PAIR.otherTraceId), text(PAIR.otherSpanId));
  const row: PairRow = {
    ...{ id, at_ms: momentOf(record.timeMs, receivedMs), received_ms: receivedMs, kind, outcome, migration },
    calls: Math.max(1, countOf(attributes.get(PAIR.calls)) ?? 1),
    service: textOf(resource.get(OTEL.serviceName)),
    instance: textOf(resource.get(OTEL.serviceInstance)),
    ...{ trace_id, span_id, other_trace_id, other_span_id, cluster: text(PAIR.cluster) },
    segments: segmentsOf(attributes),
    ...{ served_model: text(PAIR.servedModel), other_model: text(PAIR.otherModel), error_type: text(OTEL.errorType) },
    numbers: below(attributes, PAIR.numberPrefix, numberOf),
    labels: below(attributes, PAIR.labelPrefix, (value) => textOf(value) || null),
    changed: listOf(attributes.get(PAIR.changed), MAX_CODES),
    served_values: listOf(attributes.get(PAIR.servedValues), MAX_VALUES),
    other_values: listOf(attributes.get(PAIR.otherValues), MAX_VALUES),
  };
  return { kind: "pair", row };
};
