import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FakeProvider, startFakeProvider } from "../../demo/fake-provider.ts";
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

  const inApp = { "handle request": 1 };
  it.each<[variables: Readonly<Record<string, string>>, theirs: Readonly<Record<string, number>>]>([
    [{ OTEL_TRACES_SAMPLER: "always_off" }, {}],
    [{ OTEL_TRACES_SAMPLER: "traceidratio", OTEL_TRACES_SAMPLER_ARG: "1" }, inApp],
    [{ OTEL_TRACES_EXPORTER: "none" }, {}],
    [{ OTEL_SDK_DISABLED: "true" }, {}],
    [{ OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: "1", OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: "1" }, inApp],
    [{ OTEL_BSP_SCHEDULE_DELAY: "1", OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "1" }, inApp],
    [{ OTEL_PROPAGATORS: "b3" }, inApp],
    [{ OTEL_EXPORTER_OTLP_HEADERS: "api-key=SECRET", OTEL_EXPORTER_OTLP_COMPRESSION: "gzip" }, inApp],
    [{ OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=staging" }, inApp],
  ])("goes by %j for the app's spans, and ours are whole all the same", async (variables, expected) => {
    const theirs = await startOtlpReceiver();
    const before = ours.spans.length;
    const run = runApp(["--import", "leeway/sdk"], "traced.mjs", {
      ...{ OPENAI_BASE_URL: provider.url, LEEWAY_ENDPOINT: ours.url, OTEL_SERVICE_NAME: "traced-app" },
      ...{ OTEL_EXPORTER_OTLP_ENDPOINT: theirs.url, OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" },
      ...{ OTEL_METRICS_EXPORTER: "none", OTEL_LOGS_EXPORTER: "none", ...variables },
    });
    expect([await run.ended, run.errors()]).toEqual([0, ""]);
    await theirs.close();
    const counts = Object.groupBy(theirs.spans, ({ name }) => name);
    expect(Object.fromEntries(Object.entries(counts).map(([name, spans]) => [name, spans?.length]))).toEqual(expected);
    const [span, ...more] = ours.spans.slice(before);
    expect(more).toEqual([]);
    expect(span?.attributes).toMatchObject({ "gen_ai.request.model": "good", "leeway.output.refusal_class": "none" });
    expect(span?.resource["service.name"]).toBe("traced-app");
    expect(JSON.stringify(ours.requests.at(-1)?.headers)).not.toContain("SECRET");
    if (variables.OTEL_RESOURCE_ATTRIBUTES !== undefined) {
      for (const { resource } of [span, ...theirs.spans].filter((one) => one !== undefined))
        expect(resource["deployment.environment.name"]).toBe("staging");
    }
    if (variables.OTEL_EXPORTER_OTLP_HEADERS !== undefined)
      expect(theirs.requests[0]?.headers).toMatchObject({ "api-key": "SECRET" });
  });

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
