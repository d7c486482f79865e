import { type Attributes, attributesIn } from "./attributes.ts";
import { type Fields, messageIn, messagesIn, numberOf, rootFields, textIn } from "./fields.ts";
import { idIn, millisIn } from "./ids-and-times.ts";
import type { ReceivedEvent, ReceivedSpan } from "./received-span.ts";

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

const spanOf = (span: Fields, scope: string, resource: Attributes): ReceivedSpan => ({
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
});

const scopeNameOf = (scopeSpans: Fields): string => {
  const scope = messageIn(scopeSpans, "scope");
  return scope === null ? "" : textIn(scope, "name");
};

/** Every span of an ExportTraceServiceRequest, in order. Throws when the message is malformed. */
export const readSpans = (message: unknown): ReceivedSpan[] =>
  messagesIn(rootFields(message), "resourceSpans").flatMap((resourceSpans) => {
    const resource = attributesIn(messageIn(resourceSpans, "resource"));
    return messagesIn(resourceSpans, "scopeSpans").flatMap((scopeSpans) => {
      const scope = scopeNameOf(scopeSpans);
      return messagesIn(scopeSpans, "spans").map((span) => spanOf(span, scope, resource));
    });
  });
