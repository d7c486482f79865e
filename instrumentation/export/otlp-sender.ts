import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { withoutAppTracing } from "../app-tracing.ts";
import { withoutForeignExporterSettings } from "./own-environment.ts";
import { quietAgent } from "./quiet-agent.ts";
import type { SendOutcome } from "./send-outcome.ts";

/** Settings of the sender. */
export interface SenderSettings {
  /** Base URL of the collector, e.g. `http://127.0.0.1:4318`. */
  readonly endpoint: string;
  /** Sent as a bearer token; null for none. */
  readonly token: string | null;
  /** A collector that is silent for this long is treated as down. */
  readonly timeoutMs: number;
}

/** The signals that are sent; each has its path. */
export type OtlpSignal = "traces" | "logs";

/** Sends one encoded request, which holds `count` spans or log records. Never rejects. */
export type SendEncoded = (data: Uint8Array, count: number) => Promise<SendOutcome>;

/** Puts spans into words, and sends them; apart, because a spool holds the words. */
export interface OtlpSender {
  /** One OTLP/JSON request, on one line; null when the spans cannot be encoded. */
  readonly encode: (batch: readonly ReadableSpan[]) => Uint8Array | null;
  readonly sendEncoded: SendEncoded;
}

/** The exporter's transport and what it answers (`ExportResponse` of otlp-exporter-base). */
interface Transport {
  send(data: Uint8Array, timeoutMillis: number): Promise<Reply>;
}

interface Reply {
  readonly status: "success" | "failure" | "retryable";
  readonly data?: Uint8Array;
  readonly error?: Error & { readonly code?: number | string };
  readonly retryInMillis?: number;
}

interface Serializer {
  serializeRequest(batch: readonly ReadableSpan[]): Uint8Array | undefined;
}

/** HTTP statuses that condemn the batch; every other failure may pass. */
const REFUSING = new Set<unknown>([400, 413]);

/** Members the exporter keeps to itself; it is bundled at a pinned version, and a changed one is found here. */
const member = (owner: unknown, name: string): unknown => {
  const value: unknown = Reflect.get(Object(owner), name);
  if (value === undefined) throw new Error(`the OTLP exporter has no ${name} any more`);
  return value;
};

/**
 * The exporter's parts, without what is built around them: its retries hold the process open with a timer for up to
 * 8 s and hide the collector's answer, and what it cannot send it drops.
 */
const partsOf = (exporter: OTLPTraceExporter): { readonly transport: Transport; readonly serializer: Serializer } => {
  const delegate = member(exporter, "_delegate");
  return {
    transport: member(member(delegate, "_transport"), "_transport") as Transport,
    serializer: member(delegate, "_serializer") as Serializer,
  };
};

const rejectedIn = (data: Uint8Array | undefined): number => {
  try {
    const body = JSON.parse(Buffer.from(data ?? []).toString("utf8"));
    // A protobuf int64: JSON has it as text.
    const { rejectedSpans, rejectedLogRecords } = body.partialSuccess ?? {};
    return Number(rejectedSpans ?? rejectedLogRecords ?? 0) || 0;
  } catch {
    return 0;
  }
};

const outcomeOf = ({ status, data, error, retryInMillis }: Reply, count: number): SendOutcome => {
  if (status === "success") return { outcome: "sent", rejected: Math.min(count, rejectedIn(data)) };
  const why = String(error?.code ?? error?.message ?? "it asked to wait");
  if (REFUSING.has(error?.code)) return { outcome: "refused", why };
  return { outcome: "retry", why, retryAfterMs: retryInMillis ?? null };
};

const openParts = (settings: SenderSettings, signal: OtlpSignal, env: NodeJS.ProcessEnv) =>
  withoutForeignExporterSettings(env, () =>
    partsOf(
      new OTLPTraceExporter({
        url: `${settings.endpoint.replace(/\/+$/, "")}/v1/${signal}`,
        headers: settings.token === null ? {} : { authorization: `Bearer ${settings.token}` },
        timeoutMillis: settings.timeoutMs,
        httpAgentOptions: quietAgent,
      }),
    ),
  );

const sendWith =
  (transport: Transport, timeoutMs: number): SendEncoded =>
  async (data, count) => {
    try {
      return outcomeOf(await withoutAppTracing(() => transport.send(data, timeoutMs)), count);
    } catch (error) {
      return { outcome: "retry", why: error instanceof Error ? error.name : "unknown", retryAfterMs: null };
    }
  };

/** Creates the sender of log records over OTLP/HTTP (JSON). The transport does not mind what it carries. */
export const createLogSender = (settings: SenderSettings, env: NodeJS.ProcessEnv): SendEncoded =>
  sendWith(openParts(settings, "logs", env).transport, settings.timeoutMs);

/** Creates the sender of spans over OTLP/HTTP (JSON). */
export const createOtlpSender = (settings: SenderSettings, env: NodeJS.ProcessEnv): OtlpSender => {
  const { transport, serializer } = openParts(settings, "traces", env);
  const encode: OtlpSender["encode"] = (batch) => {
    try {
      return serializer.serializeRequest(batch) ?? null;
    } catch {
      return null;
    }
  };
  return { encode, sendEncoded: sendWith(transport, settings.timeoutMs) };
};
