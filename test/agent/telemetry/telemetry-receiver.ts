import type { IncomingHttpHeaders } from "node:http";
import { listen } from "../../instrumentation/otlp-receiver.ts";

/** A request as it came. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A span of OTLP/JSON, with its attributes as a plain object. */
export interface TelemetrySpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  /** 2 = error. */
  readonly status: { readonly code?: number; readonly message?: string };
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, unknown>>;
}

/** A point of a metric: its sum, or how many values a histogram has. */
export interface TelemetryPoint {
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly value: number;
}

/** An OTLP/HTTP place that is not Leeway's. */
export interface TelemetryReceiver {
  readonly url: string;
  readonly requests: readonly Received[];
  /** Answers given so far. */
  readonly answered: () => number;
  /** Requests from now on get no answer at all, or this status. */
  readonly become: (mood: "silent" | number) => void;
  readonly spans: () => readonly TelemetrySpan[];
  /** The newest value of every point. */
  readonly points: () => readonly TelemetryPoint[];
  readonly close: () => Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: OTLP/JSON, whose shape the assertions of the tests check.
type Json = any;

const plain = (attributes: Json[] = []): Record<string, unknown> =>
  Object.fromEntries(
    attributes.map(({ key, value }) => [
      key,
      value.intValue === undefined ? Object.values(value)[0] : Number(value.intValue),
    ]),
  );

const spansIn = (body: Json): TelemetrySpan[] =>
  (body.resourceSpans ?? []).flatMap(({ resource, scopeSpans }: Json) =>
    scopeSpans.flatMap(({ spans }: Json) =>
      spans.map((span: Json) => ({
        ...span,
        attributes: plain(span.attributes),
        resource: plain(resource.attributes),
      })),
    ),
  );

const pointsIn = (body: Json): TelemetryPoint[] =>
  (body.resourceMetrics ?? []).flatMap(({ scopeMetrics }: Json) =>
    scopeMetrics.flatMap(({ metrics }: Json) =>
      metrics.flatMap(({ name, sum, histogram }: Json) =>
        (sum ?? histogram).dataPoints.map(({ attributes, asInt, asDouble, count }: Json) => ({
          name,
          attributes: plain(attributes),
          value: Number(asInt ?? asDouble ?? count),
        })),
      ),
    ),
  );

/** Starts the receiver on a free port of the loopback. */
export const startTelemetryReceiver = async (): Promise<TelemetryReceiver> => {
  const requests: Received[] = [];
  let mood: "silent" | number = 200;
  let answered = 0;
  const { url, close } = await listen(async (incoming, response) => {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part);
    requests.push({ path: incoming.url ?? "", headers: incoming.headers, body: Buffer.concat(parts) });
    if (mood === "silent") return;
    answered += 1;
    response.writeHead(mood, { "content-type": "application/json" }).end("{}");
  });
  const bodies = (): Json[] => requests.map(({ body }) => JSON.parse(body.toString("utf8")));
  return {
    url,
    requests,
    answered: () => answered,
    become: (next) => {
      mood = next;
    },
    spans: () => bodies().flatMap(spansIn),
    points: () => {
      const newest = new Map<string, TelemetryPoint>();
      for (const point of bodies().flatMap(pointsIn)) {
        newest.set(JSON.stringify([point.name, Object.entries(point.attributes).sort()]), point);
      }
      return [...newest.values()];
    },
    close,
  };
};
