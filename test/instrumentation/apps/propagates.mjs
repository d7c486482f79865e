// Calls a model with everything the app can say about the call, and with the headers that the app's own OpenTelemetry
// would propagate, as an instrumentation of the HTTP client does.
import { context, propagation, trace } from "@opentelemetry/api";
import { recordFlag, recordOutcome, withCohort, withConversation, withPrompt, withSegment } from "leeway";

await trace.getTracer("app").startActiveSpan("handle request", async (span) => {
  await withConversation("SECRET-conversation", () =>
    withPrompt({ name: "SECRET-prompt", version: "SECRET-version" }, () =>
      withSegment("tier", "SECRET-tier", () =>
        withCohort("canary", async () => {
          recordFlag({ key: "SECRET-flag", variant: "canary", targetingKey: "SECRET-user" });
          const headers = { "content-type": "application/json" };
          propagation.inject(context.active(), headers);
          const body = JSON.stringify({ model: "good", messages: [{ role: "user", content: "hello" }] });
          const url = `${process.env.OPENAI_BASE_URL}/chat/completions`;
          await (await fetch(url, { method: "POST", headers, body })).json();
          recordOutcome({ name: "SECRET-outcome", label: "SECRET-label" });
        }),
      ),
    ),
  );
  span.end();
});
