import protobuf from "protobufjs/light.js";
import { OTLP_DESCRIPTOR } from "./descriptor.ts";

const root = protobuf.Root.fromJSON(OTLP_DESCRIPTOR);

/** Name of a message that arrives as a request body. */
export type RequestMessage = "ExportTraceServiceRequest" | "ExportLogsServiceRequest" | "ExportMetricsServiceRequest";

/** Name of a message that is one record of a request. */
export type RecordMessage = "Span" | "LogRecord" | "Metric";

/** Name of a message that is decoded by itself. */
export type PieceMessage = RecordMessage | "ResourceHolder" | "ScopeHolder";

/** Name of a message that is sent as a response body. */
export type ResponseMessage = "ExportTraceServiceResponse" | "RpcStatus";

/**
 * Decodes protobuf bytes. Unset fields are absent as own properties; 64-bit integers are Long objects, bytes are
 * Uint8Array views of `body`. Throws on bytes that are no such message, also when it nests deeper than 100 levels.
 */
export const decodeMessage = (type: PieceMessage, body: Uint8Array): unknown => root.lookupType(type).decode(body);

/** Encodes a response as protobuf bytes. */
export const encodeMessage = (type: ResponseMessage, fields: Readonly<Record<string, unknown>>): Uint8Array => {
  const message = root.lookupType(type);
  return message.encode(message.fromObject({ ...fields })).finish();
};
