import protobuf from "protobufjs/light.js";
import { OTLP_DESCRIPTOR } from "../../collector/otlp/descriptor.ts";

/** A value a test writes for an attribute. Numbers become intValue when whole. */
export type Plain = string | number | boolean | readonly Plain[];

/** A span as a test writes it. */
export interface SpanSpec {
  readonly traceId?: string;
  readonly spanId?: string;
  readonly parentSpanId?: string;
  readonly name?: string;
  readonly startMs?: number;
  readonly endMs?: number;
  readonly attributes?: Readonly<Record<string, Plain>>;
  readonly status?: number;
  readonly events?: readonly { readonly name: string; readonly attributes: Readonly<Record<string, Plain>> }[];
}

/** Where the spans of a test come from. */
export interface Origin {
  readonly scope?: string;
  readonly resource?: Readonly<Record<string, Plain>>;
}

export const START_MS = 1_790_000_000_000;

const anyValue = (value: Plain): object => {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number") return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  return { arrayValue: { values: value.map(anyValue) } };
};

const keyValues = (attributes: Readonly<Record<string, Plain>>): object[] =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));

const nanos = (ms: number): string => String(BigInt(Math.round(ms * 1000)) * 1000n);

const jsonSpan = (spec: SpanSpec): Record<string, unknown> => ({
  traceId: spec.traceId ?? "0af7651916cd43dd8448eb211c80319c",
  spanId: spec.spanId ?? "b7ad6b7169203331",
  parentSpanId: spec.parentSpanId ?? "",
  name: spec.name ?? "chat",
  startTimeUnixNano: nanos(spec.startMs ?? START_MS),
  endTimeUnixNano: nanos(spec.endMs ?? START_MS + 1500),
  attributes: keyValues(spec.attributes ?? {}),
  events: (spec.events ?? []).map((event) => ({ name: event.name, attributes: keyValues(event.attributes) })),
  status: { code: spec.status ?? 0 },
});

/** An ExportTraceServiceRequest in OTLP/JSON. */
export const jsonRequest = (spans: readonly SpanSpec[], origin: Origin = {}): Record<string, unknown> => ({
  resourceSpans: [
    {
      resource: { attributes: keyValues(origin.resource ?? { "service.name": "support-api" }) },
      scopeSpans: [{ scope: { name: origin.scope ?? "test" }, spans: spans.map(jsonSpan) }],
    },
  ],
});

const root = protobuf.Root.fromJSON(OTLP_DESCRIPTOR);

const withByteIds = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (key, inner) =>
    ["traceId", "spanId", "parentSpanId"].includes(key) ? Buffer.from(String(inner), "hex").toString("base64") : inner,
  );

/** The same request in protobuf. */
export const protobufRequest = (spans: readonly SpanSpec[], origin: Origin = {}): Uint8Array => {
  const type = root.lookupType("ExportTraceServiceRequest");
  return type.encode(type.fromObject(withByteIds(jsonRequest(spans, origin)) as Record<string, unknown>)).finish();
};

/** A log record as a test writes it; an evaluation event unless it says otherwise. */
export interface LogSpec {
  readonly traceId?: string;
  readonly spanId?: string;
  readonly eventName?: string;
  readonly timeMs?: number;
  readonly attributes?: Readonly<Record<string, Plain>>;
}

/** An ExportLogsServiceRequest in OTLP/JSON. */
export const jsonLogs = (records: readonly LogSpec[]): Record<string, unknown> => ({
  resourceLogs: [
    {
      resource: { attributes: keyValues({ "service.name": "support-api" }) },
      scopeLogs: [
        {
          scope: { name: "test" },
          logRecords: records.map((record) => ({
            traceId: record.traceId ?? "",
            spanId: record.spanId ?? "",
            eventName: record.eventName ?? "gen_ai.evaluation.result",
            timeUnixNano: nanos(record.timeMs ?? START_MS + 1700),
            attributes: keyValues(record.attributes ?? {}),
          })),
        },
      ],
    },
  ],
});

/** The same request in protobuf. */
export const protobufLogs = (records: readonly LogSpec[]): Uint8Array => {
  const type = root.lookupType("ExportLogsServiceRequest");
  return type.encode(type.fromObject(withByteIds(jsonLogs(records)) as Record<string, unknown>)).finish();
};

/** Decodes a response the collector sent in protobuf. */
export const decodeResponse = (type: "ExportTraceServiceResponse" | "RpcStatus", body: Uint8Array): object => {
  const message = root.lookupType(type);
  return message.toObject(message.decode(body), { longs: Number });
};

/** A chat call with its own identity: `n` makes the ids. */
export const chatSpan = (n: number, attributes: Readonly<Record<string, Plain>> = {}): SpanSpec => ({
  traceId: (n + 1).toString(16).padStart(32, "0"),
  spanId: (n + 1).toString(16).padStart(16, "0"),
  attributes: {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4o",
    ...attributes,
  },
});
