import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AlwaysOnSampler, type ReadableSpan, TracerProvider } from "@opentelemetry/sdk-trace";
import { describe, expect, it } from "vitest";
import { createOtlpSender } from "../../../instrumentation/export/otlp-sender.ts";
import { type EndedSpan, recordedSpan } from "../../../instrumentation/export/recorded-span.ts";
import { createResource } from "../../../instrumentation/export/resource.ts";

const resource = createResource({ env: {}, mainFile: undefined, instanceId: "i", hostName: "h", pid: 1 });
const { encode } = createOtlpSender({ endpoint: "http://127.0.0.1:1", token: null, timeoutMs: 1 }, { now: Date.now });
const words = (span: ReadableSpan): unknown => JSON.parse(Buffer.from(encode([span]) ?? []).toString("utf8"));

const identity = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331" };
const CALL: EndedSpan = {
  ...{ name: "chat m", kind: SpanKind.CLIENT, startedAt: 1_700_000_000_123.25, endedAt: 1_700_000_001_124.75 },
  ...{ failed: false, identity, parent: null },
  attributes: { text: "abc", whole: 3, part: 0.25, yes: true, list: ["a", "b"] },
};

/** The same span, started and ended through OpenTelemetry's SDK. */
const throughSdk = (span: EndedSpan, maxAttributeChars: number): ReadableSpan => {
  let ended: ReadableSpan | null = null;
  const provider = new TracerProvider({
    resource,
    idGenerator: { generateTraceId: () => identity.traceId, generateSpanId: () => identity.spanId },
    sampler: new AlwaysOnSampler(),
    spanLimits: { attributeCountLimit: 256, attributeValueLengthLimit: maxAttributeChars },
    spanProcessors: [
      {
        onStart: () => {},
        onEnd: (made) => {
          ended = made;
        },
        forceFlush: () => Promise.resolve(),
        shutdown: () => Promise.resolve(),
      },
    ],
  });
  const context = span.parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, span.parent);
  const { kind, startedAt: startTime, attributes } = span;
  const started = provider.getTracer("leeway").startSpan(span.name, { kind, startTime, attributes }, context);
  if (span.failed) started.setStatus({ code: SpanStatusCode.ERROR });
  started.end(span.endedAt);
  if (ended === null) throw new Error("no span");
  return ended;
};

const parent = { traceId: identity.traceId, spanId: "00f067aa0ba902b7", traceFlags: 1 };

describe("a recorded span is what OpenTelemetry's SDK would have made", () => {
  it.each<[string, Partial<EndedSpan>]>([
    ["a call that went well", {}],
    ["a failed one", { failed: true }],
    ["one inside a span of the app", { parent }],
    ["one inside a span that is not sampled", { parent: { ...parent, traceFlags: 0 } }],
    ["one that took no time", { endedAt: CALL.startedAt }],
    ["one that ended just before a full second", { endedAt: 1_700_000_001_999.9998 }],
    ["values that are too long", { attributes: { a: "x".repeat(20), b: ["y".repeat(20), "z"], c: 1 } }],
    ["too many attributes", { attributes: Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`a${at}`, at])) }],
  ])("%s", (_, part) => {
    const span = { ...CALL, ...part };
    expect(words(recordedSpan(span, { resource, maxAttributeChars: 10 }))).toEqual(words(throughSdk(span, 10)));
  });

  it("with ids of its own where none were given out, in the trace of its parent", () => {
    const { identity: _, ...unnamed } = CALL;
    const [first, second, inside] = [null, null, parent].map((of) =>
      recordedSpan({ ...unnamed, parent: of }, { resource, maxAttributeChars: 10 }),
    );
    expect(first?.spanContext().traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(first?.spanContext().spanId).not.toBe(second?.spanContext().spanId);
    expect(inside?.spanContext().traceId).toBe(parent.traceId);
    expect(inside?.parentSpanContext?.spanId).toBe(parent.spanId);
  });
});
