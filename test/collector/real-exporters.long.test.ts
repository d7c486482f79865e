import { type Span, SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { CompressionAlgorithm } from "@opentelemetry/otlp-exporter-base";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, type SpanExporter, TracerProvider } from "@opentelemetry/sdk-trace";
import { expect, onTestFinished, test } from "vitest";
import { ALL_STORED } from "../../collector/collaborators.ts";
import { eventually } from "./eventually.ts";
import { startCollector } from "./start-collector.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const EXPORTERS = { JSON: JsonExporter, protobuf: ProtobufExporter };
const START = 1_790_000_000_000;

const startProvider = (exporter: SpanExporter) => {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": "support-api", "service.instance.id": "i-1" }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  onTestFinished(() => provider.shutdown().catch(() => undefined));
  return provider;
};

const recordCall = (provider: TracerProvider, n = 0): Span => {
  const tracer = provider.getTracer("leeway");
  const span = tracer.startSpan("chat gpt-4o", { kind: SpanKind.CLIENT, startTime: START + n });
  span.setAttributes({
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4o",
    "gen_ai.response.finish_reasons": ["stop"],
    "gen_ai.response.time_to_first_chunk": 0.25,
    "gen_ai.usage.input_tokens": 123,
    "leeway.cohort": "canary",
    "leeway.output.code_fence": false,
  });
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.recordException(new TypeError("terminated"));
  span.end(START + n + 1500);
  return span;
};

test.each(["JSON", "protobuf"] as const)(
  "stores what the real %s exporter sends, gzipped and with a token",
  async (kind) => {
    const { collector, rows } = await startCollector({ token: "secret" }, { now: () => START + 5000 });
    const exporter = new EXPORTERS[kind]({
      url: `${collector.url}/v1/traces`,
      headers: { authorization: "Bearer secret" },
      compression: CompressionAlgorithm.GZIP,
    });
    const provider = startProvider(exporter);
    const span = recordCall(provider);
    provider.getTracer("http").startSpan("GET /").end();
    await provider.forceFlush();
    await collector.flush();
    expect(rows()).toMatchObject([
      {
        trace_id: span.spanContext().traceId,
        span_id: span.spanContext().spanId,
        start_ms: START,
        end_ms: START + 1500,
        duration_ms: 1500,
        ttft_ms: 250,
        service: "support-api",
        instance: "i-1",
        scope: "leeway",
        provider: "openai",
        finish_reason: "stop",
        input_tokens: 123,
        cohort: "canary",
        code_fence: 0,
        error: 1,
        error_type: "TypeError",
      },
    ]);
    expect(collector.stats()).toMatchObject({ receivedSpans: 2, rows: 1, other: 1 });
  },
);

test("the real exporter waits for a full spool and sends again", async () => {
  let isStoreUp = false;
  const stored: number[] = [];
  const { collector } = await startCollector(
    { spool: { dir: await temporaryDirectory(), maxBytes: 467 } },
    {
      now: () => START + 5000,
      insert: async ({ rows }) => {
        if (!isStoreUp) throw new Error("the store is down");
        stored.push(rows);
        return ALL_STORED;
      },
    },
  );
  const provider = startProvider(new JsonExporter({ url: `${collector.url}/v1/traces` }));
  recordCall(provider, 1);
  await provider.forceFlush();
  recordCall(provider, 2);
  const second = provider.forceFlush();
  await eventually(() => collector.stats().refused["spool-full"] > 0);
  isStoreUp = true;
  await second;
  await collector.flush();
  expect(collector.stats()).toMatchObject({ rows: 2, duplicates: 0, spool: { insertedRows: 2, rows: 0 } });
  expect(stored).toEqual([1, 1]);
});
