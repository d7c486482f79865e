import { ROOT_CONTEXT, SpanKind, SpanStatusCode, type Tracer, trace } from "@opentelemetry/api";
import { AlwaysOnSampler, RandomIdGenerator, type ReadableSpan, TracerProvider } from "@opentelemetry/sdk-trace";
import { LEEWAY } from "../../core/attributes.ts";
import { type SpanAttributes, spanName } from "../fetch/call-span.ts";
import type { FinishedCall } from "../fetch/finished-call.ts";
import type { CallIdentity } from "../scope.ts";
import type { ExportCounts } from "./export-counts.ts";
import { reportAttributes } from "./report-attributes.ts";
import type { Resource } from "./resource.ts";

/** Settings of the recorder. */
export interface RecorderSettings {
  readonly resource: Resource;
  /** Longest value of an attribute, in characters; longer ones are cut. */
  readonly maxAttributeChars: number;
  readonly attributesOf: (call: FinishedCall) => SpanAttributes;
}

/** Turns finished calls into spans. */
export interface SpanRecorder {
  readonly record: (call: FinishedCall) => void;
  /** Makes the span that carries the exporter's own counts, and hands it to nobody else; `at` is epoch ms. */
  readonly report: (counts: ExportCounts, at: number) => ReadableSpan;
}

/** Ids that were given out before the span: those of the span to come, random ones where there are none. */
const createPreparedIds = () => {
  const random = new RandomIdGenerator();
  let next: CallIdentity | undefined;
  return {
    generator: {
      generateTraceId: () => next?.traceId ?? random.generateTraceId(),
      generateSpanId: () => next?.spanId ?? random.generateSpanId(),
    },
    /** Runs `fn`; the span it starts gets these ids. */
    using: <T>(identity: CallIdentity | undefined, fn: () => T): T => {
      next = identity;
      try {
        return fn();
      } finally {
        next = undefined;
      }
    },
  };
};

const recordCall = (tracer: Tracer, call: FinishedCall, attributes: SpanAttributes): void => {
  const context = call.parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, call.parent);
  const span = tracer.startSpan(
    spanName(call),
    { kind: SpanKind.CLIENT, startTime: call.startedAt, attributes },
    context,
  );
  if (call.errorType !== null) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end(call.startedAt + call.durationMs);
};

/**
 * Creates the recorder on a tracer provider of its own, which samples everything: a global one would silently switch
 * the app's own off, and the app's sampler would thin our statistics. `add` is given every call's span as it ends.
 */
export const createSpanRecorder = (settings: RecorderSettings, add: (span: ReadableSpan) => void): SpanRecorder => {
  const ids = createPreparedIds();
  let reporting = false;
  let sequence = 0;
  let latestReport: ReadableSpan | null = null;
  const onEnd = (span: ReadableSpan): void => {
    if (reporting) latestReport = span;
    else add(span);
  };
  const provider = new TracerProvider({
    resource: settings.resource,
    idGenerator: ids.generator,
    sampler: new AlwaysOnSampler(),
    // Given in code, because the defaults could be lowered for the app by OTEL_* variables.
    spanLimits: { attributeCountLimit: 256, attributeValueLengthLimit: settings.maxAttributeChars },
    spanProcessors: [
      { onStart: () => {}, onEnd, forceFlush: () => Promise.resolve(), shutdown: () => Promise.resolve() },
    ],
  });
  const tracer = provider.getTracer("leeway");
  const report: SpanRecorder["report"] = (counts, at) => {
    reporting = true;
    try {
      const attributes = reportAttributes(counts);
      tracer.startSpan(LEEWAY.exportReportSpan, { startTime: at, attributes }, ROOT_CONTEXT).end(at);
    } finally {
      reporting = false;
    }
    if (latestReport === null) throw new Error("the tracer provider made no span");
    return latestReport;
  };
  return {
    record: (call) => {
      sequence += 1;
      const attributes = {
        [LEEWAY.exportSequence]: sequence,
        ...(call.parent?.isModelCall ? { [LEEWAY.coversSpan]: call.parent.spanId } : {}),
        ...settings.attributesOf(call),
      };
      ids.using(call.context.identity, () => recordCall(tracer, call, attributes));
    },
    report,
  };
};
