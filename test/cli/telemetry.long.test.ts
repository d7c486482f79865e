// @module-tag soak
import { expect, test } from "vitest";
import { documentText } from "../agent/config/documents.ts";
import { startTelemetryReceiver } from "../agent/telemetry/telemetry-receiver.ts";
import { temporaryDirectory } from "../agent/temporary-directory.ts";
import { startLeeway } from "./leeway.ts";

test("an agent whose telemetry nobody answers ends by SIGTERM, and does not wait for it", async () => {
  const receiver = await startTelemetryReceiver();
  receiver.become("silent");
  const cwd = temporaryDirectory({
    "leeway.yaml": [
      "store: { port: 0 }",
      'collector: { listen: "127.0.0.1:0" }',
      'agent: { listen: "127.0.0.1:0", tick: 1s, settle: 100ms, telemetry: true }',
      "",
    ].join("\n"),
    "migrations/m.yaml": documentText(),
  });
  const agent = await startLeeway(cwd, {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_TIMEOUT: "600000",
    OTEL_BSP_SCHEDULE_DELAY: "10",
  });
  await expect.poll(() => receiver.requests.length).toBeGreaterThan(0);
  expect(await agent.stop()).toBe(0);
  expect(agent.stderr()).toContain("the agent's own telemetry was not taken in time");
  expect(receiver.answered()).toBe(0);
  await receiver.close();
});
