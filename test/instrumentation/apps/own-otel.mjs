// An app with its own OpenTelemetry SDK and an instrumentation that makes a span of each model call, with the answer.
import { context, trace } from "@opentelemetry/api";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace";
import { leewaySpanProcessor, withCohort, withSegment } from "leeway";
import OpenAI from "openai";

const exporter = new InMemorySpanExporter();
const spanProcessors = [new SimpleSpanProcessor({ exporter })];
if (process.env.PROCESSOR === "1") spanProcessors.unshift(leewaySpanProcessor());
new NodeSDK({ spanProcessors, metricReaders: [], logRecordProcessors: [] }).start();

const client = new OpenAI({ maxRetries: 0 });
const request = { model: "good", messages: [{ role: "user", content: "hello" }] };
const instrumented = async () => {
  const attributes = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "good",
  };
  const span = trace.getTracer("some-instrumentation").startSpan("chat good", { attributes });
  const answer = await context.with(trace.setSpan(context.active(), span), () =>
    client.chat.completions.create(request),
  );
  const parts = [{ type: "text", content: answer.choices[0].message.content }];
  span.setAttribute("gen_ai.output.messages", JSON.stringify([{ role: "assistant", parts }]));
  span.end();
};
await trace.getTracer("app").startActiveSpan("handle request", async (root) => {
  await withCohort("canary", () => withSegment("input_type", "faq", instrumented));
  root.end();
});
await Promise.all(spanProcessors.map((processor) => processor.forceFlush()));
const seen = exporter.getFinishedSpans().map((span) => ({
  ...{ name: span.name, attributes: span.attributes },
  ...span.spanContext(),
}));
process.stdout.write(JSON.stringify(seen));
