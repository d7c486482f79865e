import type { SpanRow } from "../../core/span-row.ts";
import type { FieldReader } from "../../formats/dialects/read/field-reader.ts";
import { amountOf } from "../../formats/dialects/read/values.ts";
import type { ReceivedSpan } from "../otlp/received-span.ts";

const toMicroseconds = (ms: number): number => Math.round(ms * 1e3) / 1e3;

/** Clocks of the span and of the first chunk may differ by their resolution. */
const TOLERANCE_MS = 1;

/**
 * When a call ran and how fast the first chunk came. A call that ended before it began was timed by two clocks: it took a
 * time that is not known. A first chunk after the end of the call is a wrong unit or a wrong clock: unknown.
 */
export const callTiming = (
  span: ReceivedSpan,
  read: FieldReader,
): Pick<SpanRow, "start_ms" | "end_ms" | "duration_ms" | "ttft_ms"> => {
  const duration = span.endMs >= span.startMs ? toMicroseconds(span.endMs - span.startMs) : null;
  const first = amountOf(read("ttft_ms"));
  return {
    start_ms: span.startMs,
    end_ms: span.endMs,
    duration_ms: duration,
    ttft_ms: first !== null && duration !== null && first <= duration + TOLERANCE_MS ? toMicroseconds(first) : null,
  };
};
