import { describe, expect, it } from "vitest";
import { type AddressBook, refuseOwnCollector } from "../../../agent/telemetry/refuse-own-collector.ts";
import { telemetryPlaces } from "../../../agent/telemetry/telemetry-places.ts";

const NAMES: Readonly<Record<string, readonly string[]>> = {
  "this-machine.example": ["192.0.2.7"],
  "alias.example": ["127.0.0.1"],
  "both.example": ["198.51.100.1", "::1"],
  "backend.example": ["198.51.100.1"],
};

const book: AddressBook = {
  addressesOf: async (name) => NAMES[name] ?? Promise.reject(new Error(`no such name: ${name}`)),
  own: () => ["127.0.0.1", "192.0.2.7", "2001:db8::7", "fe80::1%eth0"],
};

const refusal = async (
  environment: Readonly<Record<string, string>>,
  host = "127.0.0.1",
  port = 4318,
  hosts: readonly string[] = [],
): Promise<string> => {
  try {
    await refuseOwnCollector(telemetryPlaces(environment), { listen: { host, port }, hosts }, book);
    return "";
  } catch (error) {
    return (error as Error).message;
  }
};
const toEndpoint = (endpoint: string, ...collector: [host?: string, port?: number, hosts?: readonly string[]]) =>
  refusal({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }, ...collector);

describe("the agent's own collector is refused as a place for its own telemetry", () => {
  it.each([
    "http://127.0.0.1:4318",
    "http://localhost:4318/",
    "http://LOCALHOST:4318/v1/traces",
    "http://localhost.:4318",
    "http://me.localhost:4318",
    "http://127.9.9.9:4318",
    "http://127.1:4318",
    "http://2130706433:4318",
    "http://0x7f000001:4318",
    "http://[::1]:4318",
    "http://[0:0:0:0:0:0:0:1]:4318",
    "http://[::ffff:127.0.0.1]:4318",
    "http://0.0.0.0:4318",
    "http://[::]:4318",
    "https://localhost:4318",
    "localhost:4318",
    "http://user:password@localhost:4318",
    "http://alias.example:4318",
    "http://both.example:4318",
  ])("as %s", async (endpoint) => {
    expect(await toEndpoint(endpoint)).toContain("this agent's own collector (collector.listen 127.0.0.1:4318)");
  });

  it.each<[string, string, ...(Parameters<typeof toEndpoint> extends [string, ...infer Rest] ? Rest : never)]>([
    ["by an address of the machine, where it listens on all", "http://192.0.2.7:4318", "0.0.0.0"],
    ["by another one", "http://[2001:db8::7]:4318", "::"],
    ["by the loopback, where it listens on all", "http://localhost:4318", "::"],
    ["by a name of the machine", "http://this-machine.example:4318", "0.0.0.0"],
    ["by the address it listens on", "http://192.0.2.7:4318", "192.0.2.7"],
    ["by the name it listens on", "http://192.0.2.7:4318", "this-machine.example"],
    ["by a name under which it is addressed", "http://agent.internal:4318", "127.0.0.1", 4318, ["agent.internal"]],
    ["by the port of the scheme", "http://localhost", "127.0.0.1", 80],
  ])("%s", async (_, endpoint, ...collector) => {
    expect(await toEndpoint(endpoint, ...collector)).toContain("this agent's own collector");
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ["nothing is set", {}, "neither OTEL_EXPORTER_OTLP_ENDPOINT nor OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is set"],
    ["it is empty", { OTEL_EXPORTER_OTLP_ENDPOINT: " " }, "neither OTEL_EXPORTER_OTLP_ENDPOINT nor"],
    ["it is no address", { OTEL_EXPORTER_OTLP_ENDPOINT: "http://" }, "neither OTEL_EXPORTER_OTLP_ENDPOINT nor"],
    [
      "only one signal has a place",
      { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://backend.example/t" },
      "neither OTEL_EXPORTER_OTLP_ENDPOINT nor OTEL_EXPORTER_OTLP_METRICS_ENDPOINT is set",
    ],
    [
      "one signal's place is it",
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: "http://backend.example",
        OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: "http://127.0.0.1:4318/v1/metrics",
      },
      "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT is http://127.0.0.1:4318, which is",
    ],
    [
      "one signal is off and the other goes there",
      { OTEL_TRACES_EXPORTER: "none", OTEL_EXPORTER_OTLP_ENDPOINT: "http://localhost:4318" },
      "name the collector that the agent's metrics are for, or set agent.telemetry to false",
    ],
    [
      "it goes there as gRPC",
      { OTEL_EXPORTER_OTLP_PROTOCOL: "grpc", OTEL_EXPORTER_OTLP_ENDPOINT: "localhost:4318" },
      "OTEL_EXPORTER_OTLP_ENDPOINT is http://localhost:4318",
    ],
    [
      "it goes there for Zipkin",
      {
        OTEL_TRACES_EXPORTER: "zipkin",
        OTEL_METRICS_EXPORTER: "none",
        OTEL_EXPORTER_ZIPKIN_ENDPOINT: "http://localhost:4318/api/v2/spans",
      },
      "OTEL_EXPORTER_ZIPKIN_ENDPOINT is http://localhost:4318",
    ],
  ])("where %s", async (_, environment, message) => {
    expect(await refusal(environment)).toContain(message);
  });

  it("quotes no password", async () => {
    expect(await toEndpoint("http://user:password@localhost:4318")).not.toMatch(/user|password/);
  });
});

describe("every other place is taken", () => {
  it.each<[string, Readonly<Record<string, string>>, string?]>([
    ["another port", { OTEL_EXPORTER_OTLP_ENDPOINT: "http://localhost:4319" }],
    ["another machine", { OTEL_EXPORTER_OTLP_ENDPOINT: "http://backend.example:4318" }],
    ["a name that is not known", { OTEL_EXPORTER_OTLP_ENDPOINT: "http://nobody.example:4318" }],
    ["a collector beside, on the machine's own address", { OTEL_EXPORTER_OTLP_ENDPOINT: "http://192.0.2.7:4318" }],
    ["the loopback, where ours is elsewhere", { OTEL_EXPORTER_OTLP_ENDPOINT: "http://localhost:4318" }, "192.0.2.7"],
    ["gRPC's own port", { OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" }],
    ["nowhere: it is off", { OTEL_SDK_DISABLED: "TRUE" }],
    ["nowhere: nothing is exported", { OTEL_TRACES_EXPORTER: "none", OTEL_METRICS_EXPORTER: "none" }],
    ["standard output", { OTEL_TRACES_EXPORTER: "console", OTEL_METRICS_EXPORTER: "prometheus" }],
    ["Zipkin's own port", { OTEL_TRACES_EXPORTER: "zipkin", OTEL_METRICS_EXPORTER: "none" }],
  ])("%s", async (_, environment, host) => {
    expect(await refusal(environment, host)).toBe("");
  });
});
