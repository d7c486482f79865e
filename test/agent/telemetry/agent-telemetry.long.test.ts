// @module-tag soak
import { once } from "node:events";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { loadConfig } from "../../../agent/config/load-config.ts";
import { type Agent, createAgent } from "../../../agent/create-agent.ts";
import { chatSpan, jsonRequest } from "../../collector/otlp-request.ts";
import { listen } from "../../instrumentation/otlp-receiver.ts";
import { freePort } from "../../package/start-agent.ts";
import { recordingLog } from "../../store/recording-log.ts";
import { documentText } from "../config/documents.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { startTelemetryReceiver, type TelemetryReceiver, type TelemetrySpan } from "./telemetry-receiver.ts";

const SECRET = `whsec_${Buffer.from("thirty-two bytes of secret text!").toString("base64")}`;

const settingsText = ({ telemetry = true, collector = 0, webhook = "http://127.0.0.1:9/" } = {}): string => `
store: { port: 0 }
collector: { listen: "127.0.0.1:${collector}" }
agent: { listen: "127.0.0.1:0", tick: 1s, settle: 100ms, telemetry: ${telemetry} }
alerts: [{ type: webhook, name: people, url: "${webhook}", secret: "${SECRET}" }]
`;

/** OpenTelemetry's modules that this process has loaded. */
const loaded = (): readonly string[] =>
  Object.keys(createRequire(import.meta.url).cache).filter((path) => path.includes("@opentelemetry"));

