import type { EventRecord } from "../shared-events.ts";
import type { Resource } from "./resource.ts";

/** An event and when it was recorded, epoch ms. */
export interface TimedEvent extends EventRecord {
  readonly at: number;
}

type AnyValue =
  | { readonly stringValue: string }
  | { readonly intValue: string }
  | { readonly doubleValue: number }
  | { readonly boolValue: boolean }
  | { readonly arrayValue: { readonly values: readonly AnyValue[] } };

const anyValue = (value: unknown): AnyValue => {
  if (typeof value === "number") return { doubleValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  return { stringValue: String(value).toWellFormed() };
};

const keyValues = (attributes: Readonly<Record<string, unknown>>) =>
  Object.entries(attributes)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([key, value]) => ({ key, value: anyValue(value) }));

/** Nanoseconds as text: a double cannot hold them. */
const nanos = (epochMs: number): string => `${Math.round(epochMs)}000000`;

const SEVERITY_INFO = 9;

const logRecord = ({ name, span, attributes, at }: TimedEvent) => ({
  timeUnixNano: nanos(at),
  observedTimeUnixNano: nanos(at),
  severityNumber: SEVERITY_INFO,
  eventName: name,
  ...(span === null ? {} : { traceId: span.traceId, spanId: span.spanId }),
  attributes: keyValues(attributes),
});

/** One ExportLogsServiceRequest in OTLP/JSON, on one line. */
export const encodeEvents = (resource: Resource, events: readonly TimedEvent[]): Uint8Array => {
  const scopeLogs = [{ scope: { name: "leeway" }, logRecords: events.map(logRecord) }];
  const attributes = keyValues(resource.attributes ?? {});
  return Buffer.from(JSON.stringify({ resourceLogs: [{ resource: { attributes }, scopeLogs }] }));
};
