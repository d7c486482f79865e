import type { Attributes } from "../../formats/dialects/read/attributes.ts";
import { attributesIn } from "./attributes.ts";
import { type Fields, textIn } from "./fields.ts";
import { idIn, millisIn } from "./ids-and-times.ts";
import type { ReceivedLog } from "./received-log.ts";
import type { RecordOrigin } from "./signal.ts";

/** The event's own name field is younger than the attribute, which older senders still write. */
const eventNameOf = (record: Fields, attributes: Attributes): string => {
  const own = textIn(record, "eventName");
  const attribute = attributes.get("event.name");
  return own === "" && typeof attribute === "string" ? attribute : own;
};

/** A time of 0 is how OTLP says that none is known. */
const timeOf = (record: Fields): number =>
  millisIn(record, "timeUnixNano") || millisIn(record, "observedTimeUnixNano") || Number.NaN;

/** A log record of an ExportLogsServiceRequest. Throws when the message is malformed. */
export const readLog = (fields: () => Fields, { resource }: RecordOrigin): ReceivedLog => {
  const record = fields();
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