describe("an agent's own telemetry", () => {
  let receiver: TelemetryReceiver;
  let agents: Agent[];
  let people: { readonly url: string; readonly close: () => Promise<void> };
  beforeEach(async () => {
    receiver = await startTelemetryReceiver();
    agents = [];
    const { url, close } = await listen((incoming, response) => {
      incoming.resume();
      response.end();
    });
    people = { url: `${url}/`, close };
    for (const name of Object.keys(process.env)) if (name.startsWith("OTEL_")) vi.stubEnv(name, undefined);
    vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.url);
    vi.stubEnv("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json");
    vi.stubEnv("OTEL_BSP_SCHEDULE_DELAY", "10");
    vi.stubEnv("OTEL_METRIC_EXPORT_INTERVAL", "100");
  });
  afterEach(async () => {
    await Promise.all(agents.splice(0).map((agent) => agent.close()));
    await Promise.all([receiver.close(), people.close()]);
    vi.unstubAllEnvs();
  });

  const start = async (settings: string): Promise<Agent> => {
    const folder = temporaryDirectory({ "leeway.yaml": settings, "migrations/m.yaml": documentText() });
    const agent = await createAgent(loadConfig(join(folder, "leeway.yaml"), {}), {
      now: Date.now,
      log: recordingLog().log,
      stdout: { write: () => true } as never,
      version: "1.2.3",
    });
    agents.push(agent);
    return agent;
  };
  const close = async (agent: Agent): Promise<void> => {
    agents.splice(agents.indexOf(agent), 1);
    await agent.close();
  };
  const send = async (agent: Agent, ids: readonly number[]): Promise<void> => {
    const endMs = Date.now();
    const spans = ids.map((n) => ({
      ...chatSpan(n, { "leeway.cohort": "baseline" }),
      ...{ startMs: endMs - 200, endMs },
    }));
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify(jsonRequest(spans));
    expect((await fetch(`${agent.collectorUrl}/v1/traces`, { method: "POST", headers, body })).status).toBe(200);
  };
  const named = (name: string): readonly TelemetrySpan[] => receiver.spans().filter((span) => span.name === name);
  const judged = async (agent: Agent): Promise<void> => {
    const before = agent.runners[0]?.detector.judged() ?? 0;
    await expect.poll(() => agent.runners[0]?.detector.judged()).toBeGreaterThan(before);
  };

  // First of all: what is loaded stays loaded.
  it("is off unless it is asked for: nothing is loaded, and nothing is sent", async () => {
    const agent = await start(settingsText({ telemetry: false, webhook: people.url }));
    await judged(agent);
    await close(agent);
    expect(loaded()).toEqual([]);
    expect(receiver.requests).toEqual([]);
  });

  it("tells rounds, folds, flips, deliveries and what was stored, and nothing else", async () => {
    const agent = await start(settingsText({ webhook: people.url }));
    await send(agent, [1, 2, 3]);
    await expect.poll(() => named("leeway.fold").map(({ attributes }) => attributes["leeway.fold.calls"])).toContain(3);
    await agent.runners[0]?.command({ command: "rollback", reason: "users complain", by: "ana" });
    // A round under way may come to the same flip, and find it done.
    const written = () => named("leeway.flip").filter(({ attributes }) => attributes["leeway.outcome"] === "written");
    await expect.poll(() => written().length).toBe(2);
    await expect.poll(() => named("leeway.delivery").length).toBeGreaterThanOrEqual(2);
    // By a way around, such as a load balancer, it may come back: then it is no call, and nothing is told of it.
    const { body = Buffer.alloc(0) } = receiver.requests.find(({ path }) => path === "/v1/traces") ?? {};
    const headers = { "content-type": "application/json" };
    expect((await fetch(`${agent.collectorUrl}/v1/traces`, { method: "POST", headers, body })).status).toBe(200);
    const metrics = await (await fetch(`${agent.url}/metrics`)).text();
    expect(metrics).toMatch(/^leeway_other_spans_total [1-9]/m);
    expect(metrics).toContain("leeway_rows_acknowledged_total 3\n");
    await close(agent);
    expect(loaded()).not.toEqual([]);

    const spans = receiver.spans();
    expect(new Set(spans.map(({ name }) => name))).toEqual(
      new Set(["leeway.round", "leeway.fold", "leeway.flip", "leeway.delivery"]),
    );
    const [raised, lowered] = written();
    const flip = { "leeway.migration": "m", "leeway.flip.flag": "model", "leeway.flip.target": "builtin" };
    const round = named("leeway.round").find(({ spanId }) => spanId === raised?.parentSpanId);
    expect(raised?.attributes).toEqual({ ...flip, "leeway.flip.share": 0.05, "leeway.outcome": "written" });
    expect(round?.attributes).toMatchObject({ "leeway.migration": "m", "leeway.round.decision": "continue" });
    // A person's command is no part of a round.
    expect(lowered?.attributes).toEqual({ ...flip, "leeway.flip.share": 0, "leeway.outcome": "written" });
    expect(lowered?.parentSpanId).toBeUndefined();
    const fold = named("leeway.fold").find(({ attributes }) => attributes["leeway.fold.calls"] === 3);
    expect(named("leeway.round").find(({ spanId }) => spanId === fold?.parentSpanId)?.attributes).toMatchObject({
      "leeway.outcome": "done",
      "leeway.round.ticks": expect.any(Number),
    });
    expect(named("leeway.delivery")[0]?.attributes).toMatchObject({
      "leeway.channel": "people",
      "leeway.outcome": "delivered",
      "leeway.delivery.attempt": 1,
      "leeway.delivery.migration": "m",
      "leeway.delivery.type": "stage",
    });
    expect(spans[0]?.resource).toMatchObject({ "service.name": "leeway-agent" });
    const points = receiver.points();
    const of = (name: string) => points.find((point) => point.name === name);
    expect(of("leeway.spans.stored")?.value).toBe(3);
    expect(of("leeway.flips")).toMatchObject({ value: 2, attributes: { "leeway.outcome": "written" } });
    const rounds = points.filter(({ name }) => name === "leeway.rounds").reduce((sum, { value }) => sum + value, 0);
    expect(rounds).toBe(named("leeway.round").length);
    for (const name of ["round", "fold", "flip", "delivery"]) {
      expect(of(`leeway.${name}.duration`)?.value).toBeGreaterThan(0);
    }
    expect(of("leeway.deliveries")).toMatchObject({ attributes: { "leeway.channel": "people" } });
    expect(JSON.stringify(spans)).not.toContain("users complain");
  });

  it("goes to a receiver that does not answer: rounds go on, and so does the end", async () => {
    vi.stubEnv("OTEL_EXPORTER_OTLP_TIMEOUT", "600000");
    receiver.become("silent");
    const agent = await start(settingsText({ webhook: people.url }));
    await expect.poll(() => receiver.requests.length).toBeGreaterThan(0);
    await judged(agent);
    await judged(agent);
    await close(agent);
    expect(receiver.answered()).toBe(0);
  });

  it.each(["localhost", "127.0.0.1", "[::1]"])(
    "may not go to its own collector, as %s: nothing is opened",
    async (host) => {
      const collector = await freePort();
      vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", `http://${host}:${collector}`);
      await expect(start(settingsText({ collector }))).rejects.toMatchObject({
        code: "config-invalid",
        message: expect.stringContaining(`this agent's own collector (collector.listen 127.0.0.1:${collector})`),
      });
      const free = createServer().listen(collector, "127.0.0.1");
      await once(free, "listening");
      await new Promise((resolve) => free.close(resolve));
    },
  );
});
