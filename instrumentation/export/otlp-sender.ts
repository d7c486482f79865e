import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { withoutAppTracing } from "../app-tracing.ts";
import type { Send } from "./deliver.ts";
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

/** The exporter's transport and what it answers (`ExportResponse` of otlp-exporter-base). */
interface Transport {
  send(data: Uint8Array, timeoutMillis: number): Promise<Reply>;
  shutdown(): void;
}

interface Reply {
  readonly status: "success" | "failure" | "retryable";
  readonly data?: Uint8Array;
  readonly error?: Error & { readonly code?: number | string };
  readonly retryInMillis?: number;
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
 * Takes out the exporter's own retries: they hold the process open with a timer for up to 8 s, and hide the answer.
 * Returns where the collector's latest answer is found.
 */
const withoutInnerRetry = (exporter: OTLPTraceExporter): { readonly reply: () => Reply | null } => {
  const delegate = member(exporter, "_delegate");
  const plain = member(member(delegate, "_transport"), "_transport") as Transport;
  let latest: Reply | null = null;
  const transport: Transport = {
    send: async (data, timeoutMillis) => {
      latest = null;
      latest = await plain.send(data, timeoutMillis);
      return latest;
    },
    shutdown: () => plain.shutdown(),
  };
  Reflect.set(Object(delegate), "_transport", transport);
  return { reply: () => latest };
};

const rejectedIn = (data: Uint8Array | undefined): number => {
  try {
    const body = JSON.parse(Buffer.from(data ?? []).toString("utf8"));
    // A protobuf int64: JSON has it as text.
    return Number(body.partialSuccess?.rejectedSpans ?? 0) || 0;
  } catch {
    return 0;
  }
};

const outcomeOf = (reply: Reply | null, exported: boolean, size: number): SendOutcome => {
  if (exported) return { outcome: "sent", rejected: Math.min(size, rejectedIn(reply?.data)) };
  // Without any reply the batch never left: it could not be put into words.
  if (reply === null) return { outcome: "refused", why: "it could not be encoded" };
  const why = String(reply.error?.code ?? reply.error?.message ?? "it asked to wait");
  if (REFUSING.has(reply.error?.code)) return { outcome: "refused", why };
  return { outcome: "retry", why, retryAfterMs: reply.retryInMillis ?? null };
};

/** Creates the function that sends one batch of spans over OTLP/HTTP (JSON). It never rejects. */
export const createOtlpSender = (settings: SenderSettings, env: NodeJS.ProcessEnv): Send<ReadableSpan> => {
  const exporter = withoutForeignExporterSettings(
    env,
    () =>
      new OTLPTraceExporter({
        url: `${settings.endpoint.replace(/\/+$/, "")}/v1/traces`,
        headers: settings.token === null ? {} : { authorization: `Bearer ${settings.token}` },
        timeoutMillis: settings.timeoutMs,
        httpAgentOptions: quietAgent,
      }),
  );
  const { reply } = withoutInnerRetry(exporter);
  return (batch) =>
    new Promise((resolve) => {
      const done = ({ code }: { code: number }) => resolve(outcomeOf(reply(), code === 0, batch.length));
      try {
        withoutAppTracing(() => exporter.export([...batch], done));
      } catch {
        resolve({ outcome: "refused", why: "it could not be encoded" });
      }
    });
};
