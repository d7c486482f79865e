/**
 * The `leeway/sdk` entry (`node --import leeway/sdk app.js`): for apps that have no OpenTelemetry yet and want it
 * beside Leeway. Starts the full NodeSDK as the OTEL_* variables say, and the preload. Spans of calls take the app's
 * active span as their parent, so that both kinds share trace ids.
 *
 * Importing it throws `missing-package` when @opentelemetry/sdk-node, an optional peer, is not installed.
 */
import { createRequire } from "node:module";
import { LeewayError } from "../core/errors.ts";

type Sdk = typeof import("@opentelemetry/sdk-node");

const PEER = "@opentelemetry/sdk-node";
const require = createRequire(import.meta.url);

const loadPeer = (): Sdk => {
  try {
    return require(PEER);
  } catch (cause) {
    throw new LeewayError("missing-package", `leeway/sdk needs ${PEER}; run: npm install ${PEER}`, { cause });
  }
};

const { NodeSDK } = loadPeer();
const sdk = new NodeSDK();
sdk.start();
require("./preload.cjs");

let stopped: Promise<void> | undefined;

/**
 * Sends what the NodeSDK still holds and stops it; safe to call twice. Happens by itself when the process runs out of
 * work; apps that end by `process.exit()` or handle signals call it themselves. A collector that cannot be reached is
 * no reason for an error here.
 */
export const shutdown = (): Promise<void> => {
  stopped ??= sdk.shutdown().catch(() => {});
  return stopped;
};

process.once("beforeExit", () => void shutdown());
