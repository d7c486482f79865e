import { attributesIn } from "./attributes.ts";
import { type Fields, messageIn, messagesIn, numberOf, textIn } from "./fields.ts";
import { idIn, millisIn } from "./ids-and-times.ts";
import type { ReceivedEvent, ReceivedSpan } from "./received-span.ts";
import type { RecordOrigin } from "./signal.ts";

const STATUS_ERROR = 2;

const statusCodeOf = (status: Fields | null): number => {
  if (status === null) return 0;
  // some senders write the enum's name into OTLP/JSON, as other protobuf JSON does
  return status.code === "STATUS_CODE_ERROR" ? STATUS_ERROR : numberOf(status.code ?? 0);
};

const eventOf = (event: Fields): ReceivedEvent => ({
  name: textIn(event, "name"),
  timeMs: millisIn(event, "timeUnixNano"),
  attributes: attributesIn(event),
});

/** A span of an ExportTraceServiceRequest. Throws when the message is malformed. */
export const readSpan = (fields: () => Fields, { scope, resource }: RecordOrigin): ReceivedSpan => {
  const span = fields();
  return {
    traceId: idIn(span, "traceId"),
    spanId: idIn(span, "spanId"),
    parentSpanId: idIn(span, "parentSpanId"),
    name: textIn(span, "name"),
    startMs: millisIn(span, "startTimeUnixNano"),
    endMs: millisIn(span, "endTimeUnixNano"),
    statusCode: statusCodeOf(messageIn(span, "status")),
    attributes: attributesIn(span),
    events: messagesIn(span, "events").map(eventOf),
    scope,
    resource,
  };
};
