import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { loadSdk } from "../../../agent/telemetry/load-sdk.ts";
import { type OpenTelemetry, openTelemetry, type TelemetryParts } from "../../../agent/telemetry/open-telemetry.ts";
import { type Ending, NO_TELEMETRY } from "../../../agent/telemetry/telemetry.ts";
import { recordingLog } from "../../store/recording-log.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { startTelemetryReceiver, type TelemetryReceiver } from "./telemetry-receiver.ts";

const done = (): Ending => ({ outcome: "done", problem: "" });

describe("the agent's own telemetry", () => {
  let receiver: TelemetryReceiver;
  let opened: OpenTelemetry[];
  let messages: readonly string[];
  beforeEach(async () => {
    receiver = await startTelemetryReceiver();
    opened = [];
    for (const name of Object.keys(process.env)) if (name.startsWith("OTEL_")) vi.stubEnv(name, undefined);
    vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.url);
    vi.stubEnv("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json");
  });
  afterEach(async () => {
    await Promise.all(opened.map(({ close }) => close()));
    await receiver.close();
    vi.unstubAllEnvs();
  });

  const open = async (parts: Partial<TelemetryParts> = {}, telemetry = true): Promise<OpenTelemetry> => {
    const listener = { listen: { host: "127.0.0.1", port: 4318 }, token: null, hosts: [], tls: null };
    const recording = recordingLog();
    messages = recording.messages;
    const settings = {
      collector: { ...listener, spool: { dir: "", maxBytes: 0 }, hold: 0 },
      agent: {
        ...{
          ...listener,
          tick: 5_000,
          settle: 0,
          flipDeadline: 0,
          drainDeadline: 0,
          prices: null,
          models: null,
          telemetry,
        },
        ...{ externalUrl: null, actionLinks: null, grafana: null },
      },
    };
    const own = await openTelemetry(settings, {
      ...{ environment: process.env, version: "1.2.3", log: recording.log, elapsed: () => performance.now() },
      ...parts,
    });
    opened.push(own);
    return own;
  };
  const work = ({ telemetry }: OpenTelemetry, problem = ""): Promise<number> =>
    telemetry.within(
      { name: "round", labels: { migration: "m" } },
      async () => 7,
      () => ({ outcome: "done", problem }),
    );

  it("says nothing and loads nothing unless it is asked for", async () => {
    const load = vi.fn(loadSdk);
    const own = await open({ load }, false);
    expect(own.telemetry).toBe(NO_TELEMETRY);
    expect(await work(own)).toBe(7);
    await own.close();
    expect(load).not.toHaveBeenCalled();
    expect(receiver.requests).toEqual([]);
  });

  it("tells work, and the work within it as its part", async () => {
    const own = await open();
    const fold = { name: "fold", labels: { migration: "m" }, facts: { from_ms: 1 } } as const;
    const result = await own.telemetry.within(
      { name: "round", labels: { migration: "m" } },
      () =>
        own.telemetry.within(
          fold,
          async () => 3,
          (calls) => ({ ...done(), facts: { calls } }),
        ),
      () => ({ ...done(), facts: { ticks: 1, decision: "advance" } }),
    );
    own.telemetry.stored(5);
    await own.close();
    expect(result).toBe(3);
    const [inner, outer, ...others] = receiver.spans();
    expect(others).toEqual([]);
    expect(outer).toMatchObject({
      name: "leeway.round",
      status: { code: 0 },
      attributes: {
        "leeway.migration": "m",
        "leeway.outcome": "done",
        "leeway.round.ticks": 1,
        "leeway.round.decision": "advance",
      },
      resource: { "service.name": "leeway-agent" },
    });
    expect(inner).toMatchObject({
      name: "leeway.fold",
      traceId: outer?.traceId,
      parentSpanId: outer?.spanId,
      attributes: { "leeway.fold.from_ms": 1, "leeway.fold.calls": 3 },
    });
    const counted = { "leeway.migration": "m", "leeway.outcome": "done" };
    expect(receiver.points().toSorted((a, b) => a.name.localeCompare(b.name))).toEqual([
      { name: "leeway.fold.duration", attributes: counted, value: 1 },
      { name: "leeway.folds", attributes: counted, value: 1 },
      { name: "leeway.round.duration", attributes: counted, value: 1 },
      { name: "leeway.rounds", attributes: counted, value: 1 },
      { name: "leeway.spans.stored", attributes: {}, value: 5 },
    ]);
  });

  it("tells what went wrong as the span's status, and what is thrown is thrown on", async () => {
    const own = await open();
    await work(own, "the store is down");
    const broken = own.telemetry.within({ name: "fold", labels: {} }, () => Promise.reject(new Error("no\nway")), done);
    await expect(broken).rejects.toThrow("no\nway");
    await own.close();
    expect(
      receiver.spans().map(({ name, status, attributes }) => [name, status, attributes["leeway.outcome"]]),
    ).toEqual([
      ["leeway.round", { code: 2, message: "the store is down" }, "done"],
      ["leeway.fold", { code: 2, message: "no" }, "failed"],
    ]);
  });

  it("gives back what the work gave where its ending cannot be told", async () => {
    const own = await open();
    const odd = (): Ending => {
      throw new Error("a bug");
    };
    expect(await own.telemetry.within({ name: "round", labels: {} }, async () => 7, odd)).toBe(7);
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ["OTEL_SERVICE_NAME", { OTEL_SERVICE_NAME: "watcher" }, "watcher"],
    ["OTEL_RESOURCE_ATTRIBUTES", { OTEL_RESOURCE_ATTRIBUTES: "a=b, service.name=watcher" }, "watcher"],
    ["neither", { OTEL_RESOURCE_ATTRIBUTES: "service.namespace=x" }, "leeway-agent"],
  ])("is called what %s says", async (_, variables, name) => {
    for (const [variable, value] of Object.entries(variables)) vi.stubEnv(variable, value);
    const own = await open();
    await work(own);
    await own.close();
    expect(receiver.spans()[0]?.resource["service.name"]).toBe(name);
  });

  it("goes to the paths of OTLP, with the headers of OTEL_*, as protobuf where nothing else is said", async () => {
    vi.stubEnv("OTEL_EXPORTER_OTLP_PROTOCOL", undefined);
    vi.stubEnv("OTEL_EXPORTER_OTLP_HEADERS", "api-key=for-the-backend");
    const own = await open();
    await work(own);
    await own.close();
    expect(receiver.requests.map(({ path }) => path).sort()).toEqual(["/v1/metrics", "/v1/traces"]);
    for (const { headers } of receiver.requests) {
      expect(headers).toMatchObject({ "content-type": "application/x-protobuf", "api-key": "for-the-backend" });
    }
    expect(receiver.requests.find(({ path }) => path === "/v1/traces")?.body.includes("leeway.round")).toBe(true);
  });

  it.each<[string, string, readonly string[]]>([
    ["OTEL_SDK_DISABLED", "true", []],
    ["OTEL_TRACES_EXPORTER", "none", ["/v1/metrics"]],
    ["OTEL_METRICS_EXPORTER", "none", ["/v1/traces"]],
    ["OTEL_TRACES_SAMPLER", "always_off", ["/v1/metrics"]],
  ])("obeys %s=%s", async (variable, value, paths) => {
    vi.stubEnv(variable, value);
    const own = await open();
    expect(await work(own)).toBe(7);
    await own.close();
    expect(receiver.requests.map(({ path }) => path)).toEqual(paths);
  });

  it("can be closed and opened again in one process", async () => {
    for (const round of [1, 2]) {
      const own = await open();
      await work(own);
      await own.close();
      expect(receiver.spans()).toHaveLength(round);
    }
  });

  it("does not wait for a receiver that does not answer: not with work, and not longer than it may with its end", async () => {
    receiver.become("silent");
    vi.stubEnv("OTEL_BSP_SCHEDULE_DELAY", "1");
    vi.stubEnv("OTEL_EXPORTER_OTLP_TIMEOUT", "600000");
    const own = await open({ closeMs: 50 });
    expect(await work(own)).toBe(7);
    await expect.poll(() => receiver.requests.length).toBeGreaterThan(0);
    expect(await work(own)).toBe(7);
    await own.close();
    expect(receiver.answered()).toBe(0);
    expect(messages).toContain("the agent's own telemetry was not taken in time; what was left of it is dropped");
  });

  it("says once that it is not taken, and its work goes on", async () => {
    receiver.become(400);
    vi.stubEnv("OTEL_BSP_SCHEDULE_DELAY", "1");
    const own = await open({ elapsed: () => 0 });
    await work(own);
    await expect.poll(() => messages.length).toBe(1);
    await work(own);
    await own.close();
    expect(receiver.requests.length).toBeGreaterThan(1);
    expect(messages).toEqual(["the agent's own telemetry could not be sent; its work goes on all the same"]);
  });

  it("says what of OTEL_* it cannot make sense of", async () => {
    vi.stubEnv("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "carrier-pigeon");
    await open();
    await expect.poll(() => messages.join()).toContain("Unsupported OTLP traces protocol");
  });

  it("refuses to start without its packages, and says which", async () => {
    const nowhere = join(temporaryDirectory(), "package.json");
    await expect(open({ load: () => loadSdk([nowhere]) })).rejects.toMatchObject({
      code: "missing-package",
      message:
        "agent.telemetry needs @opentelemetry/sdk-node and @opentelemetry/api; run: " +
        "npm install @opentelemetry/sdk-node @opentelemetry/api, or set agent.telemetry to false",
    });
  });

  it.each([
    ["as it is configured", "http://localhost:4318", 4318],
    ["once it is known where", "http://127.0.0.1:40001/", 40_001],
  ])("refuses to send to the agent's own collector, %s", async (_, endpoint, port) => {
    vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint);
    const start = async (): Promise<void> => (await open()).beside(`http://127.0.0.1:${port}`);
    await expect(start()).rejects.toMatchObject({
      code: "config-invalid",
      message: expect.stringContaining(`which is this agent's own collector (collector.listen 127.0.0.1:${port})`),
    });
    expect(receiver.requests).toEqual([]);
  });
});
