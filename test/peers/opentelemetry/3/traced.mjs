// An app that has no OpenTelemetry of its own: `leeway/sdk` starts it. Prints the ids of its span.
import { trace } from "@opentelemetry/api";

await trace.getTracer("app").startActiveSpan("handle request", async (span) => {
  const response = await fetch(`${process.env.MODEL_URL}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "good", messages: [{ role: "user", content: "hello" }] }),
  });
  await response.json();
  span.end();
  process.stdout.write(JSON.stringify(span.spanContext()));
});
