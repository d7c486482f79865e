import type { INamespace } from "protobufjs";

const bytes = (id: number) => ({ type: "bytes", id });
const text = (id: number) => ({ type: "string", id });
const nanos = (id: number) => ({ type: "fixed64", id });
const one = (type: string, id: number) => ({ type, id });
const many = (type: string, id: number) => ({ rule: "repeated", type, id });
const message = (fields: Readonly<Record<string, { type: string; id: number; rule?: string }>>) => ({ fields });

/** A field whose explicit false, 0 or "" can be told from an absent one. */
const present = (field: { type: string; id: number }) => ({
  ...field,
  options: { features: { field_presence: "EXPLICIT" } },
});

/** A oneof in the specification: as one, each value would cost a slow object more than the value itself. */
const ANY_VALUE = {
  stringValue: present(text(1)),
  boolValue: present(one("bool", 2)),
  intValue: present(one("int64", 3)),
  doubleValue: present(one("double", 4)),
  arrayValue: one("ArrayValue", 5),
  kvlistValue: one("KeyValueList", 6),
  bytesValue: bytes(7),
};

/**
 * The OTLP messages the collector reads and answers with, by the field numbers of opentelemetry-proto 1.x. Fields it
 * never looks at (links, trace state, bodies of log records, metric points) are left out: protobuf skips unknown fields.
 */
export const OTLP_DESCRIPTOR: INamespace = {
  nested: {
    AnyValue: message(ANY_VALUE),
    ArrayValue: message({ values: many("AnyValue", 1) }),
    KeyValueList: message({ values: many("KeyValue", 1) }),
    KeyValue: message({ key: text(1), value: one("AnyValue", 2) }),
    Resource: message({ attributes: many("KeyValue", 1) }),
    InstrumentationScope: message({ name: text(1) }),
    /** ResourceSpans, ResourceLogs or ResourceMetrics without what it holds for. */
    ResourceHolder: message({ resource: one("Resource", 1) }),
    /** ScopeSpans, ScopeLogs or ScopeMetrics without its records. */
    ScopeHolder: message({ scope: one("InstrumentationScope", 1) }),

    ExportTraceServiceRequest: message({ resourceSpans: many("ResourceSpans", 1) }),
    ResourceSpans: message({ resource: one("Resource", 1), scopeSpans: many("ScopeSpans", 2) }),
    ScopeSpans: message({ scope: one("InstrumentationScope", 1), spans: many("Span", 2) }),
    Span: message({
      traceId: bytes(1),
      spanId: bytes(2),
      parentSpanId: bytes(4),
      name: text(5),
      startTimeUnixNano: nanos(7),
      endTimeUnixNano: nanos(8),
      attributes: many("KeyValue", 9),
      events: many("Event", 11),
      status: one("Status", 15),
    }),
    Event: message({ timeUnixNano: nanos(1), name: text(2), attributes: many("KeyValue", 3) }),
    Status: message({ code: one("int32", 3) }),

    ExportLogsServiceRequest: message({ resourceLogs: many("ResourceLogs", 1) }),
    ResourceLogs: message({ resource: one("Resource", 1), scopeLogs: many("ScopeLogs", 2) }),
    ScopeLogs: message({ scope: one("InstrumentationScope", 1), logRecords: many("LogRecord", 2) }),
    LogRecord: message({
      timeUnixNano: nanos(1),
      attributes: many("KeyValue", 6),
      traceId: bytes(9),
      spanId: bytes(10),
      observedTimeUnixNano: nanos(11),
      eventName: text(12),
    }),

    ExportMetricsServiceRequest: message({ resourceMetrics: many("ResourceMetrics", 1) }),
    ResourceMetrics: message({ resource: one("Resource", 1), scopeMetrics: many("ScopeMetrics", 2) }),
    ScopeMetrics: message({ scope: one("InstrumentationScope", 1), metrics: many("Metric", 2) }),
    Metric: message({ name: text(1) }),

    ExportTraceServiceResponse: message({ partialSuccess: one("PartialSuccess", 1) }),
    PartialSuccess: message({ rejectedSpans: one("int64", 1), errorMessage: text(2) }),
    /** google.rpc.Status, the body of every OTLP error. */
    RpcStatus: message({ code: one("int32", 1), message: text(2) }),
  },
};
