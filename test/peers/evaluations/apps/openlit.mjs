// A score given by OpenLIT's own function, inside the span it is about: it goes out on the span and as a log record.
import { trace } from "@opentelemetry/api";
import { Openlit } from "openlit";

Openlit.init({
  otlpEndpoint: process.env.COLLECTOR_URL,
  applicationName: "app",
  disableBatch: true,
  disableMetrics: true,
  pricing_json: {},
});

const attributes = { "gen_ai.operation.name": "chat", "gen_ai.system": "openai", "gen_ai.request.model": "good" };
trace.getTracer("app").startActiveSpan("chat good", { attributes }, (span) => {
  Openlit.logScore({ name: "quality", value: 0.75, comment: "to the point", idempotencyKey: "once" });
  span.end();
});
// It has no way to ask whether all has been sent.
await new Promise((resolve) => setTimeout(resolve, 500));
process.exit(0);
