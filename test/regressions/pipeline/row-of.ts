import { assignCall } from "../../../agent/assign-call.ts";
import type { PriceCall } from "../../../agent/prices/prices.ts";
import { normaliseSpan } from "../../../collector/normalise/normalise-span.ts";
import type { Migration } from "../../../core/migration.ts";
import type { SpanRow } from "../../../core/span-row.ts";
import { spanAttributes } from "../../../instrumentation/fetch/call-span.ts";
import { receivedSpans } from "../../collector/otlp/received-spans.ts";
import { jsonRequest } from "../../collector/otlp-request.ts";
import type { Call } from "../traffic/call.ts";
import { finishedCall } from "./exchange.ts";
import type { Served } from "./served.ts";

const STATUS_ERROR = 2;

const idsOf = (number: number) => ({
  traceId: (number + 1).toString(16).padStart(32, "0"),
  spanId: (number + 1).toString(16).padStart(16, "0"),
});

/** Spans leave the app in batches every second or so. */
const TRANSPORT_MS = 900;

/**
 * The row the collector makes of a call: through the preload's attributes and OTLP. `number` makes the span's ids,
 * `originMs` (epoch) is where the traffic begins.
 */
export const rowOf = (
  call: Call,
  { number, served, originMs }: { number: number; served: Served; originMs: number },
  { migration, price }: { migration: Migration; price: PriceCall },
): SpanRow => {
  const startMs = originMs + call.startMs;
  const endMs = startMs + call.durationMs;
  const span = {
    ...idsOf(number),
    ...{ startMs, endMs, name: "chat", attributes: spanAttributes(finishedCall(call, served, startMs)) },
    status: call.errorType === null ? 0 : STATUS_ERROR,
  };
  const resource = { "service.name": "support-api", "service.instance.id": call.instance };
  const [received] = receivedSpans(jsonRequest([span], { scope: "leeway", resource }));
  const normalised =
    received &&
    normaliseSpan(received, endMs + TRANSPORT_MS, { assign: (each) => assignCall([migration], each), price });
  if (normalised?.kind !== "call") throw new Error(`no call but ${normalised?.kind}`);
  return normalised.row;
};
