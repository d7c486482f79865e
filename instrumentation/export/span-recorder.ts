import { ROOT_CONTEXT, SpanKind, SpanStatusCode, type Tracer, trace } from "@opentelemetry/api";
import { AlwaysOnSampler, RandomIdGenerator, type ReadableSpan, TracerProvider } from "@opentelemetry/sdk-trace";
import { LEEWAY } from "../../core/attributes.ts";
import { spanAttributes, spanName } from "../fetch/call-span.ts";
import type { FinishedCall } from "../fetch/finished-call.ts";
import type { CallIdentity } from "../scope.ts";
import type { Resource } from "./resource.ts";
import type { ExportCounts } from "./span-queue.ts";

/** Turns finished calls into spans. */
export interface SpanRecorder {
  readonly record: (call: FinishedCall) => void;
  /** Makes the span that carries the exporter's own counts; `at` is epoch ms. */
  readonly report: (counts: ExportCounts, at: number) => void;
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

const recordCall = (tracer: Tracer, call: FinishedCall): void => {
  const context = call.parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, call.parent);
  const span = tracer.startSpan(
    spanName(call),
    { kind: SpanKind.CLIENT, startTime: call.startedAt, attributes: spanAttributes(call) },
    context,
  );
  if (call.errorType !== null) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end(call.startedAt + call.durationMs);
};

/**
 * Creates the recorder on a tracer provider of its own, which samples everything: a global one would silently switch
 * the app's own off, and the app's sampler would thin our statistics. `add` is given every span as it ends.
 */
export const createSpanRecorder = (resource: Resource, add: (span: ReadableSpan) => void): SpanRecorder => {
  const ids = createPreparedIds();
  const provider = new TracerProvider({
    resource,
    idGenerator: ids.generator,
    sampler: new AlwaysOnSampler(),
    // Given in code, because the defaults could be lowered for the app by OTEL_* variables.
    spanLimits: { attributeCountLimit: 128, attributeValueLengthLimit: 1024 },
    spanProcessors: [
      { onStart: () => {}, onEnd: add, forceFlush: () => Promise.resolve(), shutdown: () => Promise.resolve() },
    ],
  });
  const tracer = provider.getTracer("leeway");
  return {
    record: (call) => ids.using(call.context.identity, () => recordCall(tracer, call)),
    report: ({ made, sent, dropped }, at) => {
      const attributes = { [LEEWAY.exportMade]: made, [LEEWAY.exportSent]: sent, [LEEWAY.exportDropped]: dropped };
      tracer.startSpan(LEEWAY.exportReportSpan, { startTime: at, attributes }, ROOT_CONTEXT).end(at);
    },
  };
};
