import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import type { ShadowPlans } from "../../core/shadow-plan.ts";

/** A span as the receiver got it: OTLP/JSON with attributes as a plain object. */
export interface ReceivedSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  /** Epoch ms. */
  readonly start: number;
  readonly end: number;
  /** 2 = error. */
  readonly status: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, unknown>>;
}

/** A log record as the receiver got it. */
export interface ReceivedLog {
  readonly eventName: string;
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
  /** Epoch ms. */
  readonly at: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, unknown>>;
}

/** A collector for tests: keeps what it gets, and answers what it is told to. */
export interface OtlpReceiver {
  readonly url: string;
  readonly spans: ReceivedSpan[];
  readonly logs: ReceivedLog[];
  /** Body and headers of every request, accepted or not. */
  readonly requests: { readonly body: string; readonly headers: IncomingHttpHeaders }[];
  /** Replaces the answer to the requests from now on; null = accept. */
  answer: ((body: string) => { status: number; body?: string; headers?: Record<string, string> }) | null;
  /** What apps are told when they ask what to shadow; null = an agent that knows of no shadows. */
  plans: ShadowPlans | null;
  /** How long an answer takes; Infinity = there is none. */
  delayMs: number;
  /** So many of the next spans are not kept. */
  skip: number;
  readonly close: () => Promise<void>;
}

/** Starts an HTTP server on a free loopback port. */
export const listen = async (
  handler: RequestListener,
  port = 0,
): Promise<{ url: string; close: () => Promise<void> }> => {
  const server = createServer(handler).listen(port, "127.0.0.1");
  await once(server, "listening");
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
};

// biome-ignore lint/suspicious/noExplicitAny: OTLP/JSON, whose shape the assertions of the tests check.
type Json = any;

const anyValue = (value: Json): unknown => {
  if (value.arrayValue) return (value.arrayValue.values ?? []).map(anyValue);
  if (value.intValue !== undefined) return Number(value.intValue);
  return Object.values(value)[0];
};
const plain = (attributes: Json[] = []): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, anyValue(value)]));

const readSpans = (body: string): ReceivedSpan[] =>
  (JSON.parse(body).resourceSpans ?? []).flatMap(({ resource, scopeSpans }: Json) =>
    scopeSpans.flatMap(({ spans }: Json) =>
      spans.map((span: Json) => ({
        ...span,
        start: Number(span.startTimeUnixNano) / 1e6,
        end: Number(span.endTimeUnixNano) / 1e6,
        status: span.status.code ?? 0,
        attributes: plain(span.attributes),
        resource: plain(resource.attributes),
      })),
    ),
  );

const readLogs = (body: string): ReceivedLog[] =>
  (JSON.parse(body).resourceLogs ?? []).flatMap(({ resource, scopeLogs }: Json) =>
    scopeLogs.flatMap(({ logRecords }: Json) =>
      logRecords.map((record: Json) => ({
        ...record,
        at: Number(record.timeUnixNano) / 1e6,
        attributes: plain(record.attributes),
        resource: plain(resource.attributes),
      })),
    ),
  );

/** Starts the receiver on `port` (0 = a free one). */
export const startOtlpReceiver = async (port = 0): Promise<OtlpReceiver> => {
  const spans: ReceivedSpan[] = [];
  const logs: ReceivedLog[] = [];
  const requests: OtlpReceiver["requests"] = [];
  const { url, close } = await listen(async (incoming, response) => {
    if (incoming.method === "GET") {
      const { plans } = receiver;
      response.writeHead(plans === null ? 404 : 200, { "content-type": "application/json" });
      response.end(plans === null ? "" : JSON.stringify(plans));
      return undefined;
    }
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part);
    const sent = Buffer.concat(parts);
    const body = (incoming.headers["content-encoding"] === "gzip" ? gunzipSync(sent) : sent).toString("utf8");
    requests.push({ body, headers: incoming.headers });
    const answer = receiver.answer?.(body) ?? { status: 200 };
    if (receiver.delayMs === Number.POSITIVE_INFINITY) return undefined;
    if (answer.status === 200) {
      const received = readSpans(body);
      logs.push(...readLogs(body));
      spans.push(...received.slice(receiver.skip));
      receiver.skip = Math.max(0, receiver.skip - received.length);
    }
    if (receiver.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, receiver.delayMs));
    response
      .writeHead(answer.status, { "content-type": "application/json", ...answer.headers })
      .end(answer.body ?? "{}");
    return undefined;
  }, port);
  const receiver: OtlpReceiver = { url, spans, logs, requests, answer: null, plans: null, delayMs: 0, skip: 0, close };
  return receiver;
};
