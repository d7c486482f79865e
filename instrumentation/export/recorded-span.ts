import { type SpanContext, type SpanKind, SpanStatusCode } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import type { ParentSpan } from "../app-tracing.ts";
import { newCallIdentity } from "../call-identity.ts";
import type { SpanAttributes } from "../fetch/call-span.ts";
import type { CallIdentity } from "../scope.ts";
import type { Resource } from "./resource.ts";

/** What is known of a span that has ended. Times are epoch ms and may carry a fraction. */
export interface EndedSpan {
  readonly name: string;
  readonly kind: SpanKind;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly failed: boolean;
  /** Ids given out before; new ones without. */
  readonly identity?: CallIdentity | undefined;
  readonly parent: ParentSpan | null;
  readonly attributes: SpanAttributes;
}

/** What every span of a process shares. */
export interface SpanShape {
  readonly resource: Resource;
  /** Longest value of an attribute, in characters; longer ones are cut. */
  readonly maxAttributeChars: number;
}

/** More attributes than this are left out and counted. */
const MAX_ATTRIBUTES = 256;

const SCOPE = { name: "leeway" };
const SAMPLED = 1;
const UNSET = { code: SpanStatusCode.UNSET };
const ERROR = { code: SpanStatusCode.ERROR };

/** Seconds and nanoseconds. */
const hrTime = (epochMs: number): [number, number] => {
  const nanos = Math.round((epochMs % 1000) * 1e6);
  return nanos < 1e9 ? [Math.trunc(epochMs / 1000), nanos] : [Math.trunc(epochMs / 1000) + 1, 0];
};

const cut = (text: string, maxChars: number): string => (text.length > maxChars ? text.slice(0, maxChars) : text);

const isTooLong = (value: SpanAttributes[string], maxChars: number): boolean =>
  typeof value === "string" ? value.length > maxChars : Array.isArray(value) && value.some((v) => v.length > maxChars);

const allFit = (attributes: SpanAttributes, maxChars: number): boolean => {
  const names = Object.keys(attributes);
  if (names.length > MAX_ATTRIBUTES) return false;
  for (const name of names) if (isTooLong(attributes[name] ?? "", maxChars)) return false;
  return true;
};

/** The attributes themselves where they fit, which is nearly always: copying them costs more than looking at them. */
const fitting = (attributes: SpanAttributes, maxChars: number): SpanAttributes => {
  if (allFit(attributes, maxChars)) return attributes;
  const kept = Object.entries(attributes).slice(0, MAX_ATTRIBUTES);
  return Object.fromEntries(
    kept.map(([name, value]) => {
      if (typeof value === "string") return [name, cut(value, maxChars)];
      return [name, Array.isArray(value) ? value.map((text) => cut(text, maxChars)) : value];
    }),
  );
};

/** A parent of another trace is none: the app's ids were not valid. */
const parentContext = (parent: ParentSpan | null, traceId: string): SpanContext | undefined =>
  parent === null || parent.traceId !== traceId
    ? undefined
    : { traceId, spanId: parent.spanId, traceFlags: parent.traceFlags };

/**
 * A span as the OTLP serializer reads it. Made from what is known once a call has ended, because a span that is started
 * and ended through the SDK costs ten times as much: it checks and copies every attribute. Always sampled: the app's
 * sampler would thin the statistics.
 */
export const recordedSpan = (span: EndedSpan, { resource, maxAttributeChars }: SpanShape): ReadableSpan => {
  const { traceId, spanId } = span.identity ?? newCallIdentity(span.parent);
  const context = { traceId, spanId, traceFlags: SAMPLED };
  const attributes = fitting(span.attributes, maxAttributeChars);
  const parent = parentContext(span.parent, traceId);
  const recorded: ReadableSpan = {
    name: span.name,
    kind: span.kind,
    spanContext: () => context,
    startTime: hrTime(span.startedAt),
    endTime: hrTime(span.endedAt),
    duration: hrTime(span.endedAt - span.startedAt),
    status: span.failed ? ERROR : UNSET,
    attributes,
    droppedAttributesCount:
      attributes === span.attributes ? 0 : Math.max(0, Object.keys(span.attributes).length - MAX_ATTRIBUTES),
    links: [],
    events: [],
    droppedEventsCount: 0,
    droppedLinksCount: 0,
    ended: true,
    resource,
    instrumentationScope: SCOPE,
  };
  // Most have none, and a member that may be missing makes all the others dearer.
  return parent === undefined ? recorded : { ...recorded, parentSpanContext: parent };
};
