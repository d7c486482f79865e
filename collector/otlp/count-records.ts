import { attributesIn } from "./attributes.ts";
import { messagesIn, rootFields } from "./fields.ts";

const count = (message: unknown, outer: string, middle: string, inner: string): number => {
  const records = messagesIn(rootFields(message), outer)
    .flatMap((resource) => messagesIn(resource, middle))
    .flatMap((scope) => messagesIn(scope, inner));
  for (const record of records) attributesIn(record);
  return records.length;
};

/** Metrics in an ExportMetricsServiceRequest; their points are not looked at. Throws when it is malformed. */
export const countMetrics = (message: unknown): number => count(message, "resourceMetrics", "scopeMetrics", "metrics");
