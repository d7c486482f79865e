// An app with its own OpenTelemetry and an instrumentation that makes a span of a model call, with the answer. Prints
// what its exporter was given.
const ask = () =>
  fetch(`${process.env.MODEL_URL}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "good", messages: [{ role: "user", content: "hello" }] }),
  }).then((response) => response.json());

export const run = async ({ api, NodeSDK, exporter, processor, leeway }) => {
  const spanProcessors = process.env.PROCESSOR === "1" ? [leeway.leewaySpanProcessor(), processor] : [processor];
  new NodeSDK({ spanProcessors, metricReaders: [], logRecordProcessors: [], instrumentations: [] }).start();
  const { context, trace } = api;

  const instrumented = async () => {
    const attributes = { "gen_ai.operation.name": "chat", "gen_ai.request.model": "good" };
    const span = trace.getTracer("some-instrumentation").startSpan("chat good", { attributes });
    const answer = await context.with(trace.setSpan(context.active(), span), ask);
    const parts = [{ type: "text", content: answer.choices[0].message.content }];
    span.setAttribute("gen_ai.output.messages", JSON.stringify([{ role: "assistant", parts }]));
    span.end();
  };
  await trace.getTracer("app").startActiveSpan("handle request", async (root) => {
    await leeway.withCohort("canary", async () => {
      await instrumented();
      await ask();
    });
    root.end();
  });
  await processor.forceFlush();
  const seen = exporter.getFinishedSpans().map((span) => {
    const { name, kind, status, attributes } = span;
    const { traceId, spanId } = span.spanContext();
    return { name, kind, status, attributes, traceId, spanId };
  });
  process.stdout.write(JSON.stringify(seen));
};
