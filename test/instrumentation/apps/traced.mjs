// One call inside a span of the app's own tracing, whose ids it prints.
import { trace } from "@opentelemetry/api";
import OpenAI from "openai";

const client = new OpenAI({ maxRetries: 0 });
await trace.getTracer("app").startActiveSpan("handle request", async (span) => {
  await client.chat.completions.create({ model: "good", messages: [{ role: "user", content: "hello" }] });
  span.end();
  const { traceId, spanId } = span.spanContext();
  process.stdout.write(`${JSON.stringify({ traceId, spanId })}\n`);
});
