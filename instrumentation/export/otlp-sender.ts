import { JsonTraceSerializer } from "@opentelemetry/otlp-transformer";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { retryAfterMs } from "../../core/retry-after.ts";
import { withoutAppTracing } from "../app-tracing.ts";
import { createExchange, type Reply } from "./http-exchange.ts";
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

/** Collaborators of the sender. */
export interface SenderCollaborators {
  /** Epoch ms. */
  readonly now: () => number;
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

/** HTTP statuses that condemn the batch; every other failure may pass. */
const REFUSING: readonly number[] = [400, 413];

const rejectedIn = (answer: string): number => {
  try {
    // A protobuf int64: JSON has it as text.
    const { rejectedSpans, rejectedLogRecords } = JSON.parse(answer).partialSuccess ?? {};
    return Number(rejectedSpans ?? rejectedLogRecords ?? 0) || 0;
  } catch {
    return 0;
  }
};

const outcomeOf = ({ status, retryAfter, body }: Reply, count: number, now: number): SendOutcome => {
  if (status >= 200 && status < 300) return { outcome: "sent", rejected: Math.min(count, rejectedIn(body)) };
  if (REFUSING.includes(status)) return { outcome: "refused", why: String(status) };
  const waitMs = retryAfterMs(retryAfter, now);
  return { outcome: "retry", why: waitMs === null ? String(status) : "it asked to wait", retryAfterMs: waitMs };
};

/** Why there is no answer: a code such as ECONNREFUSED. A message is not repeated, whatever it quotes. */
const failureOf = (error: unknown): SendOutcome => {
  const { code, name } = error as Partial<NodeJS.ErrnoException>;
  return { outcome: "retry", why: String(code ?? name ?? "unknown"), retryAfterMs: null };
};

/** One try per call: when to come again, and what is kept until then, is for the queue to say. */
const createSend = (settings: SenderSettings, signal: OtlpSignal, { now }: SenderCollaborators): SendEncoded => {
  const { endpoint, token, timeoutMs } = settings;
  const headers = {
    "content-type": "application/json",
    "user-agent": "leeway",
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  };
  const url = new URL(`${endpoint.replace(/\/+$/, "")}/v1/${signal}`);
  const post = createExchange({ method: "POST", url, headers, timeoutMs });
  return async (data, count) => {
    try {
      return outcomeOf(await withoutAppTracing(() => post(data)), count, now());
    } catch (error) {
      return failureOf(error);
    }
  };
};

/** Creates the sender of log records over OTLP/HTTP (JSON). */
export const createLogSender = (settings: SenderSettings, collaborators: SenderCollaborators): SendEncoded =>
  createSend(settings, "logs", collaborators);

const encode: OtlpSender["encode"] = (batch) => {
  try {
    return JsonTraceSerializer.serializeRequest([...batch]) ?? null;
  } catch {
    return null;
  }
};

/** Creates the sender of spans over OTLP/HTTP (JSON). */
export const createOtlpSender = (settings: SenderSettings, collaborators: SenderCollaborators): OtlpSender => ({
  encode,
  sendEncoded: createSend(settings, "traces", collaborators),
});
