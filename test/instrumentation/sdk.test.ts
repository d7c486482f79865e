import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FakeProvider, startFakeProvider } from "../../cli/demo/fake-provider.ts";
import { listen, type OtlpReceiver, startOtlpReceiver } from "./otlp-receiver.ts";
import { runApp } from "./run-app.ts";

describe("leeway/sdk", () => {
  let provider: FakeProvider;
  let ours: OtlpReceiver;
  beforeAll(async () => {
    provider = await startFakeProvider({ seed: 1, models: { good: { latencyMs: { median: 10, sigma: 0 } } } });
    ours = await startOtlpReceiver();
  });
  afterAll(() => Promise.all([provider.close(), ours.close()]));

  it.each([["--import"], ["--require"]])(
    "sends the app's spans where OTEL_* says and ours to the agent: %s",
    async (flag) => {
      const theirs: Buffer[] = [];
      const backend = await listen(async (incoming, response) => {
        for await (const part of incoming) theirs.push(part);
        response.end();
      });
      const run = runApp([flag, "leeway/sdk"], "traced.mjs", {
        OPENAI_BASE_URL: provider.url,
        LEEWAY_ENDPOINT: ours.url,
        OTEL_EXPORTER_OTLP_ENDPOINT: backend.url,
        OTEL_METRICS_EXPORTER: "none",
        OTEL_SERVICE_NAME: "traced-app",
      });
      expect(await run.ended).toBe(0);
      await backend.close();
      const { traceId, spanId } = JSON.parse(run.output());
      expect(ours.spans.at(-1)).toMatchObject({
        name: "chat good",
        traceId,
        parentSpanId: spanId,
        resource: { "service.name": "traced-app" },
      });
      // OTLP/protobuf keeps strings and ids as they are.
      const received = Buffer.concat(theirs);
      expect(received.includes("handle request")).toBe(true);
      expect(received.includes(Buffer.from(traceId, "hex"))).toBe(true);
      expect(received.includes("chat good")).toBe(false);
    },
  );

  it("names the package to install when it is missing", async () => {
    const folder = mkdtempSync(join(tmpdir(), "leeway-sdk-"));
    cpSync(join(import.meta.dirname, "..", "..", "dist"), folder, { recursive: true });
    const entry = pathToFileURL(join(folder, "instrumentation", "sdk.js")).href;
    const error = await import(entry).catch((reason: unknown) => reason);
    rmSync(folder, { recursive: true });
    expect(error).toMatchObject({
      code: "missing-package",
      message: expect.stringContaining("npm install @opentelemetry/sdk-node"),
    });
  });
});
