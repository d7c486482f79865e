import { type Attributes, attributesIn } from "./attributes.ts";
import { type Fields, messageIn, messagesIn, rootFields, textIn } from "./fields.ts";
import { idIn, millisIn } from "./ids-and-times.ts";
import type { ReceivedLog } from "./received-log.ts";

/** The event's own name field is younger than the attribute, which older senders still write. */
const eventNameOf = (record: Fields, attributes: Attributes): string => {
  const own = textIn(record, "eventName");
  const attribute = attributes.get("event.name");
  return own === "" && typeof attribute === "string" ? attribute : own;
};

/** A time of 0 is how OTLP says that none is known. */
const timeOf = (record: Fields): number =>
  millisIn(record, "timeUnixNano") || millisIn(record, "observedTimeUnixNano") || Number.NaN;

const logOf = (record: Fields, resource: Attributes): ReceivedLog => {
  const attributes = attributesIn(record);
  return {
    traceId: idIn(record, "traceId"),
    spanId: idIn(record, "spanId"),
    eventName: eventNameOf(record, attributes),
    timeMs: timeOf(record),
    attributes,
    resource,
  };
};

/** Every record of an ExportLogsServiceRequest, in order. Throws when the message is malformed. */
export const readLogs = (message: unknown): ReceivedLog[] =>
  messagesIn(rootFields(message), "resourceLogs").flatMap((resourceLogs) => {
    const resource = attributesIn(messageIn(resourceLogs, "resource"));
    return messagesIn(resourceLogs, "scopeLogs")
      .flatMap((scopeLogs) => messagesIn(scopeLogs, "logRecords"))
      .map((record) => logOf(record, resource));
  });
