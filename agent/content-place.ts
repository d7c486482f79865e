import type { ContentRow } from "../core/content-row.ts";
import type { ContentPlace } from "../store/content/read-content.ts";

const START: ContentPlace = { receivedMs: 0, traceId: "", spanId: "" };

/** The place that a page's `after` names; empty = the beginning. Null for what no page has as its `next`. */
export const placeOf = (text: string): ContentPlace | null => {
  if (text === "") return START;
  const [, received, traceId, spanId] = /^(\d{1,15})\.([0-9a-f]{32})\.([0-9a-f]{16})$/.exec(text) ?? [];
  return received === undefined || traceId === undefined || spanId === undefined
    ? null
    : { receivedMs: Number(received), traceId, spanId };
};

/** A page's `next`: after this call. */
export const textOfPlace = ({
  received_ms,
  trace_id,
  span_id,
}: Pick<ContentRow, "received_ms" | "trace_id" | "span_id">): string =>
  `${Math.floor(received_ms)}.${trace_id}.${span_id}`;
