import { DECODE_LIMITS } from "./decode-limits.ts";
import { readLog } from "./read-log.ts";
import { readSpan } from "./read-span.ts";
import type { ReceivedLog } from "./received-log.ts";
import type { ReceivedSpan } from "./received-span.ts";
import type { Signal } from "./signal.ts";

/** Spans. */
export const TRACES: Signal<ReceivedSpan> = {
  request: "ExportTraceServiceRequest",
  record: "Span",
  path: ["resourceSpans", "scopeSpans", "spans"],
  limits: DECODE_LIMITS,
  read: readSpan,
};

/** Log records. */
export const LOGS: Signal<ReceivedLog> = {
  request: "ExportLogsServiceRequest",
  record: "LogRecord",
  path: ["resourceLogs", "scopeLogs", "logRecords"],
  limits: DECODE_LIMITS,
  read: readLog,
};

/** A metric, of which nothing is known. */
export interface ReceivedMetric {
  readonly name: null;
}

const METRIC: ReceivedMetric = { name: null };

/** Metrics, which are counted and never decoded: what one holds is no matter. */
export const METRICS: Signal<ReceivedMetric> = {
  request: "ExportMetricsServiceRequest",
  record: "Metric",
  path: ["resourceMetrics", "scopeMetrics", "metrics"],
  limits: {
    ...DECODE_LIMITS,
    values: Number.POSITIVE_INFINITY,
    valuesInPiece: Number.POSITIVE_INFINITY,
    bytesInPiece: Number.POSITIVE_INFINITY,
  },
  read: () => METRIC,
};
