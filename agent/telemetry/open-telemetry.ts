import { withinOr } from "../../async/within-or.ts";
import type { Log } from "../../core/log.ts";
import type { Settings } from "../config/settings.ts";
import { createTelemetry } from "./create-telemetry.ts";
import { type Api, loadSdk, type Sdk } from "./load-sdk.ts";
import { type AddressBook, refuseOwnCollector, SYSTEM_ADDRESSES } from "./refuse-own-collector.ts";
import { NO_TELEMETRY, type Telemetry } from "./telemetry.ts";
import { type Environment, telemetryPlaces } from "./telemetry-places.ts";
import { tellTrouble } from "./tell-trouble.ts";

/** What telemetry is opened with. */
export interface TelemetryParts {
  /** The process's own: the SDK reads no other. */
  readonly environment: Environment;
  readonly version: string;
  readonly log: Log;
  /** Counts ms from anywhere. */
  readonly elapsed: () => number;
  readonly load?: () => Sdk;
  readonly addresses?: AddressBook;
  /** How long the end of the agent waits for what is still to be sent, ms. Default 2 s. */
  readonly closeMs?: number;
}

/** Telemetry, and how it is ended. */
export interface OpenTelemetry {
  readonly telemetry: Telemetry;
  /** To be told where the collector listens, once that is known; throws LeewayError `config-invalid` where that is where it sends to. */
  readonly beside: (collectorUrl: string) => Promise<void>;
  /** Sends what is left, within the time it has. Never rejects. */
  readonly close: () => Promise<void>;
}

const OFF: OpenTelemetry = { telemetry: NO_TELEMETRY, beside: async () => undefined, close: async () => undefined };

const SERVICE = "leeway-agent";

/** True where the user has named the service. */
const isNamed = ({ OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES = "" }: Environment): boolean =>
  Boolean(OTEL_SERVICE_NAME?.trim()) || /(^|,)\s*service\.name\s*=\s*[^,\s]/.test(OTEL_RESOURCE_ATTRIBUTES);

/** Lets another agent of this process register its own. */
const unregister = ({ trace, metrics, context, propagation, logs, diag }: Api): void => {
  // An API before 1.10 has no logs.
  for (const part of [trace, metrics, context, propagation, logs, diag]) part?.disable();
};

/**
 * Starts the OpenTelemetry Node SDK as the `OTEL_*` variables say, where `agent.telemetry` asks for it; else nothing is
 * loaded. Throws LeewayError `missing-package`, or `config-invalid` where it would send to the agent's own collector.
 */
export const openTelemetry = async (
  { agent, collector }: Pick<Settings, "agent" | "collector">,
  { environment, version, log, elapsed, ...parts }: TelemetryParts,
): Promise<OpenTelemetry> => {
  if (!agent.telemetry) return OFF;
  const { load = loadSdk, addresses = SYSTEM_ADDRESSES, closeMs = 2_000 } = parts;
  const places = telemetryPlaces(environment);
  await refuseOwnCollector(places, collector, addresses);
  const { NodeSDK, api } = load();
  if (!environment.OTEL_LOG_LEVEL?.trim()) {
    api.diag.setLogger(tellTrouble(log, elapsed), { logLevel: api.DiagLogLevel.WARN, suppressOverrideMessage: true });
  }
  // No instrumentation: nothing but what the agent says itself becomes a span, and it says nothing by logs.
  const sdk = new NodeSDK({ ...(isNamed(environment) ? {} : { serviceName: SERVICE }), logRecordProcessors: [] });
  sdk.start();
  return {
    telemetry: createTelemetry(api, { version, elapsed }),
    beside: (url) => {
      const port = Number(new URL(url).port);
      return refuseOwnCollector(places, { ...collector, listen: { ...collector.listen, port } }, addresses);
    },
    close: async () => {
      const ended = sdk.shutdown().catch(() => undefined);
      if ((await withinOr(closeMs, ended, "late")) === "late") {
        log.warn("the agent's own telemetry was not taken in time; what was left of it is dropped");
      }
      unregister(api);
    },
  };
};
